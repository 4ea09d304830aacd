//! ASG0408: secrets in clear text.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cfn::{Effective, Evaluator, NothingKnown, called};
use crate::check::texts::{self, Text};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::model::OwnStack;
use crate::source::{SourceId, SourceMap, Span, pointer};
use crate::stacks::{given, surroundings};
use crate::words::{brief, leak_under, leaks};

pub(in crate::check) const CODE: Code = Code::new("ASG0408");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a secret in clear text",
    severity: &[Severity::Error],
    docs: "What is in the repository is in its history for ever, and in every rendered template, image and log made of it. This \
           looks for access keys of AWS, private keys, tokens and webhooks of some sixty vendors, passwords in URLs, headers, \
           commands and statements, and values that their names say are passwords (`MasterUserPassword`, `SecretString`, \
           `export DB_PASSWORD=`, a parameter's `Default`), in specs, user data, component documents and templates, their \
           comments too; and properties of own stacks that come to one, by a parameter's default or a mapping. What refers to a secret (`{{resolve:…}}`, `!Ref`, `$VARIABLE`, a path) is none. The finding names the \
           line and never shows it. Keep the secret in Secrets Manager, and let instances read it.",
    fails: "tags:\n  Owner: ops\n  Hook: https://hooks.slack.com/services/T00000000/B00000000/EXAMPLE\n",
    mended: "tags:\n  Owner: ops\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let mut told = Told::default();
    let documents = [subject.origins.root()].into_iter().chain(subject.origins.templates().values());
    for document in documents {
        texts::each(document, &mut |found| in_document(subject.sources, found, &mut told, findings));
    }
    for role in &subject.environment.roles {
        for (at, text) in texts::files(role) {
            in_file(subject.place(&at), text, findings);
            told.files.insert(text);
        }
    }
    for stack in subject.environment.stacks.iter().filter(|stack| !stack.parsed.rewritten) {
        come_to(subject, stack, &mut told, findings);
    }
    for (source, file) in subject.sources.iter().filter(|(_, file)| !told.files.contains(&*file.text)) {
        beside_values(subject.sources, source, &file.text, &told, findings);
    }
}

/// What was told already.
#[derive(Default)]
struct Told<'a> {
    /// Lines, from 1, of documents.
    lines: BTreeSet<(SourceId, usize)>,
    /// Texts of files that are told as a whole.
    files: BTreeSet<&'a str>,
}

fn in_document(sources: &SourceMap, found: &Text<'_>, told: &mut Told<'_>, findings: &mut Findings) {
    let by_form = leaks(found.text).into_iter().next().map(|leak| leak.what);
    let what = by_form.or_else(|| by_name(found));
    if let Some(what) = what {
        let (first, last) = (sources.start(found.span).line, sources.end(found.span).line);
        told.lines.extend((first..=last).map(|line| (found.span.source, line)));
        let message = match found.value {
            Some(_) => format!("the value of `{}` in line {first} is {what}", found.key),
            None => format!("a key in line {first} is {what}"),
        };
        report(beside(sources, found), &message, findings);
    }
}

/// A value that its name says is a secret; an argument of a function is none.
fn by_name(found: &Text<'_>) -> Option<&'static str> {
    let node = found.value?;
    let plain = matches!(node.tag.as_deref(), None | Some("!Sub" | "!!str"));
    leak_under(found.name, found.text).filter(|_| plain)
}

/// What properties of a team's own stack come to, by parameters' defaults, mappings and conditions: it is written somewhere,
/// under a name that says nothing.
fn come_to<'a>(subject: &Subject<'a>, stack: &OwnStack, told: &mut Told<'a>, findings: &mut Findings) {
    let (given, around) = (given(stack), surroundings(subject.environment, stack));
    let unrolled = Evaluator::new(&stack.parsed, &given, &around, &NothingKnown).unrolled();
    let evaluator = Evaluator::new(&unrolled, &given, &around, &NothingKnown).revealing();
    for (id, declared) in &unrolled.resources {
        let Some(resource) = evaluator.resource(id) else { continue };
        for (property, value) in &resource.properties {
            // what is written there in full is told by itself
            if declared.properties.get(property).is_none_or(|written| value == &Effective::from(written)) {
                continue;
            }
            let Some((name, secret)) = secret_in(property, value) else { continue };
            let at = |keys: &[&str]| subject.origins.in_template(&stack.name, &pointer(keys));
            let place = at(&["Resources", id, "Properties", property]);
            let line = subject.sources.start(place).line;
            if !told.lines.insert((place.source, line)) {
                continue;
            }
            let message = format!(
                "`{}` of `{}` in line {line} comes to a secret in clear text",
                brief(name),
                brief(id)
            );
            let stands_there =
                declared.properties.get(property).is_some_and(|written| holds(written, secret));
            let above = at(&["Resources", id]);
            let shown = match stands_there {
                false => place,
                true if subject.sources.start(above).line != line => above,
                true => Span::at(place.source, 0),
            };
            report(shown, &message, findings);
        }
    }
}

/// The secret in a value, after the name that it has there.
fn secret_in<'a>(name: &'a str, value: &'a Effective) -> Option<(&'a str, &'a str)> {
    match value {
        Effective::String(text) => leak_under(name, text).map(|_| (name, text.as_str())),
        Effective::List(items) => items.iter().find_map(|item| secret_in(name, item)),
        Effective::Map(map) => map.iter().find_map(|(key, value)| secret_in(called(key, map), value)),
        _ => None,
    }
}

/// Part of the secret is written there, so that the line must not be shown.
fn holds(written: &Value, secret: &str) -> bool {
    match written {
        Value::String(text) => !text.is_empty() && (secret.contains(text.as_str()) || text.contains(secret)),
        Value::Array(items) => items.iter().any(|item| holds(item, secret)),
        Value::Object(map) => map.values().any(|value| holds(value, secret)),
        _ => false,
    }
}

/// A script or a document that instances and images are made from.
fn in_file(place: Span, text: &str, findings: &mut Findings) {
    for (line, what) in lines_of(text) {
        report(place, &format!("line {line} of the file holds {what}"), findings);
    }
}

/// What stands in a file and is no value: comments, and what another file overrides.
fn beside_values(
    sources: &SourceMap,
    source: SourceId,
    text: &str,
    told: &Told<'_>,
    findings: &mut Findings,
) {
    for (line, what) in lines_of(text).filter(|(line, _)| !told.lines.contains(&(source, *line))) {
        let message = format!("line {line} of `{}` holds {what}", sources.path(source));
        let elsewhere = if line == 1 { text.len() } else { 0 };
        report(Span::at(source, elsewhere), &message, findings);
    }
}

/// The lines, from 1, that hold a secret, and what the first one of each is.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    let (mut line, mut from, mut last) = (1, 0, 0);
    leaks(text).into_iter().filter_map(move |leak| {
        line += text.get(from..leak.range.start).map_or(0, |between| between.matches('\n').count());
        from = leak.range.start;
        let first = last != line;
        last = line;
        first.then_some((line, leak.what))
    })
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

#[cfg(test)]
mod tests {
    use crate::model::Component;
    use crate::words::leaks;

    #[test]
    fn what_comes_with_asagi_need_not_be_looked_through() {
        let shipped = Component::standard_names().filter_map(Component::standard).chain(Component::tests());
        for component in shipped {
            assert_eq!(leaks(&component.document), [], "{}", component.name);
        }
    }
}
