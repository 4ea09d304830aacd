//! What is in the account beside the stacks: groups and their instances, rules, alarms, parameters, images, messages.
//! All of it comes from deployed resources and moves with the virtual clock.

mod alarms;
mod groups;
mod images;
mod parameters;
mod provider;
mod refresh;
mod routing;
mod rule;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use alarms::Alarm;
pub(crate) use groups::Group;
pub(crate) use images::Pipeline;
pub(crate) use parameters::Version;
pub(crate) use provider::Deployed;
pub(crate) use refresh::{Refresh, Refreshing};
pub(crate) use routing::{Rule, TargetGroup};

use super::fault::Fault;

/// The form of documents that this asagi keeps. It rises when one of them changes so that the others would misread it.
pub(crate) const FORM: u32 = 1;

const fn first_form() -> u32 {
    1
}

/// The account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct World {
    /// Form of the store's documents; those from before it was written down have the first.
    #[serde(default = "first_form")]
    pub(crate) form: u32,
    /// Rises with every change, so that another process sees that there was one.
    pub(crate) revision: u64,
    /// Twelve digits.
    pub(crate) account: String,
    /// Such as `ap-northeast-1`.
    pub(crate) region: String,
    /// The virtual clock.
    pub(crate) now: Timestamp,
    /// Faults at work.
    pub(crate) faults: Vec<Fault>,
    /// How many stacks of a name there were.
    pub(crate) incarnations: BTreeMap<String, u64>,
    /// `type name` of everything that has a name of its own, retained things included.
    pub(crate) taken: BTreeSet<String>,
    /// Auto Scaling groups by name.
    pub(crate) groups: BTreeMap<String, Group>,
    /// Instance refreshes that run or have failed, by group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) refreshes: BTreeMap<String, Refresh>,
    /// Versions of launch templates by id, oldest first.
    pub(crate) launch_templates: BTreeMap<String, Vec<Value>>,
    /// Target groups by ARN.
    pub(crate) target_groups: BTreeMap<String, TargetGroup>,
    /// Listener rules and listeners' default actions by ARN.
    pub(crate) rules: BTreeMap<String, Rule>,
    /// Alarms and composites by name.
    pub(crate) alarms: BTreeMap<String, Alarm>,
    /// Parameters by name, oldest version first.
    pub(crate) parameters: BTreeMap<String, Vec<Version>>,
    /// Image distribution configurations by ARN: the parameters that they write.
    pub(crate) distributions: BTreeMap<String, Vec<String>>,
    /// Image pipelines by ARN.
    pub(crate) pipelines: BTreeMap<String, Pipeline>,
    /// ARNs of topics.
    pub(crate) topics: BTreeSet<String>,
    /// What was published.
    pub(crate) messages: Vec<Message>,
}

/// A published message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// When.
    pub at: Timestamp,
    /// ARN of the topic.
    pub topic: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub message: String,
}

impl World {
    /// An empty account at that time.
    pub(crate) fn new(account: &str, region: &str, now: Timestamp) -> Self {
        Self {
            form: FORM,
            revision: 0,
            account: account.to_owned(),
            region: region.to_owned(),
            now,
            faults: Vec::new(),
            incarnations: BTreeMap::new(),
            taken: BTreeSet::new(),
            groups: BTreeMap::new(),
            refreshes: BTreeMap::new(),
            launch_templates: BTreeMap::new(),
            target_groups: BTreeMap::new(),
            rules: BTreeMap::new(),
            alarms: BTreeMap::new(),
            parameters: BTreeMap::new(),
            distributions: BTreeMap::new(),
            pipelines: BTreeMap::new(),
            topics: BTreeSet::new(),
            messages: Vec::new(),
        }
    }

    /// Who calls.
    pub(crate) fn caller(&self) -> String {
        format!("arn:aws:iam::{}:user/local", self.account)
    }

    /// When something next happens by itself.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let edges = self.faults.iter().filter_map(|fault| fault.next_edge(self.now));
        let due = edges.chain(self.alarms_due()).chain(self.images_due()).chain(self.refreshes_due());
        due.filter(|due| *due > self.now).min()
    }

    /// What happens by itself at the present time.
    pub(crate) fn settle(&mut self) {
        self.build_images();
        self.reconcile_all();
        self.settle_alarms();
        self.go_on_refreshing();
    }

    /// That long from now; the end of time where there is no such time.
    pub(crate) fn after(&self, seconds: u64) -> Timestamp {
        later(self.now, seconds)
    }
}

/// So many seconds after a time.
pub(crate) fn later(time: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    time.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// A whole number as templates give it, text or digits.
pub(crate) fn number(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Text as templates give it.
pub(crate) fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A list of texts.
pub(crate) fn texts(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|item| text(Some(item))).collect()
}
