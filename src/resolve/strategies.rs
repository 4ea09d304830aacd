//! The named strategies: data in `templates/strategies/`.

use crate::source::{SourceMap, parse};
use crate::spec::StrategyFile;

/// Name and text of every strategy, in the order in which they are offered.
pub(super) const FILES: [(&str, &str); 7] = [
    ("blue-green", include_str!("../../templates/strategies/blue-green.yaml")),
    ("canary", include_str!("../../templates/strategies/canary.yaml")),
    ("hybrid-canary", include_str!("../../templates/strategies/hybrid-canary.yaml")),
    ("gradual", include_str!("../../templates/strategies/gradual.yaml")),
    ("immediate", include_str!("../../templates/strategies/immediate.yaml")),
    ("canary-approved", include_str!("../../templates/strategies/canary-approved.yaml")),
    ("rolling", include_str!("../../templates/strategies/rolling.yaml")),
];

/// The strategy of that name as it is written.
pub fn named(name: &str) -> Option<StrategyFile> {
    let (path, text) = FILES.iter().find(|(known, _)| *known == name)?;
    let mut sources = SourceMap::new();
    let id = sources.add(*path, *text);
    parse(&sources, id).ok()?.deserialize().ok()
}

/// The strategies as their files have them, in the order in which they are offered: name and text.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.into_iter()
}

/// The names there are.
pub(super) fn names() -> Vec<&'static str> {
    FILES.iter().map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_strategy_is_readable_under_its_name() {
        for name in names() {
            let strategy = named(name).unwrap_or_else(|| panic!("{name} cannot be read"));
            assert_eq!(strategy.name, name);
            assert!(!strategy.summary.is_empty() && !strategy.steps.is_empty(), "{name}");
        }
    }
}
