//! ASG0336: component documents Image Builder does not take.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::model::{Component, Layer, Role};
use crate::source::{SourceMap, parse};

const CODE: Code = Code::new("ASG0336");

/// Text of a document in a template. <https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateComponent.html>
const DOCUMENT: usize = 16_000;
/// Components of a recipe, less the three tests every layer ends with and what installs an artifact.
const RECIPE: usize = 16;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a component document that Image Builder does not take",
    severity: &[Severity::Error],
    docs: "A component document is YAML with `schemaVersion: 1.0` and `phases`, at most 16,000 characters. A recipe has at \
           most 20 components, of which asagi needs four.",
    fails: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches, ./own.yaml] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.war\" } } } }\n",
    mended: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches, ./component.yaml] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.war\" } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        for layer in role.images.iter().flat_map(|images| images.layers()) {
            check_layer(subject, role, layer, findings);
        }
    }
}

fn check_layer(subject: &Subject<'_>, role: &Role, layer: &Layer, findings: &mut Findings) {
    let at = Subject::role(role, &format!("/images/{}/components", layer.kind.as_str()));
    if layer.components.len() > RECIPE {
        let message =
            format!("{} components, at most {RECIPE} of your own fit into a recipe", layer.components.len());
        findings.push(subject.error(CODE, &at, message));
    }
    let own = layer.components.iter().enumerate().filter(|(_, component)| !component.is_shipped());
    for (index, component) in own {
        findings.extend(problems(component).into_iter().map(|problem| -> Diagnostic {
            let message = format!("component `{}` {problem}", component.name);
            subject.error(CODE, &format!("{at}/{index}"), message)
        }));
    }
}

fn problems(component: &Component) -> Vec<String> {
    let mut problems = Vec::new();
    let length = component.document.chars().count();
    if length > DOCUMENT {
        problems.push(format!("has {length} characters, at most {DOCUMENT} fit"));
    }
    let mut sources = SourceMap::new();
    let id = sources.add(component.name.as_str(), component.document.as_str());
    match parse(&sources, id) {
        Ok(document) => {
            let missing =
                ["schemaVersion", "phases"].into_iter().filter(|key| document.root.entry(key).is_none());
            problems.extend(missing.map(|key| format!("has no `{key}`")));
        }
        Err(error) => {
            problems.push(format!("cannot be read: {error}, line {}", sources.start(error.span).line))
        }
    }
    problems
}
