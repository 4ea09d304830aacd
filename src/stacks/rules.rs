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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cohort, example};

    fn shown(rules: &[Rule]) -> String {
        let line = |rule: &Rule| {
            let conditions = serde_json::to_string(&rule.conditions).unwrap();
            format!("{} {} {:?} {conditions}\n", rule.priority, rule.id, rule.cohort)
        };
        rules.iter().map(line).collect()
    }

    #[test]
    fn cohorts_stand_right_below_their_route() {
        let mut role = example::poc().roles.remove(0);
        role.routes = vec![example::route(50, "/api/*"), example::route(100, "/*")];
        role.routes[0].name = "api".to_owned();
        insta::assert_snapshot!(shown(&rules(&role)), @r#"
        47 ApiPilot2 "Pilot" [{"field":"path-pattern","Values":["/api/*"]},{"field":"http-header","Name":"Cookie","Values":["*canary-user=enabled*"]}]
        48 ApiPilot1 "Pilot" [{"field":"path-pattern","Values":["/api/*"]},{"field":"http-header","Name":"X-Canary-Group","Values":["pilot"]}]
        49 ApiVerification1 "Verification" [{"field":"path-pattern","Values":["/api/*"]},{"field":"http-header","Name":"X-Blue-Verification","Values":["true"]}]
        50 Api "" [{"field":"path-pattern","Values":["/api/*"]}]
        97 AllPilot2 "Pilot" [{"field":"path-pattern","Values":["/*"]},{"field":"http-header","Name":"Cookie","Values":["*canary-user=enabled*"]}]
        98 AllPilot1 "Pilot" [{"field":"path-pattern","Values":["/*"]},{"field":"http-header","Name":"X-Canary-Group","Values":["pilot"]}]
        99 AllVerification1 "Verification" [{"field":"path-pattern","Values":["/*"]},{"field":"http-header","Name":"X-Blue-Verification","Values":["true"]}]
        100 All "" [{"field":"path-pattern","Values":["/*"]}]
        "#);
    }

    #[test]
    fn every_condition_of_a_route_is_in_its_rules_and_none_means_every_path() {
        let mut role = example::poc().roles.remove(0);
        role.cohorts = vec![Cohort {
            name: "office".to_owned(),
            matches: vec![CohortMatch::Source(vec!["192.0.2.0/24".to_owned()])],
        }];
        let mut all = example::route(10, "/a");
        all.hosts = vec!["a.example.jp".to_owned()];
        all.methods = vec!["GET".to_owned()];
        all.headers.insert("X-A".to_owned(), vec!["1".to_owned()]);
        all.query = vec!["v=2=3".to_owned(), "debug".to_owned()];
        let mut none = example::route(20, "/");
        none.paths.clear();
        none.name = "rest".to_owned();
        role.routes = vec![all, none];
        insta::assert_snapshot!(shown(&rules(&role)), @r#"
        9 AllOffice1 "Office" [{"field":"host-header","Values":["a.example.jp"]},{"field":"path-pattern","Values":["/a"]},{"field":"http-request-method","Values":["GET"]},{"field":"http-header","Name":"X-A","Values":["1"]},{"field":"query-string","Pairs":[["v","2=3"],[null,"debug"]]},{"field":"source-ip","Values":["192.0.2.0/24"]}]
        10 All "" [{"field":"host-header","Values":["a.example.jp"]},{"field":"path-pattern","Values":["/a"]},{"field":"http-request-method","Values":["GET"]},{"field":"http-header","Name":"X-A","Values":["1"]},{"field":"query-string","Pairs":[["v","2=3"],[null,"debug"]]}]
        19 RestOffice1 "Office" [{"field":"path-pattern","Values":["/*"]},{"field":"source-ip","Values":["192.0.2.0/24"]}]
        20 Rest "" [{"field":"path-pattern","Values":["/*"]}]
        "#);
    }
}
