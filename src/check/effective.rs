//! Resources of a team's own stacks as they come out: with the values that the spec and the defaults give, and without those
//! that conditions leave out.

use serde_json::{Map, Value};

use crate::cfn::{Evaluator, NothingKnown};
use crate::model::{Environment, OwnStack};
use crate::stacks::{given, surroundings};

/// A resource of a team's own stack with its values. What is not known stands as the text it is shown as, `${From}`.
pub(super) struct OwnResource<'a> {
    pub(super) stack: &'a OwnStack,
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) properties: Map<String, Value>,
}

/// Every one whose type is looked at. Of a template that a macro rewrites, what is written.
pub(super) fn own_resources<'a>(
    environment: &'a Environment,
    looks_at: impl Fn(&str) -> bool + Copy + 'a,
) -> impl Iterator<Item = OwnResource<'a>> {
    environment.stacks.iter().flat_map(move |stack| of_stack(environment, stack, looks_at))
}

fn of_stack<'a>(
    environment: &Environment,
    stack: &'a OwnStack,
    looks_at: impl Fn(&str) -> bool,
) -> Vec<OwnResource<'a>> {
    if stack.parsed.rewritten {
        let written = stack.parsed.resources.iter().filter(|(_, it)| looks_at(&it.kind));
        let own = written.map(|(id, it)| OwnResource {
            stack,
            id: id.clone(),
            kind: it.kind.clone(),
            properties: it.properties.clone(),
        });
        return own.collect();
    }
    let (given, surroundings) = (given(stack), surroundings(environment, stack));
    let unrolled = Evaluator::new(&stack.parsed, &given, &surroundings, &NothingKnown).unrolled();
    let evaluator = Evaluator::new(&unrolled, &given, &surroundings, &NothingKnown);
    let seen = unrolled.resources.iter().filter(|(_, it)| looks_at(&it.kind)).filter_map(|(id, _)| {
        let resource = evaluator.resource(id)?;
        let properties = resource.properties.iter().map(|(name, value)| (name.clone(), value.to_json()));
        Some(OwnResource { stack, id: id.clone(), kind: resource.kind, properties: properties.collect() })
    });
    seen.collect()
}

#[cfg(test)]
mod tests {
    use crate::check::tests::checked;
    use crate::resolve::resolve;
    use crate::resolve::testing::{SMALL, brief};
    use crate::source::MemoryFiles;

