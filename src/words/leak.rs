//! What in a text is a secret by its looks, or by the name it is given to.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// What stands where a secret was.
pub const MASK: &str = "****";

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The bytes of the secret alone: of a URL its password, of an assignment its value.
    pub range: Range<usize>,
    /// What it is, in words.
    pub what: &'static str,
    /// It looks like nothing else; otherwise it is a secret by the name before it.
    pub is_certain: bool,
}

/// How secrets begin, how many letters and digits follow at least, and what they are.
const BEGINNINGS: [(&str, usize, &str); 10] = [
    ("AKIA", 16, "an access key of AWS"),
    ("ASIA", 16, "an access key of AWS"),
    ("xoxb-", 10, "a token of Slack"),
    ("xoxp-", 10, "a token of Slack"),
    ("ghp_", 36, "a token of GitHub"),
    ("github_pat_", 30, "a token of GitHub"),
    ("glpat-", 20, "a token of GitLab"),
    ("https://hooks.slack.com/services/", 10, "an incoming webhook"),
    ("https://discord.com/api/webhooks/", 10, "an incoming webhook"),
    ("https://events.pagerduty.com/integration/", 10, "an incoming webhook"),
];

/// How names of secrets end, in lower case and without `_` and `-`.
const NAMES: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secretkey",
    "secretaccesskey",
    "apikey",
    "authtoken",
    "accesstoken",
    "privatekey",
    "secretstring",
    "clientsecret",
    "sessiontoken",
];

/// The last words of those names, however they are joined; a line without one and without a beginning holds nothing.
const SIGNS: [&str; 9] =
    ["password", "passwd", "passphrase", "key", "token", "string", "secret", "-----BEGIN ", "://"];

static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let beginnings = BEGINNINGS.iter().map(|(begin, ..)| *begin);
    AhoCorasick::builder().ascii_case_insensitive(true).build(beginnings.chain(SIGNS)).ok()
});

/// Whether a value under this name is a secret: `MasterUserPassword`, `DB_PASSWORD`, `api-key`.
pub fn is_secret_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-'));
    let plain: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    NAMES.iter().any(|ending| plain.ends_with(ending))
}

/// Every secret in a text, in order.
pub fn leaks(text: &str) -> Vec<Leak> {
    let may_hold = |line: &str| SEARCH.as_ref().is_none_or(|search| search.is_match(line));
    let (mut found, mut start) = (Vec::new(), 0);
    if !may_hold(text) {
        return found;
    }
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        if may_hold(body) {
            private_key(text, start, body, &mut found);
            in_line(body, start, &mut found);
        }
        start += line.len();
    }
    found.sort_by_key(|leak: &Leak| (leak.range.start, std::cmp::Reverse(leak.range.end), !leak.is_certain));
    found.dedup_by(|next, kept| next.range.start < kept.range.end && (kept.is_certain || !next.is_certain));
    found
}

/// The text with every secret in it as [`MASK`].
pub fn mask(text: &str) -> Cow<'_, str> {
    let found = leaks(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for Leak { range, .. } in found {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        if range.end > at {
            out.push_str(MASK);
        }
        at = at.max(range.end);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(out)
}

/// From the beginning of a private key to its end, or to the end of a text that is cut off.
fn private_key(text: &str, start: usize, line: &str, found: &mut Vec<Leak>) {
    let Some(at) = line.find("-----BEGIN ").filter(|_| line.contains("PRIVATE KEY-----")) else { return };
    let begin = start + at;
    let rest = text.get(begin..).unwrap_or_default();
    let end = rest.find("-----END ").map(|end| end + "-----END ".len());
    let end = end.and_then(|from| Some(from + rest.get(from..)?.find("-----")? + "-----".len()));
    found.push(Leak {
        range: begin..begin + end.unwrap_or(rest.len()),
        what: "a private key",
        is_certain: true,
    });
}

fn in_line(line: &str, start: usize, found: &mut Vec<Leak>) {
    let mut add = |range: Range<usize>, what, is_certain| {
        found.push(Leak { range: start + range.start..start + range.end, what, is_certain });
    };
    for (begin, least, what) in BEGINNINGS {
        for (at, _) in line.match_indices(begin) {
            let before = line.get(..at).and_then(|before| before.chars().last());
            let rest = line.get(at + begin.len()..).unwrap_or_default();
            let length = rest.bytes().take_while(|c| c.is_ascii_alphanumeric() || b"-_/".contains(c)).count();
            if length >= least && before.is_none_or(|c| !c.is_ascii_alphanumeric()) {
                add(at..at + begin.len() + length, what, true);
            }
        }
    }
    for (at, _) in line.match_indices("://") {
        if let Some(range) = password_in_url(line, at + "://".len()) {
            add(range, "a URL with a password", true);
        }
    }
    for range in named(line) {
        add(range, "a secret by its name", false);
    }
}

/// The password of `scheme://user:password@host`, unless it is a placeholder.
fn password_in_url(line: &str, at: usize) -> Option<Range<usize>> {
    let authority = line.get(at..)?.split(['/', ' ', '"', '\'']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let placeholder = password.is_empty() || password.contains(['$', '{', '<', '*']);
    let start = at + name.len() + 1;
    (!placeholder).then_some(start..start + password.len())
}

/// The values of `password: …`, `"password": "…"`, `PASSWORD=…`, `--password …` in a line.
fn named(line: &str) -> Vec<Range<usize>> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(begin) = rest.find(is_name) else { break };
        let word = rest.get(begin..).unwrap_or_default();
        let length = word.find(|c| !is_name(c)).unwrap_or(word.len());
        at += begin + length;
        let (name, after) = word.split_at_checked(length).unwrap_or_default();
        if is_secret_name(name)
            && let Some(value) = value_after(after, name.starts_with('-'))
        {
            found.push(at + value.start..at + value.end);
            at += value.end;
        }
    }
    found
}

/// Where the value stands in what follows a name, unless it is a reference.
fn value_after(after: &str, is_option: bool) -> Option<Range<usize>> {
    let closed = after.trim_start_matches(['"', '\'']);
    let spaced = closed.trim_start();
    let value = match spaced.strip_prefix([':', '=']) {
        Some(value) => value.trim_start(),
        None if is_option && spaced.len() < closed.len() => spaced,
        None => return None,
    };
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let inner = value.trim_start_matches(['"', '\'']);
    let end = match quote {
        Some(quote) => inner.find(quote),
        None => inner.find(|c: char| c.is_whitespace() || matches!(c, ',' | '}' | ']' | ';' | '&')),
    };
    let inner = inner.get(..end.unwrap_or(inner.len()))?;
    let start = after.len() - value.len() + (value.len() - value.trim_start_matches(['"', '\'']).len());
    let literal = !is_reference(inner) && !matches!(inner, "" | "true" | "false" | "null" | "~");
    literal.then_some(start..start + inner.len())
}

/// A name of a secret that is kept elsewhere, a placeholder or a function, and the beginning of a longer text.
fn is_reference(value: &str) -> bool {
    value.contains("{{")
        || value.contains("${")
        || value.contains("arn:")
        || value.starts_with(['/', '$', '<', '!', '{', '[', '|', '>', '&', '*', '`', '%'])
}
