//! Least-privilege policies for those who run asagi: what it calls, on what, and nothing else.

use serde_json::{Value, json};

use std::collections::BTreeSet;

use crate::model::{Environment, Input, Source};
use crate::stacks::names;

use super::deployed::prefix;

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Reads: `diff`, `plan`, `status`, `history`, `drift`.
    Ci,
    /// Reads, and rolls out through the environment's service role.
    Operator,
    /// Makes the `foundation` stack, which makes the service role: once, and whenever it changes.
    Founder,
}

/// What whoever grants a policy must know of it, a sentence; `None` where it gives nothing beyond what it names.
pub fn reach(environment: &Environment, audience: Audience) -> Option<String> {
    let (prefix, role) = (prefix(environment), names::service_role(environment));
    match audience {
        _ if environment.permissions_boundary.is_some() => None,
        Audience::Ci => None,
        Audience::Operator => Some(format!(
            "by way of {role} an operator makes roles named {prefix}-* with any permissions, and instances that have \
             them: name a `permissionsBoundary`, or give it to those whom you would give the account"
        )),
        Audience::Founder => Some(format!(
            "a founder writes what {role} may do, and so can get any permission: name a `permissionsBoundary`, or give it \
             to those whom you would give the account, for as long as the foundation is made"
        )),
    }
}

