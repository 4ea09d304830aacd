//! The notifications stack: one topic, and who is told.

use serde::Serialize;

use super::draft::Draft;
use super::graph::StackKind;
use super::{foundation, names};
use crate::model::{Environment, content_version};

/// Key of the stack.
const KEY: &str = "notifications";

/// Longest display name of a topic, in characters.
/// <https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html>
const DISPLAY_NAME_LIMIT: usize = 100;

#[derive(Serialize)]
struct Context<'a> {
    name: String,
    display_name: String,
    email: Vec<Address<'a>>,
    slack: Option<Slack<'a>>,
    pagerduty_secret: Option<&'a str>,
}

/// A subscription's endpoint cannot be changed, so each address is a resource that stays its own.
#[derive(Serialize)]
struct Address<'a> {
    id: String,
    address: &'a str,
}

#[derive(Serialize)]
struct Slack<'a> {
    workspace: &'a str,
    channel: &'a str,
}

/// The stack.
pub(super) fn draft(environment: &Environment) -> Draft {
    foundation::topic_key(Draft::new(KEY, StackKind::Notifications, "notifications", context(environment)))
}

/// Feeds `TopicArn`.
pub(super) fn topic(draft: Draft) -> Draft {
    draft.output(names::TOPIC_ARN, KEY, names::TOPIC_ARN)
}

fn context(environment: &Environment) -> Context<'_> {
    let told = &environment.notifications;
    let name = format!("{}-{}", environment.project, environment.name);
    Context {
        display_name: format!("{} {}", environment.project, environment.name)
            .chars()
            .take(DISPLAY_NAME_LIMIT)
            .collect(),
        email: told.email.iter().map(|address| Address { id: address_id(address), address }).collect(),
        slack: told
            .slack
            .as_ref()
            .map(|channel| Slack { workspace: &channel.workspace, channel: &channel.channel }),
        pagerduty_secret: told.pagerduty_secret.as_deref(),
        name,
    }
}

/// By the address and not by its place in the list, so that taking one out leaves the others as they are.
fn address_id(address: &str) -> String {
    let version = content_version("0.0", [address]);
    format!("Email{}", version.trim_start_matches("0.0."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Notifications, example};

    fn text(environment: &Environment) -> String {
        draft(environment).render(environment).unwrap_or_else(|error| panic!("{error}")).text
    }

    #[test]
    fn the_endpoint_of_pagerduty_is_a_reference_to_its_secret() {
        let text = text(&example::prod());
        let endpoint = r#"Endpoint: "{{resolve:secretsmanager:ops/pagerduty:SecretString}}""#;
        assert!(text.contains(endpoint), "{text}");
    }

    #[test]
    fn taking_an_address_out_leaves_the_others() {
        let told = |email: &[&str]| Environment {
            notifications: Notifications {
                email: email.iter().map(|address| (*address).to_owned()).collect(),
                ..Notifications::default()
            },
            ..example::poc()
        };
        let ids = |environment: &Environment| {
            let stack = draft(environment).render(environment).unwrap();
            stack.template.resources.keys().filter(|id| id.starts_with("Email")).cloned().collect::<Vec<_>>()
        };
        let (both, one) = (ids(&told(&["a@example.jp", "b@example.jp"])), ids(&told(&["b@example.jp"])));
        assert_eq!(both.len(), 2);
        assert!(both.contains(&one[0]), "{one:?} of {both:?}");
    }

    #[test]
    fn a_channel_that_nobody_named_is_not_made() {
        let text = text(&example::poc());
        assert!(!text.contains("Chatbot") && !text.contains("PagerDuty"), "{text}");
    }
}
