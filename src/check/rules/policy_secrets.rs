//! ASG0408: secrets in clear text.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::check::texts::{self, Text};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::{Node, SourceMap, Span};

const CODE: Code = Code::new("ASG0408");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a secret in clear text",
    severity: &[Severity::Error],
    docs: "What is in the repository is in its history for ever, and in every rendered template, image and log made of it. This \
           looks for access keys of AWS, private keys, tokens of Slack, GitHub and GitLab, incoming webhooks, passwords in \
           URLs, and values of keys named like passwords, in specs, user data, component documents and templates. The \
           finding names the place and never shows the value. Keep it in Secrets Manager, and let instances read it.",
    fails: "tags:\n  Owner: ops\n  Hook: https://hooks.slack.com/services/T00000000/B00000000/EXAMPLE\n",
    mended: "tags:\n  Owner: ops\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let documents = [subject.origins.root()].into_iter().chain(subject.origins.templates().values());
    for document in documents {
        texts::each(document, &mut |found| in_document(subject.sources, found, findings));
    }
    for role in &subject.environment.roles {
        for (at, text) in texts::files(role) {
            if let Some((line, what)) = secret_in(text) {
                let message = format!("line {line} of the file holds {what}");
                report(subject.place(&at), &message, findings);
            }
        }
    }
}

fn in_document(sources: &SourceMap, found: &Text<'_>, findings: &mut Findings) {
    let Some(node) = found.value else { return };
    let what = secret_in(found.text).map(|(_, what)| what);
    let what = what.or_else(|| named_secret(found.key, found.text, node));
    if let Some(what) = what {
        let line = sources.start(found.span).line;
        let message = format!("the value of `{}` in line {line} is {what}", found.key);
        report(beside(sources, found), &message, findings);
    }
}

/// The nearest key above that stands in another line, so that no output shows the line with the secret; else the
/// beginning of the file.
fn beside(sources: &SourceMap, found: &Text<'_>) -> Span {
    let line = |span: Span| sources.start(span).line;
    let other = |span: &&Span| span.source == found.span.source && line(**span) != line(found.span);
    found.way.iter().rev().find(other).copied().unwrap_or(Span::at(found.span.source, 0))
}

fn report(place: Span, message: &str, findings: &mut Findings) {
    let error = Diagnostic::error(CODE, message).primary(place, "below this");
    findings.push(
        error.with_help("revoke it, keep the new one in Secrets Manager, and name that under `permissions`"),
    );
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

/// Whatever is a secret holds one of these; most texts hold none and need no second look.
static SIGNS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let beginnings = BEGINNINGS.iter().map(|(begin, ..)| *begin);
    AhoCorasick::new(beginnings.chain(["-----BEGIN ", "://"])).ok()
});

/// The first line (from 1) that holds something that only a secret looks like, and what that is.
fn secret_in(text: &str) -> Option<(usize, &'static str)> {
    let may_hold = |text: &str| SIGNS.as_ref().is_none_or(|signs| signs.is_match(text));
    if !may_hold(text) {
        return None;
    }
    let mut lines = text.lines().enumerate().filter(|(_, line)| may_hold(line));
    lines.find_map(|(index, line)| Some((index + 1, secret(line)?)))
}

/// What a line holds, if it is something that only a secret looks like.
fn secret(line: &str) -> Option<&'static str> {
    if line.contains("-----BEGIN ") && line.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let follows = |rest: &str, least: usize| {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_/".contains(*c)).count() >= least
    };
    let known = BEGINNINGS.iter().find(|(begin, least, _)| {
        line.match_indices(begin).any(|(at, found)| {
            let before = line.get(..at).and_then(|before| before.chars().last());
            let starts = before.is_none_or(|c| !c.is_ascii_alphanumeric());
            starts && line.get(at + found.len()..).is_some_and(|rest| follows(rest, *least))
        })
    });
    known.map(|(.., what)| *what).or_else(|| password_in_url(line))
}

/// `scheme://user:password@host`, unless the password is a placeholder.
fn password_in_url(line: &str) -> Option<&'static str> {
    let (_, rest) = line.split_once("://")?;
    let authority = rest.split(['/', ' ', '"', '\'']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    let placeholder = password.is_empty() || password.contains(['$', '{', '<', '*']);
    (!placeholder).then_some("a URL with a password")
}

/// A plain text of some length under a key that is named like a password, and is no reference to one.
fn named_secret(key: &str, value: &str, node: &Node) -> Option<&'static str> {
    const KEYS: [&str; 6] = ["password", "passwd", "secretkey", "secret_key", "apikey", "api_key"];
    let ends_with = |name: &&str| {
        key.len()
            .checked_sub(name.len())
            .and_then(|at| key.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(name))
    };
    let named = KEYS.iter().any(ends_with);
    let reference = value.contains("{{")
        || value.contains("${")
        || value.starts_with(['/', '$', '<'])
        || value.contains("arn:");
    (named
        && node.tag.is_none()
        && node.as_str().is_some()
        && value.len() >= 8
        && !reference
        && !value.contains(' '))
    .then_some("a secret by its name")
}

#[cfg(test)]
mod tests {
    use super::{secret, secret_in};
    use crate::model::Component;

    #[test]
    fn only_what_looks_like_nothing_else_is_a_secret() {
        for (line, expected) in [
            ("export KEY=AKIAIOSFODNN7EXAMPLE", Some("an access key of AWS")),
            ("-----BEGIN RSA PRIVATE KEY-----", Some("a private key")),
            ("xoxb-1234567890-abc", Some("a token of Slack")),
            ("jdbc:mysql://app:hunter22@db.internal/app", Some("a URL with a password")),
            ("https://${user}:${password}@host/", None),
            ("https://www.example.co.jp/@someone:else", None),
            ("MAKIATO and AKIA alone", None),
            ("/idhub-40/web/password", None),
            ("-----BEGIN PUBLIC KEY-----", None),
        ] {
            assert_eq!(secret(line), expected, "{line}");
            let text = format!("one\n{line}\n");
            assert_eq!(secret_in(&text), expected.map(|what| (2, what)), "{line}");
        }
    }

    #[test]
    fn what_comes_with_asagi_need_not_be_looked_through() {
        let shipped = Component::standard_names().filter_map(Component::standard).chain(Component::tests());
        for component in shipped {
            assert_eq!(secret_in(&component.document), None, "{}", component.name);
        }
    }
}
