//! `notifications`: who is told.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Arn, Email, SlackChannel, SlackWorkspace, Text};

/// Who is told of alarms, builds and phases.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Notifications {
    /// Addresses; each must confirm once.
    pub email: Vec<Email>,
    /// A channel of a workspace that was authorised once in the console.
    pub slack: Option<Slack>,
    /// PagerDuty's endpoint.
    pub pagerduty: Option<PagerDuty>,
    /// Topics that CloudFormation tells of every event of every stack, for machines that read along: a phase has dozens
    /// of events. They exist already. A stack gets them with its next change; without this key it keeps those it has.
    #[schemars(extend("maxItems" = 5))]
    pub stack_events: Option<Vec<Arn>>,
}

/// A Slack channel, by ids.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Slack {
    /// `T0…`
    pub workspace: SlackWorkspace,
    /// `C0…`
    pub channel: SlackChannel,
}

/// PagerDuty's endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PagerDuty {
    /// Name of the secret that holds the endpoint's URL; the URL itself is never written.
    pub secret: Text,
}
