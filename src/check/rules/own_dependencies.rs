//! ASG0506: stacks that wait for one that is not there, or for themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity, nearest};
use crate::model::{Input, OwnStack};
use crate::source::pointer;
use crate::stacks::imports;

use super::stack_keys;

const CODE: Code = crate::check::stack_error::DEPENDENCY;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a stack that waits for one that is not there, or for itself",
    severity: &[Severity::Error],
    docs: "A parameter fed with an output of another stack makes that stack come first, and so does `Fn::ImportValue` of what \
           another of `stacks:` exports. It must be one of asagi's or another of `stacks:`, and following them must not lead \
           back, or none could be the first.",
    fails: "stacks:\n  one: { template: ./topic.yaml, parameters: { Name: { output: two.Name } } }\n  two: { template: ./topic.yaml, parameters: { Name: { output: one.Name } } }\n  three: { template: ./topic.yaml, parameters: { Name: { output: netwrok.VpcId } } }\n",
    mended: "stacks:\n  one: { template: ./topic.yaml, parameters: { Name: { output: two.Name } } }\n  two: { template: ./topic.yaml, parameters: { Name: orders } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let stacks: BTreeMap<&str, &OwnStack> =
        subject.environment.stacks.iter().map(|stack| (stack.name.as_str(), stack)).collect();
    let imports = imports(subject.environment);
    let edges = Edges { stacks: &stacks, imports: &imports };
    let asagis = stack_keys::of_environment(subject.environment);
    let known = || asagis.iter().map(String::as_str).chain(stacks.keys().copied());
    for stack in stacks.values() {
        for (name, from) in outputs(stack) {
            let at = pointer(["stacks", &stack.name, "parameters", name]);
            if !known().any(|key| key == from) {
                let error =
                    subject.error(CODE, &at, format!("there is no stack `{from}` to take an output from"));
                findings.push(match nearest(from, known()) {
                    Some(near) => error.with_help(format!("did you mean `{near}`?")),
                    None => error.with_help(format!("there are {}", known().collect::<Vec<_>>().join(", "))),
                });
            } else if let Some(circle) = edges.circle(&stack.name, from) {
                let message =
                    format!("stack `{}` waits for itself: `{}`", stack.name, circle.join("` for `"));
                findings.push(
                    subject
                        .error(CODE, &at, message)
                        .with_help("give one of them a value instead of an output"),
                );
            }
        }
        for from in imports.get(&stack.name).into_iter().flatten() {
            let Some(circle) = edges.circle(&stack.name, from) else { continue };
            let way = circle.join("` for `");
            let message = format!("stack `{}` waits for itself by what it imports: `{way}`", stack.name);
            let error = subject.error(CODE, &pointer(["stacks", &stack.name]), message);
            findings.push(error.with_help("give one of them a value as a parameter instead of importing it"));
        }
    }
}

/// Parameters that are outputs, with the stacks those are of.
fn outputs(stack: &OwnStack) -> impl Iterator<Item = (&str, &str)> {
    stack.parameters.iter().filter_map(|(name, value)| match value {
        Input::Output { stack, .. } => Some((name.as_str(), stack.as_str())),
        Input::Value(_) | Input::Read(_) => None,
    })
}

/// What the team's own stacks wait for.
struct Edges<'a> {
    stacks: &'a BTreeMap<&'a str, &'a OwnStack>,
    imports: &'a BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Edges<'a> {
    /// The way from `from` back to `name`, told only by the first of its stacks in the order of names.
    fn circle(&self, name: &'a str, from: &'a str) -> Option<Vec<&'a str>> {
        let (mut open, mut seen) = (vec![vec![name, from]], Vec::new());
        while let Some(way) = open.pop() {
            let last = way.last().copied()?;
            if last == name {
                return way.iter().all(|other| name <= *other).then_some(way);
            }
            if seen.contains(&last) {
                continue;
            }
            seen.push(last);
            let fed =
                self.stacks.get(last).into_iter().flat_map(|stack| outputs(stack)).map(|(_, from)| from);
            let imported = self.imports.get(last).into_iter().flatten().map(String::as_str);
            open.extend(fed.chain(imported).map(|next| [way.as_slice(), &[next]].concat()));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::check::tests::checked;
    use crate::resolve::resolve;
    use crate::resolve::testing::{SMALL, brief};
    use crate::source::MemoryFiles;
    use crate::stacks::lower;

    const EXPORTS: &str = "Parameters: { Name: { Type: String } }\nResources: { T: { Type: AWS::SNS::Topic } }\nOutputs: { Arn: { Value: !Ref T, Export: { Name: !Sub '${Name}-${AWS::Region}' } } }\n";
    const IMPORTS: &str = "Resources: { P: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: { Fn::ImportValue: NAME } } } }\n";

    #[test]
    fn whoever_imports_comes_after_who_exports() {
        let of = |name: &str, back: &str| {
            let spec = format!(
                "{SMALL}stacks:\n  app: {{ template: ./app.yaml }}\n  topic: {{ template: ./topic.yaml, parameters: {{ Name: orders }} }}\n"
            );
            let files = MemoryFiles::new()
                .with("environments/poc.yaml", spec)
                .with("environments/app.yaml", IMPORTS.replace("NAME", name))
                .with("environments/topic.yaml", format!("{EXPORTS}{back}"));
            resolve(&files, "environments/poc.yaml")
        };
        for (name, expected) in [
            ("orders-ap-northeast-1", ["topic", "app"]),
            ("!Sub 'orders-${AWS::Region}'", ["topic", "app"]),
            ("somebody-else-s", ["app", "topic"]),
        ] {
            let graph = lower(&of(name, "").environment.unwrap()).unwrap();
            let keys: Vec<_> =
                graph.stacks.keys().filter(|key| ["app", "topic"].contains(&&***key)).collect();
            assert_eq!(keys, expected, "{name}");
        }
        let app = "Outputs: { Q: { Value: x, Export: { Name: q } } }\n";
        let files = MemoryFiles::new()
            .with(
                "environments/poc.yaml",
                format!("{SMALL}stacks: {{ a: {{ template: ./a.yaml }}, b: {{ template: ./b.yaml }} }}\n"),
            )
            .with("environments/a.yaml", format!("{}{app}", IMPORTS.replace("NAME", "r")))
            .with(
                "environments/b.yaml",
                format!("{}{}", IMPORTS.replace("NAME", "q"), app.replace("Name: q", "Name: r")),
            );
        let resolution = resolve(&files, "environments/poc.yaml");
        let told = brief(&checked(&resolution), &resolution.sources);
        let told: Vec<_> = told.iter().filter(|line| line.contains("ASG0506")).collect();
        assert!(
            told.len() == 1
                && told[0].contains("stack `a` waits for itself by what it imports: `a` for `b` for `a`"),
            "{told:#?}"
        );
    }
}
