//! Which requests a route takes, as sets: whether others take all of them before it, and whether two share some.

mod pattern;

pub(super) use pattern::Steps;
use pattern::{Pattern, Universe};

use crate::model::{Cidr, Route};

/// The conditions of a route, read once. Each is an "any of"; empty means anything.
#[derive(Debug)]
pub(super) struct Requests {
    paths: Vec<Pattern>,
    hosts: Vec<Pattern>,
    methods: Vec<String>,
    /// Lower-case names; all must hold.
    headers: Vec<(String, Vec<Pattern>)>,
    query: Vec<(Pattern, Pattern)>,
    source: Vec<Cidr>,
    /// A block of addresses could not be read, or there is more than is compared; nothing can be said then.
    unknown: bool,
}

/// Patterns of one route, and wildcards in them, that are compared: twice what a listener rule takes.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html>
const MOST: usize = 10;

/// One kind of condition, for asking about all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paths,
    Hosts,
    Methods,
    Headers,
    Query,
    Source,
}

const KINDS: [Kind; 6] = [Kind::Paths, Kind::Hosts, Kind::Methods, Kind::Headers, Kind::Query, Kind::Source];

impl Requests {
    /// Those that a route takes when it is asked. Hosts, header names and values and query strings are compared without
    /// case, paths with it.
    pub(super) fn of(route: &Route) -> Self {
        let source: Vec<_> = route.source.iter().map(|block| block.parse::<Cidr>()).collect();
        let requests = Self {
            paths: route.paths.iter().map(|path| Pattern::new(path)).collect(),
            hosts: caseless(&route.hosts),
            methods: route.methods.clone(),
            headers: route
                .headers
                .iter()
                .map(|(name, values)| (name.to_lowercase(), caseless(values)))
                .collect(),
            query: route.query.iter().map(|query| key_and_value(query)).collect(),
            unknown: source.iter().any(Result::is_err),
            source: source.into_iter().filter_map(Result::ok).collect(),
        };
        let unknown = requests.unknown || !requests.can_be_compared();
        Self { unknown, ..requests }
    }

    /// A listener rule takes five wildcards and five values; what no rule takes is told by another check, and not
    /// compared.
    fn can_be_compared(&self) -> bool {
        let headers = self.headers.iter().flat_map(|(_, values)| values);
        let query = self.query.iter().flat_map(|(key, value)| [key, value]);
        let patterns: Vec<&Pattern> =
            self.paths.iter().chain(&self.hosts).chain(headers).chain(query).collect();
        let wildcards: usize = patterns.iter().map(|pattern| pattern.wildcards()).sum();
        patterns.len() <= MOST && wildcards <= MOST && !patterns.iter().any(|pattern| pattern.is_long())
    }

    /// Whether every request of these is among those of one of `others`, or of several that differ in paths, or in
    /// hosts, only; `None` where that cannot be told.
    pub(super) fn are_taken_by(&self, others: &[&Self], steps: &Steps) -> Option<bool> {
        if self.unknown {
            return None;
        }
        let known: Vec<&Self> = others.iter().copied().filter(|other| !other.unknown).collect();
        if !steps.take(known.len()) {
            return None;
        }
        let one = any(known.iter().map(|other| self.within_but(other, None, steps)));
        let of_known = match (one, known.len()) {
            (Some(false), 2..) => any([Kind::Paths, Kind::Hosts].map(|kind| self.among(&known, kind, steps))),
            (one, _) => one,
        };
        let all_known = known.len() == others.len() || of_known == Some(true);
        of_known.filter(|_| all_known)
    }

    /// Whether a request can be among both; `None` where that cannot be told.
    pub(super) fn meet(&self, other: &Self) -> Option<bool> {
        (!self.unknown && !other.unknown).then(|| self.share(other))
    }

