//! What was read for parameters of a team's own stacks. A plan names where it was read and carries its digest; the value
//! itself goes to the one request that needs it, and to no screen or file.

use indexmap::IndexMap;
use serde::Serialize;

use crate::cfn::{Effective, Template};
use crate::model::Source;
use crate::source::digest_of;
use crate::stacks::{Argument, RenderedStack};
use crate::words::{MASK, Secret};

/// What was read, by stack and parameter. What is not among it nobody has read: it stays as it is deployed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readings(IndexMap<String, IndexMap<String, Secret>>);

/// A value that was read, as a plan tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// Where.
    pub from: String,
    /// Its digest. A secret has none: whoever guesses it must not be told that the guess was right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

impl Readings {
    /// Keeps a value for a parameter of a stack.
    pub fn keep(&mut self, stack: &str, parameter: &str, value: Secret) {
        self.0.entry(stack.to_owned()).or_default().insert(parameter.to_owned(), value);
    }

    /// All of a stack.
    pub fn of(&self, stack: &str) -> IndexMap<String, Secret> {
        self.0.get(stack).cloned().unwrap_or_default()
    }

    /// How a plan tells those of a stack.
    pub(super) fn told(&self, stack: &RenderedStack, template: &Template) -> IndexMap<String, Reading> {
        let values = self.0.get(&stack.key);
        let told = stack.arguments.iter().filter_map(|(name, argument)| {
            let Argument::Read(source) = argument else { return None };
            let hidden = template.parameters.get(name).is_none_or(|declared| declared.no_echo);
            let value = values.and_then(|values| values.get(name)).filter(|_| !hidden);
            let digest = value.map(|value| {
                let told = serde_json::json!([stack.key, name, value.reveal()]);
                digest_of("asagi plan part: reading", &told)
            });
            Some((name.clone(), Reading { from: source.words(), digest }))
        });
        told.collect()
    }

    /// What a parameter comes to that is deployed as `now`; `None` leaves it to the template's default.
    pub(super) fn value(
        &self,
        (stack, parameter): (&str, &str),
        source: &Source,
        now: Option<&str>,
    ) -> Option<Effective> {
        if let Source::Previous { first } = source {
            return now.or(first.as_deref()).map(Effective::text);
        }
        let read = self.0.get(stack).and_then(|values| values.get(parameter)).map(Secret::reveal);
        Some(match (read, now) {
            (Some(read), _) if source.is_shown() => Effective::text(read),
            (Some(read), Some(now)) if read == now => Effective::text(now),
            (Some(_), Some(now)) if now != MASK => Effective::anew(source.placeholder()),
            (None, Some(now)) => Effective::text(now),
            _ => Effective::unknown(source.placeholder()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_shown_where_the_account_shows_it_already() {
        let output = Source::Output { stack: "dns".to_owned(), output: "Zone".to_owned(), region: None };
        let parameter = Source::Parameter { name: "/size".to_owned(), region: None };
        let variable = Source::Variable("COMMIT".to_owned());
        let kept = Source::Previous { first: None };
        let first = Source::Previous { first: Some("1".to_owned()) };
        for (source, read, now, expected) in [
            (&output, Some("new"), Some("old"), Some(Effective::text("new"))),
            (&output, None, None, Some(Effective::unknown("${dns.Zone}"))),
            (&parameter, Some("old"), Some("old"), Some(Effective::text("old"))),
            (&parameter, Some("new"), Some("old"), Some(Effective::anew("${ssm:/size}"))),
            (&parameter, Some("new"), None, Some(Effective::unknown("${ssm:/size}"))),
            (&variable, Some("hunter2"), Some("old"), Some(Effective::anew("${env:COMMIT}"))),
            (&variable, Some("hunter2"), Some(MASK), Some(Effective::unknown("${env:COMMIT}"))),
            (&variable, None, Some("old"), Some(Effective::text("old"))),
            (&kept, None, Some("old"), Some(Effective::text("old"))),
            (&kept, None, None, None),
            (&first, None, None, Some(Effective::text("1"))),
        ] {
            let mut readings = Readings::default();
            if let Some(read) = read {
                readings.keep("app", "P", read.into());
            }
            let found = readings.value(("app", "P"), source, now);
            assert_eq!(found, expected, "{source:?} read {read:?} deployed {now:?}");
        }
    }
}
