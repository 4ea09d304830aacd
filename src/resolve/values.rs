//! Values of parameters of a team's own stacks: written, an output, or read elsewhere.

use std::sync::Arc;

use crate::model::{Input, Sibling, Source};
use crate::source::Node;
use crate::spec::{self, ParameterValue, Scalar, ValueOf, meant};

use super::codes;
use super::context::Context;

/// What says where a value is read, one of which there must be.
const SOURCES: [&str; 6] = ["output", "ssm", "secret", "file", "env", "previous"];

/// What goes with one of them, and with which.
const BESIDE: [(&str, &str); 4] =
    [("environment", "output"), ("stack", "output"), ("key", "secret"), ("first", "previous")];

/// What is known of the environment around a value.
pub(super) struct Around<'a> {
    pub(super) spec: &'a spec::Environment,
    pub(super) siblings: &'a [Arc<Sibling>],
}

/// The value of a parameter; `None` where what is written says none, which is told.
pub(super) fn value(
    context: &mut Context<'_>,
    around: &Around<'_>,
    at: &str,
    value: &ParameterValue,
) -> Option<Input> {
    Some(match value {
        ParameterValue::Text(text) => Input::Value(text.clone()),
        ParameterValue::Number(_) | ParameterValue::Bool(_) => Input::Value(written(context.root, at)),
        ParameterValue::List(items) => Input::Value(items.join(",")),
        ParameterValue::Of(of) => return read(context, around, at, of),
    })
}

/// As it is written: the number `1.10` is the text `1.10` to a template.
fn written(root: &Node, at: &str) -> String {
    root.get(at).and_then(Node::raw).unwrap_or_default().to_owned()
}

fn read(context: &mut Context<'_>, around: &Around<'_>, at: &str, of: &ValueOf) -> Option<Input> {
    one_source(context, at)?;
    if let Some(output) = &of.output {
        return self::output(context, around, at, of, output.as_str());
    }
    if let Some(file) = &of.file {
        let (_, text) = context.text(&format!("{at}/file"), file.as_str())?;
        // An editor ends the last line too.
        return Some(Input::Value(text.strip_suffix('\n').unwrap_or(&text).to_owned()));
    }
    if let Some(secret) = &of.secret {
        let key = of.key.as_ref().map_or_else(String::new, |key| format!(":SecretString:{key}"));
        return Some(Input::Value(format!("{{{{resolve:secretsmanager:{secret}{key}}}}}")));
    }
    let region = region(around, of);
    let first = of.first.as_ref().map(|first| match first {
        Scalar::Text(text) => text.clone(),
        Scalar::Number(_) | Scalar::Bool(_) => written(context.root, &format!("{at}/first")),
    });
    if of.previous == Some(false) {
        let error = context.error(codes::TOGETHER, &format!("{at}/previous"), "`previous` says no value");
        context.push(error.with_help("write `previous: true`, or the value"));
        return None;
    }
    Some(Input::Read(match (&of.ssm, &of.env) {
        (Some(name), _) => Source::Parameter { name: name.to_string(), region },
        (None, Some(name)) => Source::Variable(name.to_string()),
        (None, None) => Source::Previous { first },
    }))
}

/// The Region that is said, where it is another than the environment's.
fn region(around: &Around<'_>, of: &ValueOf) -> Option<String> {
    let said = of.region.as_ref().map(ToString::to_string);
    said.filter(|region| *region != around.spec.region.as_str())
}

/// One thing says where the value is read, and what goes with another one is not beside it.
fn one_source(context: &mut Context<'_>, at: &str) -> Option<()> {
    let has = |key: &str| context.root.get(&format!("{at}/{key}")).is_some();
    let said: Vec<&str> = SOURCES.into_iter().filter(|key| has(key)).collect();
    let stray = BESIDE.into_iter().find(|(key, with)| has(key) && !has(with));
    // A stack of the project says its Region itself.
    let stray =
        stray.or_else(|| (has("region") && !has("stack") && !has("ssm")).then_some(("region", "stack")));
    let both = has("environment") && has("stack");
    let wrong = match (said.as_slice(), stray) {
        ([], Some((key, with))) => {
            Some((at.to_owned(), format!("`{key}` needs `{with}`"), format!("write `{with}` beside it")))
        }
        ([], None) => {
            let known = SOURCES.join("`, `");
            Some((
                at.to_owned(),
                "nothing says where the value is read".to_owned(),
                format!("one of `{known}`"),
            ))
        }
        ([_], Some((key, with))) => Some((
            format!("{at}/{key}"),
            format!("`{key}` goes with `{with}`, and there is none"),
            "remove it".to_owned(),
        )),
        ([_], None) if both => Some((
            format!("{at}/environment"),
            "`environment` and `stack` both say whose output it is".to_owned(),
            "keep one: `environment` for stacks of this project, `stack` for any other by its whole name"
                .to_owned(),
        )),
        ([_], None) => None,
        ([first, second, ..], _) => Some((
            format!("{at}/{second}"),
            format!("`{first}` and `{second}` both say where the value is read"),
            "keep one".to_owned(),
        )),
    };
    let Some((at, message, help)) = wrong else { return Some(()) };
    let error = context.error(codes::TOGETHER, &at, message);
    context.push(error.with_help(help));
    None
}