/// The policy document. Where an action knows no resources, or is asked for before its resource has a name, it is for
/// all; everything else is for this environment alone.
pub fn iam_policy(environment: &Environment, audience: Audience) -> Value {
    let mut statements = reads(environment);
    match audience {
        Audience::Ci => {}
        Audience::Operator => statements.extend(changes(environment)),
        Audience::Founder => {
            statements.extend(changes(environment));
            statements.extend(foundation(environment));
        }
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn arn(environment: &Environment, service: &str, rest: &str) -> String {
    format!("arn:aws:{service}:{}:{}:{rest}", environment.region, environment.account)
}

/// The environment's stacks, and the change sets that asagi makes: one that is named by its own ARN is asked for by that.
fn stacks(environment: &Environment) -> Vec<String> {
    let own = format!("stack/{}-*/*", prefix(environment));
    let regions = environment.stacks.iter().filter_map(|stack| stack.region.as_ref());
    let regions: BTreeSet<&String> = regions.collect();
    let regions = std::iter::once(&environment.region).chain(regions);
    let account = &environment.account;
    let in_region = |region: &String| {
        [own.as_str(), "changeSet/asagi-*/*"]
            .map(|rest| format!("arn:aws:cloudformation:{region}:{account}:{rest}"))
    };
    regions.flat_map(in_region).collect()
}

/// Parameters that the spec names for values of a team's own stacks.
fn settings(environment: &Environment) -> BTreeSet<String> {
    let inputs = environment.stacks.iter().flat_map(|stack| stack.parameters.values());
    let named = inputs.filter_map(|input| match input {
        Input::Read(Source::Parameter { name, region }) => {
            let region = region.as_ref().unwrap_or(&environment.region);
            let name = name.trim_start_matches('/');
            Some(format!("arn:aws:ssm:{region}:{}:parameter/{name}", environment.account))
        }
        _ => None,
    });
    named.collect()
}

fn reads(environment: &Environment) -> Vec<Value> {
    let parameter =
        |rest: &str| arn(environment, "ssm", &format!("parameter/{}/{rest}", environment.project));
    let settings = settings(environment);
    let mut statements = vec![
        json!({
            "Sid": "ReadStacks",
            "Effect": "Allow",
            "Action": [
                "cloudformation:DescribeChangeSet",
                "cloudformation:DescribeEvents",
                "cloudformation:DescribeStackEvents",
                "cloudformation:GetTemplate",
                "cloudformation:ListStackResources",
            ],
            "Resource": stacks(environment),
        }),
        json!({
            // Many stacks are read page by page, which is asked of the region; without it each is read by its name.
            "Sid": "ListStacks",
            "Effect": "Allow",
            "Action": "cloudformation:DescribeStacks",
            "Resource": "*",
        }),
        json!({
            "Sid": "ReadWhatIs",
            "Effect": "Allow",
            "Action": [
                "autoscaling:DescribeAutoScalingGroups",
                "cloudwatch:DescribeAlarmHistory",
                "cloudwatch:DescribeAlarms",
                "elasticloadbalancing:DescribeRules",
                "elasticloadbalancing:DescribeTargetHealth",
            ],
            "Resource": "*",
        }),
        json!({
            "Sid": "ReadRecordsAndImages",
            "Effect": "Allow",
            "Action": ["ssm:GetParameter", "ssm:GetParameterHistory"],
            "Resource": [parameter(&format!("{}/*", environment.name)), parameter("images/*")],
        }),
    ];
    if !settings.is_empty() {
        statements.push(json!({
            "Sid": "ReadWhatStacksTake",
            "Effect": "Allow",
            "Action": "ssm:GetParameter",
            "Resource": settings,
        }));
    }
    statements
}

fn changes(environment: &Environment) -> Vec<Value> {
    let prefix = prefix(environment);
    let role = format!("arn:aws:iam::{}:role/{}", environment.account, names::service_role(environment));
    let mut statements = vec![
        json!({
            "Sid": "ChangeStacks",
            "Effect": "Allow",
            "Action": [
                "cloudformation:CancelUpdateStack",
                "cloudformation:ContinueUpdateRollback",
                "cloudformation:CreateChangeSet",
                "cloudformation:DeleteChangeSet",
                "cloudformation:DeleteStack",
                "cloudformation:ExecuteChangeSet",
                "cloudformation:RollbackStack",
                "cloudformation:TagResource",
                "cloudformation:UntagResource",
                "cloudformation:UpdateTerminationProtection",
            ],
            "Resource": stacks(environment),
        }),
        json!({
            "Sid": "LetCloudFormationDoIt",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": role,
            "Condition": { "StringEquals": { "iam:PassedToService": "cloudformation.amazonaws.com" } },
        }),
        json!({
            "Sid": "TellOfPhases",
            "Effect": "Allow",
            "Action": "sns:Publish",
            "Resource": arn(environment, "sns", &format!("{prefix}-notifications-*")),
        }),
    ];
    if let Some(bucket) = &environment.template_bucket {
        statements.push(json!({
            // CloudFormation reads it as whoever asks for the change set.
            "Sid": "PassLargeTemplates",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": format!("arn:aws:s3:::{bucket}/asagi/{prefix}-*"),
        }));
    }
    statements
}

/// What gives a role no permission.
const KEEPS_ROLES: [&str; 10] = [
    "iam:DeleteRole",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
];

/// What may give it any.
const MAKES_ROLES: [&str; 4] =
    ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"];

/// The same, for roles within the environment's boundary alone where there is one.
fn within_boundary(environment: &Environment, mut statement: Value) -> Value {
    if let Some(boundary) = &environment.permissions_boundary {
        statement["Condition"] = json!({ "StringEquals": { "iam:PermissionsBoundary": boundary } });
    }
    statement
}

/// The stack that makes the service role is made without it.
fn foundation(environment: &Environment) -> Vec<Value> {
    let role = |name: String| format!("arn:aws:iam::{}:role/{name}", environment.account);
    let roles =
        [role(names::service_role(environment)), role(format!("{}-foundation-*", prefix(environment)))];
    vec![
        json!({ "Sid": "KeepRoles", "Effect": "Allow", "Action": KEEPS_ROLES, "Resource": roles }),
        within_boundary(
            environment,
            json!({ "Sid": "MakeRoles", "Effect": "Allow", "Action": MAKES_ROLES, "Resource": roles }),
        ),
        json!({
            "Sid": "LetServicesTakeThem",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": roles,
            "Condition": {
                "StringEquals": { "iam:PassedToService": ["cloudformation.amazonaws.com", "ssm.amazonaws.com"] },
            },
        }),
        json!({
            "Sid": "MakeKeys",
            "Effect": "Allow",
            "Action": [
                "kms:CreateAlias",
                "kms:CreateKey",
                "kms:DeleteAlias",
                "kms:DescribeKey",
                "kms:EnableKeyRotation",
                "kms:GetKeyPolicy",
                "kms:GetKeyRotationStatus",
                "kms:ListAliases",
                "kms:ListResourceTags",
                "kms:PutKeyPolicy",
                "kms:ScheduleKeyDeletion",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:UpdateAlias",
                "kms:UpdateKeyDescription",
            ],
            "Resource": "*",
        }),
        json!({
            "Sid": "MakeAutomation",
            "Effect": "Allow",
            "Action": [
                "ssm:AddTagsToResource",
                "ssm:CreateAssociation",
                "ssm:CreateDocument",
                "ssm:DeleteAssociation",
                "ssm:DeleteDocument",
                "ssm:DescribeAssociation",
                "ssm:DescribeDocument",
                "ssm:GetDocument",
                "ssm:ListTagsForResource",
                "ssm:RemoveTagsFromResource",
                "ssm:UpdateAssociation",
                "ssm:UpdateDocument",
                "ssm:UpdateDocumentDefaultVersion",
            ],
            "Resource": "*",
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::example;

    fn statement(policy: &Value, sid: &str) -> Value {
        let mut all = policy["Statement"].as_array().into_iter().flatten();
        all.find(|statement| statement["Sid"] == sid).cloned().unwrap()
    }

    #[test]
    fn the_role_that_is_passed_is_the_one_that_the_foundation_makes() {
        let environment = example::prod();
        let graph = crate::stacks::lower(&environment).unwrap();
        let made = &graph.stacks["foundation"].template.resources["ServiceRole"].properties["RoleName"];
        let arn = format!("arn:aws:iam::{}:role/{}", environment.account, made.as_str().unwrap());
        let operator = iam_policy(&environment, Audience::Operator);
        assert_eq!(statement(&operator, "LetCloudFormationDoIt")["Resource"], arn);
        let founder = iam_policy(&environment, Audience::Founder);
        for sid in ["MakeRoles", "LetServicesTakeThem"] {
            assert_eq!(statement(&founder, sid)["Resource"][0], arn);
        }
    }

    #[test]
    fn with_a_boundary_nobody_makes_a_role_without_it() {
        let boundary = "arn:aws:iam::123456789012:policy/idhub-boundary";
        let bounded = Environment { permissions_boundary: Some(boundary.to_owned()), ..example::prod() };
        for environment in [example::prod(), bounded] {
            let within = environment.permissions_boundary.is_some();
            let founder = iam_policy(&environment, Audience::Founder);
            let made = statement(&founder, "MakeRoles");
            let condition = json!({ "StringEquals": { "iam:PermissionsBoundary": boundary } });
            assert_eq!(made.get("Condition"), within.then_some(&condition));
            assert_eq!(reach(&environment, Audience::Operator).is_some(), !within);
            assert_eq!(reach(&environment, Audience::Founder).is_some(), !within);
        }
    }

    /// What `apply --prune` and `destroy` call, of every stack of the environment and of none beside it.
    #[test]
    fn an_operator_may_remove_stacks_of_the_environment_alone() {
        let environment = example::prod();
        let operator = iam_policy(&environment, Audience::Operator);
        let allowed = |action: &str| -> Vec<String> {
            let statements = operator["Statement"].as_array().into_iter().flatten();
            let of = statements.filter(|it| it["Action"].to_string().contains(&format!("\"{action}\"")));
            of.map(|it| it["Resource"].to_string()).collect()
        };
        let own = serde_json::to_string(&stacks(&environment)).unwrap();
        for action in ["DeleteStack", "DescribeStackEvents", "GetTemplate", "ListStackResources"] {
            assert_eq!(allowed(&format!("cloudformation:{action}")), [own.as_str()], "{action}");
        }
        for action in ["cloudformation:DescribeStacks", "autoscaling:DescribeAutoScalingGroups"] {
            assert_eq!(allowed(action), ["\"*\""], "{action}");
        }
    }

    #[test]
    fn no_role_is_passed_to_any_service_whatever() {
        let founder = iam_policy(&example::poc(), Audience::Founder);
        let passes = |statement: &&Value| statement["Action"].to_string().contains("iam:PassRole");
        let passing: Vec<&Value> = founder["Statement"].as_array().unwrap().iter().filter(passes).collect();
        assert_eq!(passing.len(), 2);
        let services =
            |statement: &&Value| statement["Condition"]["StringEquals"]["iam:PassedToService"].clone();
        assert!(passing.iter().all(|statement| !services(statement).is_null()), "{passing:#?}");
    }
}
