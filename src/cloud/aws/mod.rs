//! The real target: an account of AWS through its SDK.
//!
//! One file per concern of a service. What AWS says, its error codes and its English sentences, is known here and
//! nowhere else, each with a test. No call that changes something leaves before the caller's account was seen to be the
//! environment's.

mod account;
mod alarms;
mod answers;
mod bounds;
mod change_sets;
mod clock;
mod connect;
mod error;
mod events;
mod groups;
mod memory;
mod network;
mod observe;
mod operations;
mod pages;
mod parameters;
mod request;
mod rules;
mod sentences;
mod stacks;
mod turns;
mod uploads;
mod verbs;
mod wire;

pub use connect::{Access, Pace, Place};

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use tokio::sync::OnceCell;

use super::{Caller, Clock};
use memory::Memory;
use stacks::Region;
use turns::Turns;
use uploads::Uploads;

/// An account and region of AWS.
pub struct AwsCloud {
    cloudformation: aws_sdk_cloudformation::Client,
    balancing: aws_sdk_elasticloadbalancingv2::Client,
    scaling: aws_sdk_autoscaling::Client,
    watching: aws_sdk_cloudwatch::Client,
    parameters: aws_sdk_ssm::Client,
    topics: aws_sdk_sns::Client,
    identity: aws_sdk_sts::Client,
    uploads: Uploads,
    turns: Turns,
    /// Of the environment, twelve digits.
    account: String,
    caller: OnceCell<Caller>,
    /// The account of the stacks that were read: whoever reads them is in it.
    seen: OnceLock<String>,
    /// Ids of the stacks of change sets that were read, since a change set's own id does not name it.
    stacks_of: Mutex<BTreeMap<String, String>>,
    /// What was read of stacks that have not changed since.
    memory: Memory,
    /// Whether asking for all stacks is worth it.
    region: Mutex<Region>,
    clock: Arc<dyn Clock>,
}

impl AwsCloud {
    /// The same with another clock: tests do not wait for bakes.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }
}