fn output(
    context: &mut Context<'_>,
    around: &Around<'_>,
    at: &str,
    of: &ValueOf,
    written: &str,
) -> Option<Input> {
    let own = around.spec.environment.as_str();
    let (named, whose) = (written.split_once('.'), format!("{at}/output"));
    if let Some(stack) = &of.stack {
        if named.is_some() {
            let message = format!("`{written}` names a stack, and `stack` names another");
            let error = context.error(codes::TOGETHER, &whose, message);
            let output = written.rsplit('.').next().unwrap_or_default();
            context.push(error.with_help(format!("write `output: {output}`, or remove `stack`")));
            return None;
        }
        let (stack, output) = (stack.to_string(), written.to_owned());
        return Some(Input::Read(Source::Output { stack, output, region: region(around, of) }));
    }
    let Some((stack, output)) = named else {
        let error = context.error(codes::TOGETHER, &whose, format!("`{written}` says no stack"));
        let help = format!("write `STACK.{written}`, or name a stack of others with `stack`");
        context.push(error.with_help(help));
        return None;
    };
    let output = output.to_owned();
    let Some(environment) = of.environment.as_ref().map(spec::Name::as_str).filter(|name| *name != own)
    else {
        return Some(Input::Output { stack: stack.to_owned(), output });
    };
    let region = sibling(context, around, &format!("{at}/environment"), environment)?;
    let stack = format!("{}-{environment}-{stack}", around.spec.project);
    Some(Input::Read(Source::Output { stack, output, region }))
}

/// The Region of another environment of the project, where it is not this one's.
fn sibling(context: &mut Context<'_>, around: &Around<'_>, at: &str, name: &str) -> Option<Option<String>> {
    let of_project =
        || around.siblings.iter().filter(|sibling| sibling.project == around.spec.project.as_str());
    let Some(found) = of_project().find(|sibling| sibling.name == name) else {
        let message = format!("no environment of `{}` is called `{name}`", around.spec.project);
        let known: Vec<&str> = of_project().map(|sibling| sibling.name.as_str()).collect();
        let alone = "write its file beside this one, or name the stack with `stack`".to_owned();
        let help = if known.is_empty() { alone } else { meant(name, &known) };
        let error = context.error(codes::ELSEWHERE, at, message);
        context.push(error.with_help(help));
        return None;
    };
    let (account, region) = (around.spec.account.as_str(), around.spec.region.as_str());
    if found.account != account {
        let message =
            format!("`{name}` is in account {}, and outputs are read in {account} alone", found.account);
        let error = context.error(codes::ELSEWHERE, at, message);
        context.push(error.with_help("write the value, or hand it over as an SSM parameter of this account"));
        return None;
    }
    Some(found.region.clone().filter(|found| found != region))
}

#[cfg(test)]
mod tests {
    use crate::resolve::resolve;
    use crate::resolve::testing::{SMALL, brief, small_with};
    use crate::source::MemoryFiles;

    /// What a value of a parameter becomes, and what is told of it.
    fn becomes(value: &str) -> String {
        let spec =
            format!("{SMALL}stacks: {{ own: {{ template: ./own.yaml, parameters: {{ P: {value} }} }} }}\n");
        let other = |name: &str, account: &str, region: &str| {
            let changes = [
                ("environment: poc", format!("environment: {name}")),
                ("account: \"444455556666\"", format!("account: \"{account}\"")),
                ("region: ap-northeast-1", format!("region: {region}")),
            ];
            let changes: Vec<_> = changes.iter().map(|(from, to)| (*from, to.as_str())).collect();
            small_with(&changes)
        };
        let own = "Parameters: { P: { Type: String } }\nResources: { A: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref P } } }\n";
        let files = MemoryFiles::new()
            .with("environments/poc.yaml", spec)
            .with("environments/own.yaml", own)
            .with("environments/value.txt", "two\nlines\n")
            .with("environments/shared.yaml", other("shared", "444455556666", "ap-northeast-1"))
            .with("environments/far.yaml", other("far", "444455556666", "us-east-1"))
            .with("environments/foreign.yaml", other("foreign", "111122223333", "ap-northeast-1"));
        let resolution = resolve(&files, "environments/poc.yaml");
        let told = brief(&resolution.findings, &resolution.sources);
        if !told.is_empty() {
            return told.join("\n").replace("environments/poc.yaml:24:", "");
        }
        format!("{:?}", resolution.environment.unwrap().stacks[0].parameters["P"])
    }

