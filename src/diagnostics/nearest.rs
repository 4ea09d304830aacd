//! The name that was probably meant.

/// The longest word that is compared, in bytes: names are shorter, and comparing costs the product of the lengths.
const LONGEST: usize = 100;
/// The most candidates that are looked at.
const MOST: usize = 1_000;

/// The candidate nearest to a word, if it is near enough to be a slip: one edit in three characters, letter case
/// and `-` or `_` not counted. Of several as near, the first. A word that begins or ends with a candidate is near too:
/// `minimum` is `min`, `instance_type` is `type`.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let is_name = |text: &&str| text.len() <= LONGEST;
    let plain = normal(Some(word).filter(is_name)?);
    let candidates: Vec<&str> = candidates.into_iter().filter(is_name).take(MOST).collect();
    let longer = candidates.iter().copied().find(|candidate| {
        let candidate = normal(candidate);
        let begins = candidate.len() >= 3 && plain.starts_with(&candidate);
        begins || (candidate.len() >= 4 && plain.ends_with(&candidate))
    });
    let most = (plain.chars().count() / 3).max(1);
    let near = candidates.into_iter().filter_map(|candidate| {
        // each edit changes the length by one at most
        let candidate_length = candidate.chars().filter(|c| !matches!(c, '-' | '_')).count();
        if candidate_length.abs_diff(plain.chars().count()) > most {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&plain, &normal(candidate));
        (distance <= most && distance < plain.chars().count()).then_some((distance, candidate))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate).or(longer)
}

fn normal(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        let keys = ["instances", "instanceType", "port", "min", "max"];
        for (word, expected) in [
            ("instance_type", Some("instanceType")),
            ("INSTANCES", Some("instances")),
            ("prot", Some("port")),
            ("instnaces", Some("instances")),
            ("mix", Some("min")),
            ("x", None),
            ("", None),
            ("浅葱", None),
            ("loadBalancer", None),
            ("minimum", Some("min")),
            ("backend_port", Some("port")),
            ("adminName", None),
        ] {
            assert_eq!(nearest(word, keys), expected, "{word}");
        }
    }
}
