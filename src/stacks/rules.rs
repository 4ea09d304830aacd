//! Listener rules of a role: one for each route, and below its priority one for each way to recognise a cohort.

use serde::Serialize;

use super::names;
use crate::model::{CohortMatch, Role, Route};

/// A listener rule; its conditions are ANDed.
#[derive(Debug, Serialize)]
pub(super) struct Rule {
    /// Logical id without the word `Rule`.
    pub(super) id: String,
    /// Lower is first.
    pub(super) priority: u32,
    /// Logical form of the cohort's name, the beginning of its weight parameters; empty for everyone.
    pub(super) cohort: String,
    /// In the order in which they are written.
    pub(super) conditions: Vec<Condition>,
}

/// One condition; its values are ORed.
#[derive(Debug, Serialize)]
#[serde(rename_all_fields = "PascalCase", tag = "field")]
pub(super) enum Condition {
    #[serde(rename = "path-pattern")]
    Path { values: Vec<String> },
    #[serde(rename = "host-header")]
    Host { values: Vec<String> },
    #[serde(rename = "http-header")]
    Header { name: String, values: Vec<String> },
    #[serde(rename = "http-request-method")]
    Method { values: Vec<String> },
    #[serde(rename = "query-string")]
    Query { pairs: Vec<(Option<String>, String)> },
    #[serde(rename = "source-ip")]
    Source { values: Vec<String> },
}

/// Every rule of the role, by route; a route's cohorts stand before it.
pub(super) fn rules(role: &Role) -> Vec<Rule> {
    role.routes.iter().flat_map(|route| route_rules(role, route)).collect()
}

fn route_rules(role: &Role, route: &Route) -> Vec<Rule> {
    let ways =
        role.cohorts.iter().flat_map(|cohort| (1..).zip(&cohort.matches).map(move |way| (cohort, way)));
    // The first cohort stands right below the route, the next below that: adding one moves none.
    let cohort_rules = (1..).zip(ways).map(|(below, (cohort, (number, way)))| {
        let cohort = names::logical(&cohort.name);
        Rule {
            id: format!("{}{cohort}{number}", names::logical(&route.name)),
            priority: route.priority.saturating_sub(below),
            cohort,
            conditions: with(conditions(route), way),
        }
    });
    let mut rules: Vec<Rule> = cohort_rules.collect();
    rules.reverse();
    rules.push(Rule {
        id: names::logical(&route.name),
        priority: route.priority,
        cohort: String::new(),
        conditions: conditions(route),
    });
    rules
}

/// The route's own. A rule needs at least one, so a route without any takes every path.
fn conditions(route: &Route) -> Vec<Condition> {
    let some = |values: &[String]| (!values.is_empty()).then(|| values.to_vec());
    let headers = route
        .headers
        .iter()
        .map(|(name, values)| Condition::Header { name: name.clone(), values: values.clone() });
    let query = some(&route.query)
        .map(|pairs| Condition::Query { pairs: pairs.iter().map(|pair| query_pair(pair)).collect() });
    let mut all: Vec<Condition> = some(&route.hosts)
        .map(|values| Condition::Host { values })
        .into_iter()
        .chain(some(&route.paths).map(|values| Condition::Path { values }))
        .chain(some(&route.methods).map(|values| Condition::Method { values }))
        .chain(headers)
        .chain(query)
        .chain(some(&route.source).map(|values| Condition::Source { values }))
        .collect();
    if all.is_empty() {
        all.push(Condition::Path { values: vec!["/*".to_owned()] });
    }
    all
}

fn query_pair(text: &str) -> (Option<String>, String) {
    match text.split_once('=') {
        Some((key, value)) => (Some(key.to_owned()), value.to_owned()),
        None => (None, text.to_owned()),
    }
}

/// Adds what recognises the cohort. A cookie is looked for in the `Cookie` header, among others.
fn with(mut conditions: Vec<Condition>, way: &CohortMatch) -> Vec<Condition> {
    conditions.push(match way {
        CohortMatch::Header { name, values } => {
            Condition::Header { name: name.clone(), values: values.clone() }
        }
        CohortMatch::Cookie { name, value } => {
            Condition::Header { name: "Cookie".to_owned(), values: vec![format!("*{name}={value}*")] }
        }
        CohortMatch::Source(blocks) => Condition::Source { values: blocks.clone() },
    });
    conditions
}