    #[test]
    fn a_value_is_written_or_says_where_it_is_read() {
        for (value, expected) in [
            ("text", r#"Value("text")"#),
            ("1.10", r#"Value("1.10")"#),
            ("[a, b]", r#"Value("a,b")"#),
            ("{ output: network.VpcId }", r#"Output { stack: "network", output: "VpcId" }"#),
            (
                "{ output: network.VpcId, environment: poc }",
                r#"Output { stack: "network", output: "VpcId" }"#,
            ),
            (
                "{ output: dns.ZoneId, environment: shared }",
                r#"Read(Output { stack: "poc-shared-dns", output: "ZoneId", region: None })"#,
            ),
            (
                "{ output: dns.ZoneId, environment: far }",
                r#"Read(Output { stack: "poc-far-dns", output: "ZoneId", region: Some("us-east-1") })"#,
            ),
            (
                "{ output: ZoneId, stack: Company-dns }",
                r#"Read(Output { stack: "Company-dns", output: "ZoneId", region: None })"#,
            ),
            ("{ ssm: /poc/size }", r#"Read(Parameter { name: "/poc/size", region: None })"#),
            (
                "{ ssm: /poc/size, region: us-east-1 }",
                r#"Read(Parameter { name: "/poc/size", region: Some("us-east-1") })"#,
            ),
            (
                "{ output: ZoneId, stack: dns, region: us-east-1 }",
                r#"Read(Output { stack: "dns", output: "ZoneId", region: Some("us-east-1") })"#,
            ),
            (
                "{ output: ZoneId, stack: dns, region: ap-northeast-1 }",
                r#"Read(Output { stack: "dns", output: "ZoneId", region: None })"#,
            ),
            ("{ env: GIT_COMMIT }", r#"Read(Variable("GIT_COMMIT"))"#),
            ("{ previous: true }", "Read(Previous { first: None })"),
            ("{ previous: true, first: 1.10 }", r#"Read(Previous { first: Some("1.10") })"#),
            ("{ file: ./value.txt }", r#"Value("two\nlines")"#),
            ("{ secret: poc/db }", r#"Value("{{resolve:secretsmanager:poc/db}}")"#),
            (
                "{ secret: poc/db, key: password }",
                r#"Value("{{resolve:secretsmanager:poc/db:SecretString:password}}")"#,
            ),
        ] {
            assert_eq!(becomes(value), expected, "{value}");
        }
    }

    #[test]
    fn what_says_no_value_or_two_is_told_with_what_to_write() {
        for (value, expected) in [
            (
                "{}",
                "ASG0301 nothing says where the value is read (one of `output`, `ssm`, `secret`, `file`, `env`, `previous`)",
            ),
            ("{ key: password }", "ASG0301 `key` needs `secret` (write `secret` beside it)"),
            (
                "{ ssm: /poc/size, env: SIZE }",
                "ASG0301 `ssm` and `env` both say where the value is read (keep one)",
            ),
            ("{ ssm: /poc/size, key: x }", "ASG0301 `key` goes with `secret`, and there is none (remove it)"),
            (
                "{ output: ZoneId }",
                "ASG0301 `ZoneId` says no stack (write `STACK.ZoneId`, or name a stack of others with `stack`)",
            ),
            (
                "{ output: dns.ZoneId, stack: other }",
                "ASG0301 `dns.ZoneId` names a stack, and `stack` names another (write `output: ZoneId`, or remove `stack`)",
            ),
            (
                "{ output: dns.ZoneId, environment: shraed }",
                "ASG0530 no environment of `poc` is called `shraed` (did you mean `shared`?)",
            ),
            (
                "{ output: dns.ZoneId, environment: foreign }",
                "ASG0530 `foreign` is in account 111122223333, and outputs are read in 444455556666 alone (write the value, or hand it over as an SSM parameter of this account)",
            ),
            (
                "{ env: SIZE, region: us-east-1 }",
                "ASG0301 `region` goes with `stack`, and there is none (remove it)",
            ),
            (
                "{ previous: false }",
                "ASG0301 `previous` says no value (write `previous: true`, or the value)",
            ),
            (
                "{ file: ../../secret }",
                "ASG0122 `../../secret` lies outside the repository (name a file by its path relative to this one)",
            ),
            (
                "{ env: \"A B\" }",
                "ASG0207 `env`: expected the name of an environment variable: letters, digits and `_`, found `A B`",
            ),
            (
                "{ ssm: \"/a $(id)\" }",
                "ASG0207 `ssm`: expected the name of a parameter: letters, digits and `_./-`, found `/a $(id)`",
            ),
            ("{ evn: X }", "ASG0201 unknown key `evn` in `P` (did you mean `env`?)"),
        ] {
            let told = becomes(value);
            let (_, told) = told.split_once(' ').unwrap();
            assert_eq!(told, expected, "{value}");
        }
    }
}
