//! The keys of a spec, for people.

use std::fmt::Write as _;

use anstyle::Style;

use super::super::{Context, ExitCode, Failure};
use super::{document, wrapped};
use crate::diagnostics::nearest;
use crate::spec::reference::{Key, keys};

/// Where descriptions begin.
const INDENT: &str = "    ";

pub(super) fn run(asked: Option<&str>, context: &mut Context) -> Result<ExitCode, Failure> {
    let keys = keys();
    let chosen: Vec<&Key> = match asked {
        None => keys.iter().collect(),
        Some(asked) => chosen(&keys, asked)?,
    };
    document(&text(&chosen), context)
}

/// The keys at that place, or with that name, and what stands below them.
fn chosen<'a>(keys: &'a [Key], asked: &str) -> Result<Vec<&'a Key>, Failure> {
    let asked = asked.trim_matches('.');
    let parts = |path: &str| -> Vec<String> {
        path.split('.').map(|part| part.trim_end_matches("[]").to_owned()).collect()
    };
    let wanted = parts(asked);
    let is_at = |path: &[String]| path.windows(wanted.len()).any(|window| window == wanted.as_slice());
    let found: Vec<&Key> = keys.iter().filter(|key| is_at(&parts(&key.path))).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let failure = Failure::new(format!("a spec has no key `{asked}`"));
    let last = wanted.last().map_or("", String::as_str);
    let names: Vec<String> = keys.iter().filter_map(|key| parts(&key.path).pop()).collect();
    Err(match nearest(last, names.iter().map(String::as_str)) {
        Some(near) => failure.help(format!("did you mean `asagi help spec {near}`?")),
        None => failure.help("`asagi help spec` lists all of them"),
    })
}

fn text(keys: &[&Key]) -> String {
    const BOLD: Style = Style::new().bold();
    let mut text = String::new();
    for Key { path, takes, required, description, choices, example } in keys {
        let needed = if *required { ", required" } else { "" };
        let example = example.as_ref().map(|example| format!(", such as {example}")).unwrap_or_default();
        let _ = writeln!(text, "{BOLD}{path}{BOLD:#}  {takes}{needed}{example}");
        wrapped(&mut text, description.split_whitespace(), INDENT);
        let widest = choices.iter().map(|(word, _)| word.len()).max().unwrap_or_default();
        for (word, meaning) in choices {
            let _ = writeln!(text, "{}", format!("{INDENT}  {word:<widest$}  {meaning}").trim_end());
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_shown_with_what_stands_below_it() {
        let keys = keys();
        let of = |asked| anstream::adapter::strip_str(&text(&chosen(&keys, asked).unwrap())).to_string();
        insta::assert_snapshot!(of("capacity"), @r"
        roles.NAME.instances.capacity  mapping, required
            Between how many instances the group scales.

        roles.NAME.instances.capacity.min  integer, 0 to 10000, required
            At least.

        roles.NAME.instances.capacity.max  integer, 1 to 10000, required
            At most.
        ");
        insta::assert_snapshot!(of("network.nat"), @r"
        network.nat  one of these words
            NAT gateways of the created VPC: `per-zone` unless said.
              per-zone  One in each zone: a lost zone takes nothing else with it.
              single    One in all: cheaper.
        ");
        assert_eq!(of("roles.NAME.instances.capacity"), of("capacity"));
    }
}
