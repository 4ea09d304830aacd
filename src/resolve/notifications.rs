//! `notifications`: who is told.

use crate::model::{Notifications, SlackChannel};
use crate::spec;

pub(super) fn notifications(spec: Option<&spec::Notifications>) -> Notifications {
    let Some(spec) = spec else { return Notifications::default() };
    let channel = |slack: &spec::Slack| SlackChannel {
        workspace: slack.workspace.to_string(),
        channel: slack.channel.to_string(),
    };
    Notifications {
        email: spec.email.iter().map(ToString::to_string).collect(),
        slack: spec.slack.as_ref().map(channel),
        pagerduty_secret: spec.pagerduty.as_ref().map(|pagerduty| pagerduty.secret.to_string()),
        stack_events: spec.stack_events.as_ref().map(|all| all.iter().map(ToString::to_string).collect()),
    }
}