    /// Codes of what is found in a template with these sections, fed with these parameters.
    fn codes(sections: &str, resource: &str, given: &str) -> String {
        let spec = format!("{SMALL}stacks: {{ own: {{ template: ./own.yaml, parameters: {given} }} }}\n");
        let own = format!("{sections}Resources:\n  A: {resource}\n");
        let files = MemoryFiles::new().with("environments/poc.yaml", spec).with("environments/own.yaml", own);
        let resolution = resolve(&files, "environments/poc.yaml");
        let lines = brief(&checked(&resolution), &resolution.sources);
        let told =
            lines.iter().filter_map(|line| line.split_whitespace().find(|word| word.starts_with("ASG")));
        let looked_for = [
            "ASG0408", "ASG0409", "ASG0410", "ASG0411", "ASG0412", "ASG0413", "ASG0505", "ASG0512",
            "ASG0516", "ASG0524",
        ];
        told.filter(|code| looked_for.contains(code)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rules_judge_what_a_template_comes_to() {
        let database = |encrypted: &str| {
            format!(
                "{{ Type: AWS::RDS::DBInstance, DeletionPolicy: Snapshot, UpdateReplacePolicy: Snapshot, Properties: {{ StorageEncrypted: {encrypted} }} }}"
            )
        };
        let door = |port: &str, from: &str| {
            format!(
                "{{ Type: AWS::EC2::SecurityGroup, Properties: {{ GroupDescription: x, SecurityGroupIngress: [{{ Description: x, IpProtocol: tcp, FromPort: {port}, ToPort: {port}, CidrIp: {from} }}] }} }}"
            )
        };
        let by = |default: &str| format!("Parameters: {{ P: {{ Type: String{default} }} }}\n");
        let when = |sides: &str| format!("Conditions: {{ C: !Equals {sides} }}\n");
        let group =
            |retention: &str| format!("{{ Type: AWS::Logs::LogGroup, Properties: {{ {retention} }} }}");
        let password = |from: &str| format!("StorageEncrypted: true, MasterUserPassword: {from}");
        let named = |kind: &str, name: &str| format!("{{ Type: {kind}, Properties: {{ {name} }} }}");
        for (sections, resource, given, expected) in [
            (by(", Default: 'false'"), database("!Ref P"), "{}", "ASG0410"),
            (by(", Default: 'false'"), database("!Ref P"), "{ P: 'true' }", ""),
            (by(""), database("!Ref P"), "{ P: { output: web-traffic.BlueTargetGroupArn } }", ""),
            (when("[a, b]"), database("!If [C, true, false]"), "{}", "ASG0410"),
            (when("[a, a]"), database("!If [C, true, false]"), "{}", ""),
            (when("[a, b]"), database("!If [C, true, !Ref AWS::NoValue]"), "{}", "ASG0410"),
            // What its condition leaves out is not judged.
            (when("[a, b]"), database("false").replacen('{', "{ Condition: C, ", 1), "{}", ""),
            (when("[a, a]"), database("false").replacen('{', "{ Condition: C, ", 1), "{}", "ASG0410"),
            (by(""), door("22", "!Ref P"), "{ P: 0.0.0.0/0 }", "ASG0409"),
            (by(""), door("22", "!Ref P"), "{ P: 10.0.0.0/8 }", ""),
            (by(""), door("!Ref P", "0.0.0.0/0"), "{ P: '3306' }", "ASG0409"),
            (by(""), door("!Ref P", "0.0.0.0/0"), "{ P: '443' }", ""),
            (
                by(", NoEcho: true, Default: hunter2secret"),
                named("AWS::RDS::DBInstance", &password("!Ref P")),
                "{}",
                "ASG0408",
            ),
            (
                by(", NoEcho: true"),
                named("AWS::RDS::DBInstance", &password("!Ref P")),
                "{ P: { output: web-traffic.BlueTargetGroupArn } }",
                "",
            ),
            (
                when("[a, a]"),
                named("AWS::RDS::DBInstance", &password("!If [C, hunter2secret, x]")),
                "{}",
                "ASG0408",
            ),
            (
                when("[a, b]"),
                named(
                    "AWS::RDS::DBInstance",
                    &password("!If [C, hunter2secret, '{{resolve:secretsmanager:a}}']"),
                ),
                "{}",
                "",
            ),
            (when("[a, b]"), group("RetentionInDays: !If [C, 30, !Ref AWS::NoValue]"), "{}", "ASG0413"),
            (when("[a, a]"), group("RetentionInDays: !If [C, 30, !Ref AWS::NoValue]"), "{}", ""),
            (
                String::new(),
                named(
                    "AWS::IAM::Group",
                    "ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess']",
                ),
                "{}",
                "ASG0411",
            ),
            (
                by(""),
                named("AWS::S3::Bucket", "BucketName: !Sub 'Logs-${AWS::Region}'"),
                "{ P: a }",
                "ASG0524",
            ),
            (by(""), named("AWS::S3::Bucket", "BucketName: !Sub 'logs-${P}'"), "{ P: a }", ""),
            (
                by(""),
                named("AWS::SQS::Queue", "QueueName: !Sub '${AWS::StackName}-${P}'"),
                "{ P: '*' }",
                "ASG0516",
            ),
            (
                String::new(),
                named("AWS::SNS::Topic", "TopicName: !Sub '${AWS::StackName}-a'")
                    + "\n  B: "
                    + &named("AWS::SNS::Topic", "TopicName: poc-poc-own-a"),
                "{}",
                "ASG0512",
            ),
            (
                by("") + "Rules: { R: { Assertions: [{ Assert: !Equals [!Ref P, a] }] } }\n",
                named("AWS::SNS::Topic", "DisplayName: !Ref P"),
                "{ P: b }",
                "ASG0505",
            ),
            (
                by("") + "Rules: { R: { Assertions: [{ Assert: !Equals [!Ref P, a] }] } }\n",
                named("AWS::SNS::Topic", "DisplayName: !Ref P"),
                "{ P: a }",
                "",
            ),
        ] {
            assert_eq!(codes(&sections, &resource, given), expected, "{sections}{resource} {given}");
        }
    }
}
