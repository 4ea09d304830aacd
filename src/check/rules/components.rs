//! ASG0336: component documents Image Builder does not take.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity, nearest};
use crate::model::{Component, Layer, Role};
use crate::source::{Node, SourceMap, Span, parse};

const CODE: Code = Code::new("ASG0336");

/// Text of a document in a template. <https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateComponent.html>
const DOCUMENT: usize = 16_000;
/// What steps can do. <https://docs.aws.amazon.com/imagebuilder/latest/userguide/toe-action-modules.html>
const ACTIONS: [&str; 30] = [
    "AppendFile",
    "Assert",
    "CopyFile",
    "CopyFolder",
    "CreateFile",
    "CreateFolder",
    "CreateSymlink",
    "DeleteFile",
    "DeleteFolder",
    "ExecuteBash",
    "ExecuteBinary",
    "ExecuteDocument",
    "ExecutePowerShell",
    "InstallMSI",
    "ListFiles",
    "MoveFile",
    "MoveFolder",
    "ReadFile",
    "Reboot",
    "S3Download",
    "S3Upload",
    "SetFileEncoding",
    "SetFileOwner",
    "SetFilePermissions",
    "SetFolderOwner",
    "SetFolderPermissions",
    "SetRegistry",
    "UninstallMSI",
    "UpdateOS",
    "WebDownload",
];
/// Components of a recipe, less the three tests every layer ends with and what installs an artifact.
const RECIPE: usize = 16;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a component document that Image Builder does not take",
    severity: &[Severity::Error],
    docs: "A component document is YAML with `schemaVersion: 1.0` and `phases`, at most 16,000 characters. A recipe has at \
           most 20 components, of which asagi needs four. Each phase has a `name` and `steps`, each step a `name` and an \
           `action` that the agent on the build instance knows, such as `ExecuteBash`.",
    fails: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches, ./own.yaml] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } } } }\n",
    mended: "roles: { web: { images: { base: { version: \"1.0\", components: [os-patches, ./component.yaml] }, middleware: { version: \"1.0\", components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } } } }\n",
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
        let file = subject.sources.iter().find(|(_, file)| *file.text == *component.document);
        findings.extend(problems(component).into_iter().map(
            |Problem { what, at: within, help }| -> Diagnostic {
                let message = format!("component `{}` {what}", component.name);
                let named = subject.place(&format!("{at}/{index}"));
                let place = file.zip(within).map_or(named, |((source, _), span)| Span { source, ..span });
                let error = Diagnostic::error(CODE, message).primary(place, "");
                help.into_iter().fold(error, Diagnostic::with_help)
            },
        ));
    }
}

/// What is wrong with a document.
struct Problem {
    what: String,
    /// Where in its text, if it is about one place.
    at: Option<Span>,
    help: Option<String>,
}

impl Problem {
    fn whole(what: String) -> Self {
        Self { what, at: None, help: None }
    }

    fn at(span: Span, what: String) -> Self {
        Self { what, at: Some(span), help: None }
    }
}

fn problems(component: &Component) -> Vec<Problem> {
    let mut problems = Vec::new();
    let length = component.document.chars().count();
    if length > DOCUMENT {
        problems.push(Problem::whole(format!("has {length} characters, at most {DOCUMENT} fit")));
    }
    let mut sources = SourceMap::new();
    let id = sources.add(component.name.as_str(), component.document.as_str());
    match parse(&sources, id) {
        Ok(document) => {
            let missing =
                ["schemaVersion", "phases"].into_iter().filter(|key| document.root.entry(key).is_none());
            problems.extend(missing.map(|key| Problem::whole(format!("has no `{key}`"))));
            phases(&document.root, &mut problems);
        }
        Err(error) => {
            let line = sources.start(error.span).line;
            problems.push(Problem::at(error.span, format!("cannot be read: {error}, line {line}")));
        }
    }
    problems
}

/// What is wrong with its phases and their steps.
fn phases(root: &Node, problems: &mut Vec<Problem>) {
    for phase in root.entry("phases").map(|entry| entry.value.items()).unwrap_or_default() {
        let name = phase.get("/name").and_then(Node::as_str);
        match (name, phase.entry("steps")) {
            (None, _) => problems.push(Problem::at(phase.head(), "has a phase without a `name`".to_owned())),
            (Some(name), None) => {
                problems.push(Problem::at(phase.head(), format!("has no `steps` in phase `{name}`")));
            }
            (Some(_), Some(steps)) => steps.value.items().iter().for_each(|one| step(one, problems)),
        }
    }
}

fn step(step: &Node, problems: &mut Vec<Problem>) {
    let named = step.get("/name").and_then(Node::as_str);
    let Some(name) = named else {
        return problems.push(Problem::at(step.head(), "has a step without a `name`".to_owned()));
    };
    let Some(action) = step.entry("action") else {
        return problems.push(Problem::at(step.head(), format!("has no `action` in step `{name}`")));
    };
    let given = action.value.as_str().unwrap_or_default();
    if !ACTIONS.contains(&given) {
        let what = format!("has the action `{given}` in step `{name}`, which Image Builder does not know");
        let near = nearest(given, ACTIONS).or_else(|| given.starts_with("Execute").then_some("ExecuteBash"));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        problems.push(Problem { what, at: Some(action.value.span), help });
    }
}
