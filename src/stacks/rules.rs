//! Listener rules of a role: one for each route, and below its priority one for each way to recognise a cohort.

use serde::Serialize;

use super::names;
use crate::model::{Cohort, CohortMatch, Role, Route};

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

/// Every rule of the role in the order in which they are evaluated: a route's cohorts stand before it.
pub(super) fn rules(role: &Role) -> Vec<Rule> {
    role.routes.iter().flat_map(|route| route_rules(role, route)).collect()
}

fn route_rules(role: &Role, route: &Route) -> Vec<Rule> {
    let ways = role.cohorts.iter().enumerate().flat_map(|(index, cohort)| {
        cohort.matches.iter().enumerate().map(move |(number, way)| (index, cohort, number, way))
    });
    let first = route.priority.saturating_sub(Route::COHORT_WINDOW);
    let places = places(&role.cohorts);
    let mut rules: Vec<Rule> = ways
        .enumerate()
        .map(|(before, (index, cohort, number, way))| {
            let name = names::logical(&cohort.name);
            Rule {
                id: format!("{}{name}{}", names::logical(&route.name), number + 1),
                priority: first + places.of(before, index, number),
                cohort: name,
                conditions: with(conditions(route), way),
            }
        })
        .collect();
    rules.push(Rule {
        id: names::logical(&route.name),
        priority: route.priority,
        cohort: String::new(),
        conditions: conditions(route),
    });
    rules
}

/// Where in a route's window the rules of cohorts stand. The first cohort is asked first (requirement 1, section 3.4:
/// testers before pilots), a cohort's ways in their order.
enum Places {
    /// Three numbers for each of three cohorts: another way, or another cohort at the end, moves no rule. A listener has
    /// each priority once, and CloudFormation moves rules one by one, so rules that stay are rules that can be updated.
    Kept,
    /// One after the other from the top, where there are more cohorts than three or more ways than three.
    Dense,
}

/// Numbers that a cohort has for itself, and how many cohorts there may be: three times three is the window.
const KEPT: usize = 3;

fn places(cohorts: &[Cohort]) -> Places {
    let fits = cohorts.len() <= KEPT && cohorts.iter().all(|cohort| cohort.matches.len() <= KEPT);
    if fits { Places::Kept } else { Places::Dense }
}

impl Places {
    /// Below the window's first number; `before` are the ways of all cohorts before this one.
    fn of(&self, before: usize, cohort: usize, number: usize) -> u32 {
        let place = match self {
            Self::Kept => KEPT * cohort + number,
            Self::Dense => before,
        };
        u32::try_from(place).unwrap_or(u32::MAX).min(Route::COHORT_WINDOW - 1)
    }
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
    use crate::model::example;

    fn shown(rules: &[Rule]) -> String {
        let line = |rule: &Rule| {
            let conditions = serde_json::to_string(&rule.conditions).unwrap();
            format!("{} {} {:?} {conditions}\n", rule.priority, rule.id, rule.cohort)
        };
        rules.iter().map(line).collect()
    }

    #[test]
    fn cohorts_stand_below_their_route_testers_first() {
        let mut role = example::poc().roles.remove(0);
        role.routes = vec![example::route(50, "/api/*"), example::route(100, "/*")];
        role.routes[0].name = "api".to_owned();
        insta::assert_snapshot!(shown(&rules(&role)), @r#"
        41 ApiVerification1 "Verification" [{"field":"path-pattern","Values":["/api/*"]},{"field":"http-header","Name":"X-Blue-Verification","Values":["true"]}]
        44 ApiPilot1 "Pilot" [{"field":"path-pattern","Values":["/api/*"]},{"field":"http-header","Name":"X-Canary-Group","Values":["pilot"]}]
        45 ApiPilot2 "Pilot" [{"field":"path-pattern","Values":["/api/*"]},{"field":"http-header","Name":"Cookie","Values":["*canary-user=enabled*"]}]
        50 Api "" [{"field":"path-pattern","Values":["/api/*"]}]
        91 AllVerification1 "Verification" [{"field":"path-pattern","Values":["/*"]},{"field":"http-header","Name":"X-Blue-Verification","Values":["true"]}]
        94 AllPilot1 "Pilot" [{"field":"path-pattern","Values":["/*"]},{"field":"http-header","Name":"X-Canary-Group","Values":["pilot"]}]
        95 AllPilot2 "Pilot" [{"field":"path-pattern","Values":["/*"]},{"field":"http-header","Name":"Cookie","Values":["*canary-user=enabled*"]}]
        100 All "" [{"field":"path-pattern","Values":["/*"]}]
        "#);
    }

    #[test]
    fn another_way_or_another_cohort_at_the_end_moves_no_rule() {
        let placed = |ways: &[usize]| {
            let mut role = example::poc().roles.remove(0);
            let way = CohortMatch::Cookie { name: "a".to_owned(), value: "b".to_owned() };
            let cohort = |(name, ways): (&str, &usize)| Cohort {
                name: name.to_owned(),
                matches: vec![way.clone(); *ways],
            };
            role.cohorts = ["a", "b", "c", "d"].into_iter().zip(ways).map(cohort).collect();
            let rules = rules(&role).into_iter();
            rules.map(|rule| format!("{}:{}", rule.id, rule.priority)).collect::<Vec<_>>().join(" ")
        };
        insta::assert_snapshot!(placed(&[1, 1]), @"AllA1:91 AllB1:94 All:100");
        insta::assert_snapshot!(placed(&[2, 1]), @"AllA1:91 AllA2:92 AllB1:94 All:100");
        insta::assert_snapshot!(placed(&[2, 3, 1]), @"AllA1:91 AllA2:92 AllB1:94 AllB2:95 AllB3:96 AllC1:97 All:100");
        // What does not fit three by three stands in its order all the same.
        insta::assert_snapshot!(placed(&[5, 1]), @"AllA1:91 AllA2:92 AllA3:93 AllA4:94 AllA5:95 AllB1:96 All:100");
        insta::assert_snapshot!(placed(&[3, 3, 2, 1]), @"AllA1:91 AllA2:92 AllA3:93 AllB1:94 AllB2:95 AllB3:96 AllC1:97 AllC2:98 AllD1:99 All:100");
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
        1 AllOffice1 "Office" [{"field":"host-header","Values":["a.example.jp"]},{"field":"path-pattern","Values":["/a"]},{"field":"http-request-method","Values":["GET"]},{"field":"http-header","Name":"X-A","Values":["1"]},{"field":"query-string","Pairs":[["v","2=3"],[null,"debug"]]},{"field":"source-ip","Values":["192.0.2.0/24"]}]
        10 All "" [{"field":"host-header","Values":["a.example.jp"]},{"field":"path-pattern","Values":["/a"]},{"field":"http-request-method","Values":["GET"]},{"field":"http-header","Name":"X-A","Values":["1"]},{"field":"query-string","Pairs":[["v","2=3"],[null,"debug"]]}]
        11 RestOffice1 "Office" [{"field":"path-pattern","Values":["/*"]},{"field":"source-ip","Values":["192.0.2.0/24"]}]
        20 Rest "" [{"field":"path-pattern","Values":["/*"]}]
        "#);
    }
}