    fn share(&self, other: &Self) -> bool {
        let methods = self.methods.is_empty()
            || other.methods.is_empty()
            || self.methods.iter().any(|method| other.methods.contains(method));
        let source = self.source.is_empty()
            || other.source.is_empty()
            || self.source.iter().any(|one| other.source.iter().any(|block| one.overlaps(*block)));
        let headers = self.headers.iter().all(|(name, values)| {
            other
                .headers
                .iter()
                .filter(|(other, _)| other == name)
                .all(|(_, others)| any_meet(values, others))
        });
        methods
            && source
            && headers
            && any_meet(&self.paths, &other.paths)
            && any_meet(&self.hosts, &other.hosts)
    }

    /// Whether all kinds of conditions but one hold for these wherever the other's hold.
    fn within_but(&self, other: &Self, left_out: Option<Kind>, steps: &Steps) -> Option<bool> {
        all(KINDS
            .into_iter()
            .filter(|kind| Some(*kind) != left_out)
            .map(|kind| self.within(other, kind, steps)))
    }

    fn within(&self, other: &Self, kind: Kind, steps: &Steps) -> Option<bool> {
        match kind {
            Kind::Paths => all_within(&self.paths, &by_ref(&other.paths), Universe::Paths, steps),
            Kind::Hosts => all_within(&self.hosts, &by_ref(&other.hosts), Universe::Any, steps),
            Kind::Methods => Some(
                other.methods.is_empty()
                    || (!self.methods.is_empty()
                        && self.methods.iter().all(|method| other.methods.contains(method))),
            ),
            Kind::Headers => all(other.headers.iter().map(|(name, values)| {
                let own = self.headers.iter().filter(|(own, _)| own == name);
                any(own.map(|(_, own)| all_within(own, &by_ref(values), Universe::Any, steps)))
            })),
            Kind::Query if other.query.is_empty() => Some(true),
            Kind::Query if self.query.is_empty() => Some(false),
            Kind::Query => self.query_within(other, steps),
            Kind::Source => {
                let in_other = |block: &Cidr| other.source.iter().any(|outer| outer.contains(*block));
                Some(other.source.is_empty() || (!self.source.is_empty() && self.source.iter().all(in_other)))
            }
        }
    }

    fn query_within(&self, other: &Self, steps: &Steps) -> Option<bool> {
        let within = |one: &Pattern, outer: &Pattern| one.is_within(&[outer], Universe::Any, steps);
        all(self.query.iter().map(|(key, value)| {
            any(other
                .query
                .iter()
                .map(|(outer_key, outer)| all([within(key, outer_key), within(value, outer)])))
        }))
    }

    /// Whether those of the others that agree in everything but `kind` cover these together.
    fn among(&self, others: &[&Self], kind: Kind, steps: &Steps) -> Option<bool> {
        let agree = others.iter().filter(|other| self.within_but(other, Some(kind), steps) == Some(true));
        let (own, patterns, universe): (_, Vec<&Pattern>, _) = match kind {
            Kind::Hosts => (&self.hosts, agree.flat_map(|other| &other.hosts).collect(), Universe::Any),
            _ => (&self.paths, agree.flat_map(|other| &other.paths).collect(), Universe::Paths),
        };
        if patterns.is_empty() { Some(false) } else { all_within(own, &patterns, universe, steps) }
    }
}

