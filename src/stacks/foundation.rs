//! The foundation stack: the role by which CloudFormation works, the topics' key, and in the environment that owns
//! the images their key and the role that builds them.

use serde::Serialize;

use super::draft::Draft;
use super::graph::StackKind;
use super::kept::Kept;
use super::{guard, images, names};
use crate::model::Environment;

/// Key of the stack, whose role creates every other one.
pub(super) const KEY: &str = names::FOUNDATION;

#[derive(Serialize)]
struct Context<'a> {
    name: String,
    project: &'a str,
    service_role: String,
    retention: Kept,
    /// Name of the secret with PagerDuty's endpoint.
    secret: Option<&'a str>,
    /// Some role's rollouts are taken back by an automation.
    guarded: bool,
    images: Option<OwnedImages<'a>>,
    grant: Option<ImageKeyGrant<'a>>,
}

/// In the environment that builds and keeps the images.
#[derive(Serialize)]
struct OwnedImages<'a> {
    alias: String,
    registry: String,
    consumers: Vec<&'a str>,
}

/// Where the images come from another account: whose key is asked for a grant.
#[derive(Serialize)]
struct ImageKeyGrant<'a> {
    owner: &'a str,
    alias: String,
}

/// The stack.
pub(super) fn draft(environment: &Environment) -> Draft {
    Draft::new(KEY, StackKind::Foundation, "foundation", context(environment))
}

/// Feeds `TopicKeyArn`.
pub(super) fn topic_key(draft: Draft) -> Draft {
    draft.output(names::TOPIC_KEY_ARN, KEY, names::TOPIC_KEY_ARN)
}

fn context(environment: &Environment) -> Context<'_> {
    let name = format!("{}-{}", environment.project, environment.name);
    let has_images = environment.roles.iter().any(|role| role.images.is_some());
    let elsewhere = environment.images_owner_account != environment.account;
    Context {
        service_role: names::service_role(environment),
        name,
        project: &environment.project,
        retention: environment.retention.into(),
        guarded: environment.roles.iter().any(|role| guard::guards(environment, role)),
        secret: environment.notifications.pagerduty_secret.as_deref(),
        images: (has_images && environment.owns_images()).then(|| owned(environment)),
        grant: (has_images && elsewhere).then(|| ImageKeyGrant {
            owner: &environment.images_owner_account,
            alias: key_alias(environment),
        }),
    }
}

fn owned(environment: &Environment) -> OwnedImages<'_> {
    OwnedImages {
        alias: key_alias(environment),
        registry: images::registry(environment),
        consumers: images::consumers(environment, None),
    }
}

/// By its alias every account of the project finds the images' key.
fn key_alias(environment: &Environment) -> String {
    format!("alias/{}-images", environment.project)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Guard, example};

    fn text(environment: &Environment) -> String {
        draft(environment).render(environment).unwrap_or_else(|error| panic!("{error}")).text
    }

    #[test]
    fn the_owner_keeps_the_key_and_others_ask_for_a_grant() {
        let (owner, consumer) = (text(&example::poc()), text(&example::prod()));
        assert!(
            owner
                .contains("  ImageKey:\n    Type: AWS::KMS::Key\n    DeletionPolicy: RetainExceptOnCreate\n"),
            "{owner}"
        );
        assert!(
            owner.contains(r#""arn:${AWS::Partition}:iam::123456789012:root""#),
            "prod may launch\n{owner}"
        );
        assert!(!consumer.contains("ImageKey:") && consumer.contains("ImageKeyGrant:"), "{consumer}");
        assert!(consumer.contains(r#"${AWS::Region}:210987654321:alias/idhub-40-images"#), "{consumer}");
    }

    #[test]
    fn environments_of_the_owners_account_need_no_grant() {
        let environment = Environment { account: "210987654321".to_owned(), ..example::prod() };
        let text = text(&environment);
        assert!(!text.contains("ImageKey"), "{text}");
    }

    #[test]
    fn every_role_stays_within_the_boundary_and_makes_none_without_it() {
        let boundary = "arn:aws:iam::123456789012:policy/idhub-boundary";
        for mut environment in [example::poc(), example::prod()] {
            environment.permissions_boundary = Some(boundary.to_owned());
            let graph = crate::stacks::lower(&environment).unwrap();
            let resources = graph.stacks.values().flat_map(|stack| &stack.template.resources);
            let roles: Vec<_> = resources.filter(|(_, resource)| resource.kind == "AWS::IAM::Role").collect();
            assert!(roles.len() > 3, "{roles:?}");
            for (id, role) in roles {
                assert_eq!(role.properties.get("PermissionsBoundary"), Some(&boundary.into()), "{id}");
            }
            let role = &graph.get(KEY).unwrap().template.resources["ServiceRole"].properties["Policies"];
            let allowed =
                role.as_array().unwrap().iter().flat_map(|policy| {
                    policy["PolicyDocument"]["Statement"].as_array().unwrap().iter().cloned()
                });
            let makes = |statement: &serde_json::Value| {
                let actions = statement["Action"].to_string();
                statement["Effect"] == "Allow"
                    && ["CreateRole\"", "PutRolePolicy", "AttachRolePolicy"]
                        .iter()
                        .any(|it| actions.contains(it))
            };
            for statement in allowed.filter(makes) {
                assert_eq!(statement["Condition"]["StringEquals"]["iam:PermissionsBoundary"], boundary);
            }
            assert!(role.to_string().len() < 10_240, "{}", role.to_string().len());
        }
    }

    #[test]
    fn the_service_role_fits_what_iam_takes_inline() {
        for environment in [example::poc(), example::prod(), guarded()] {
            fits_inline(&environment);
        }
    }

    /// An environment whose every stack is there.
    fn guarded() -> Environment {
        let mut environment = example::poc();
        environment.protection.guard = Guard::Automation;
        environment
    }

    fn fits_inline(environment: &Environment) {
        // Of all inline policies of a role together, without white space.
        // <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
        const LIMIT: usize = 10_240;
        let stack = draft(environment).render(environment).unwrap();
        for (id, resource) in
            stack.template.resources.iter().filter(|(_, resource)| resource.kind == "AWS::IAM::Role")
        {
            let size = resource.properties.get("Policies").map_or(0, |policies| policies.to_string().len());
            assert!(size < LIMIT, "{id} has {size} characters of policies");
        }
    }

    #[test]
    fn the_service_role_knows_every_service_that_a_stack_needs() {
        let environment = guarded();
        let graph = crate::stacks::lower(&environment).unwrap();
        let role =
            graph.get(KEY).unwrap().template.resources["ServiceRole"].properties["Policies"].to_string();
        let others = graph.stacks.values().filter(|stack| stack.key != KEY && stack.kind != StackKind::Own);
        for (id, resource) in others.flat_map(|stack| &stack.template.resources) {
            let service = resource.kind.split("::").nth(1).unwrap().to_ascii_lowercase();
            let prefix = if service == "wafv2" { &service } else { service.trim_end_matches("v2") };
            assert!(
                role.contains(&format!("\"{prefix}:")),
                "{id} is a {}, and the role knows no {prefix}",
                resource.kind
            );
        }
    }

    #[test]
    fn nothing_is_allowed_everything() {
        for environment in [example::poc(), example::prod()] {
            let text = text(&environment);
            assert!(!text.contains("Action: \"*\"") && !text.contains("- \"*\""), "{text}");
        }
    }
}
