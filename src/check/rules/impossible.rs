//! ASG0352: conditions that no request can meet.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0352");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a condition that no request can meet",
    severity: &[Severity::Error, Severity::Warning],
    docs: "Elastic Load Balancing takes all of these, and none ever matches: a path that does not begin with `/`, a path with a \
           query string (there `?` stands for any one character; query strings have a condition of their own), a host \
           with a scheme, a port or a path, and a method in lower case, since methods are compared with their case. \
           A warning for `.*` in a path: patterns have `*` and `?` only, and this one wants a dot. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html>",
    fails: "roles:\n  web:\n    routes:\n      - { name: api, priority: 100, paths: [api/*], hosts: [\"https://www.example.co.jp/\"], methods: [get] }\n      - { name: search, priority: 110, paths: [\"/find?q=*\"] }\n      - { name: shop, priority: 120, paths: [\"^/shop/.*$\", \"/cart/.*\"] }\n",
    mended: "roles:\n  web:\n    routes:\n      - { name: api, priority: 100, paths: [/api/*], hosts: [www.example.co.jp], methods: [GET] }\n      - { name: search, priority: 110, paths: [/find], query: [\"q=*\"] }\n      - { name: shop, priority: 120, paths: [/shop/*, /cart/*] }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        for (route, at) in subject.routes(role) {
            let lists: [(&str, &[String], Judge); 3] = [
                ("paths", &route.paths, path),
                ("hosts", &route.hosts, host),
                ("methods", &route.methods, method),
            ];
            for (key, values, judge) in lists {
                for (index, value) in values.iter().enumerate() {
                    let Some((why, help)) = judge(value) else { continue };
                    let message = format!("`{value}` matches no request: {why}");
                    findings
                        .push(subject.error(CODE, &format!("{at}/{key}/{index}"), message).with_help(help));
                }
            }
            let dotted = |(_, path): &(usize, &String)| path.starts_with('/') && path.contains(".*");
            for (index, path) in route.paths.iter().enumerate().filter(dotted) {
                let message = format!("`{path}` matches only what has a dot before the rest");
                let warning = subject.warning(CODE, &format!("{at}/paths/{index}"), message);
                findings.push(warning.with_help(format!("write `{}`", without_regex(path))));
            }
        }
    }
}

/// Why a value never matches, and what to write.
type Judge = fn(&str) -> Option<(&'static str, String)>;

/// A regular expression of a path as a pattern: `^/api/.*$` is `/api/*`.
fn without_regex(value: &str) -> String {
    let middle = value.trim_start_matches('^').trim_end_matches('$');
    middle.replace("(.*)", "*").replace(".*", "*")
}

fn path(value: &str) -> Option<(&'static str, String)> {
    if value.starts_with("^/") {
        let why = "a path is a pattern with `*` and `?`, not a regular expression";
        return Some((why, format!("write `{}`", without_regex(value))));
    }
    if !value.starts_with(['/', '*', '?']) {
        return Some(("a path begins with `/`", format!("write `/{value}`")));
    }
    // `/v?/a=b` can be meant; `?name=` cannot
    let (path, query) = value.split_once('?')?;
    let name = query.split_once('=').map(|(name, _)| name)?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    is_name.then(|| {
        ("a path has no query string", format!("write `paths: [{path}]` and `query: [\"{query}\"]`"))
    })
}

fn host(value: &str) -> Option<(&'static str, String)> {
    let bare = value.split_once("://").map_or(value, |(_, rest)| rest);
    let bare = bare.split(['/', ':']).next().unwrap_or_default();
    (bare != value).then(|| ("a host is a name only", format!("write `{bare}`")))
}

fn method(value: &str) -> Option<(&'static str, String)> {
    let upper = value.to_ascii_uppercase();
    (upper != value).then(|| ("methods are written in capitals", format!("write `{upper}`")))
}