/// Three-valued: `false` where one is, `true` where all are.
fn all(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for answer in answers {
        match answer {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// Three-valued: `true` where one is, `false` where none is.
fn any(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    all(answers.into_iter().map(|answer| answer.map(|answer| !answer))).map(|none| !none)
}

fn by_ref(patterns: &[Pattern]) -> Vec<&Pattern> {
    patterns.iter().collect()
}

fn caseless(texts: &[String]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::new(&text.to_lowercase())).collect()
}

/// `key=value`; a value alone is asked of every key.
fn key_and_value(query: &str) -> (Pattern, Pattern) {
    let query = query.to_lowercase();
    let (key, value) = query.split_once('=').unwrap_or(("*", &query));
    (Pattern::new(key), Pattern::new(value))
}

fn all_within(these: &[Pattern], others: &[&Pattern], universe: Universe, steps: &Steps) -> Option<bool> {
    let everything = [Pattern::new("*")];
    let these = if these.is_empty() { &everything } else { these };
    if others.is_empty() {
        return Some(true);
    }
    all(these.iter().map(|one| one.is_within(others, universe, steps)))
}

fn any_meet(these: &[Pattern], others: &[Pattern]) -> bool {
    these.is_empty()
        || others.is_empty()
        || these.iter().any(|one| others.iter().any(|other| one.meets(other)))
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::{Requests, Steps};
    use crate::model::Route;

    /// A route from `paths /a, hosts b, methods GET, header X-A a, query q=1, source 10.0.0.0/8`.
    fn requests(text: &str) -> Requests {
        let mut route = Route {
            name: String::new(),
            priority: 1,
            paths: Vec::new(),
            hosts: Vec::new(),
            headers: IndexMap::new(),
            methods: Vec::new(),
            query: Vec::new(),
            source: Vec::new(),
        };
        for part in text.split(", ").filter(|part| !part.is_empty()) {
            let words: Vec<String> = part.split(' ').map(str::to_owned).collect();
            let values = words[1..].to_vec();
            match words[0].as_str() {
                "paths" => route.paths = values,
                "hosts" => route.hosts = values,
                "methods" => route.methods = values,
                "query" => route.query = values,
                "source" => route.source = values,
                "header" => drop(route.headers.insert(values[0].clone(), values[1..].to_vec())),
                other => panic!("{other}"),
            }
        }
        Requests::of(&route)
    }

    #[test]
    fn a_route_is_unreachable_when_others_take_all_its_requests() {
        let taken = |later: &str, earlier: &[&str]| {
            let earlier: Vec<Requests> = earlier.iter().map(|text| requests(text)).collect();
            requests(later).are_taken_by(&earlier.iter().collect::<Vec<_>>(), &Steps::default()) == Some(true)
        };
        for (later, earlier) in [
            ("paths /api/*", vec!["paths /*"]),
            ("paths /api/*", vec![""]),
            ("hosts Api.example.com, paths /a", vec!["hosts *.EXAMPLE.com"]),
            ("methods GET, paths /a", vec!["methods GET POST"]),
            ("source 10.1.0.0/16", vec!["source 10.0.0.0/8 192.168.0.0/16"]),
            ("header X-A one, paths /a", vec!["header x-a o*"]),
            ("query v=1", vec!["query v=*"]),
            ("query v=1", vec!["query 1"]),
            ("paths /a /b", vec!["paths /a", "paths /b"]),
            ("paths /*", vec!["paths /", "paths /?*"]),
            ("hosts a.x b.x, paths /a", vec!["hosts a.x", "hosts b.x, paths /*"]),
        ] {
            assert!(taken(later, &earlier), "{later} after {earlier:?}");
        }
        for (later, earlier) in [
            ("paths /*", vec!["paths /*, methods GET"]),
            ("paths /a", vec!["paths /a, header X-A one"]),
            ("", vec!["methods GET"]),
            ("query v=1", vec!["query w=1"]),
            ("query 1", vec!["query v=1"]),
            ("source 10.0.0.0/8", vec!["source 10.1.0.0/16"]),
            ("paths /a", vec!["source 0.0.0.0/0"]),
            ("paths /a /b", vec!["paths /a, hosts x", "paths /b"]),
            ("source nowhere", vec![""]),
        ] {
            assert!(!taken(later, &earlier), "{later} after {earlier:?}");
        }
    }

    #[test]
    fn two_routes_meet_when_one_request_fits_both() {
        for (one, other, expected) in [
            ("paths /api/*", "hosts www.example.com", true),
            ("paths /api/*", "paths /*/users", true),
            ("paths /api/*", "paths /web/*", false),
            ("hosts a.x", "hosts A.x", true),
            ("methods GET", "methods POST", false),
            ("header X-A one", "header x-a two", false),
            ("header X-A one", "header X-B two", true),
            ("source 10.0.0.0/8", "source 10.2.0.0/16", true),
            ("source 10.0.0.0/8", "source 11.0.0.0/8", false),
            ("query a=1", "query b=2", true),
        ] {
            assert_eq!(requests(one).meet(&requests(other)), Some(expected), "{one} and {other}");
            assert_eq!(requests(other).meet(&requests(one)), Some(expected), "{other} and {one}");
        }
    }
}
