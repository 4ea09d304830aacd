//! What a template's bytes go to, for the message that it has too many.

use std::collections::BTreeMap;

/// Types that are named.
const NAMED: usize = 2;

/// The resource types that take the most: type, how many, bytes of them. Counted in the text, so that comments count
/// too; a text in another layout than asagi's has none.
pub(super) fn biggest(text: &str) -> Vec<(String, usize, usize)> {
    let resources = text.split_once("\nResources:\n").map_or("", |(_, rest)| rest);
    let mut types: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut current = None;
    for line in resources.lines().take_while(|line| line.is_empty() || line.starts_with([' ', '#'])) {
        if let Some(kind) = line.strip_prefix("    Type: ") {
            current = Some(kind);
            types.entry(kind).or_default().0 += 1;
        }
        if let Some(sizes) = current.and_then(|kind| types.get_mut(kind)) {
            sizes.1 += line.len() + 1;
        }
    }
    let mut types: Vec<_> =
        types.into_iter().map(|(kind, (count, bytes))| (kind.to_owned(), count, bytes)).collect();
    types.sort_by_key(|(_, _, bytes)| std::cmp::Reverse(*bytes));
    types.truncate(NAMED);
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_that_take_the_most_come_first() {
        let text = "Parameters:\n  A:\n    Type: String\n\nResources:\n  A:\n    Type: X\n  B:\n    Type: Y\n    Properties:\n      \
                    Some: thing\n  C:\n    Type: X\n\nOutputs:\n  A:\n    Value: a\n";
        let expected = [("Y".to_owned(), 1, 51), ("X".to_owned(), 2, 30)];
        assert_eq!(biggest(text), expected);
        assert_eq!(biggest("{}"), []);
    }
}
