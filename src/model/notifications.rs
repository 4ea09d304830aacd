//! Who is told.

/// Who is told of alarms, builds and phases.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notifications {
    /// Addresses subscribed to the topic.
    pub email: Vec<String>,
    /// A channel of a workspace that was authorised once by hand.
    pub slack: Option<SlackChannel>,
    /// Name of the secret that holds PagerDuty's endpoint URL; the URL itself is never written.
    pub pagerduty_secret: Option<String>,
    /// ARNs of topics that CloudFormation tells of every stack event, at most five; `None` leaves each stack those that
    /// it has.
    pub stack_events: Option<Vec<String>>,
}

/// A Slack channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlackChannel {
    /// `T0…`
    pub workspace: String,
    /// `C0…`
    pub channel: String,
}
