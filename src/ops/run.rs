//! A run before it changes anything: what it is driven through, who calls, what other stacks tell, and what its calls are
//! named by.

use std::sync::atomic::AtomicBool;

use jiff::Timestamp;

use crate::cloud::{Caller, Cloud, CloudError};
use crate::model::{Period, Zone};
use crate::rollout::{Cancellation, Context, Journal, Observer, Outbox, Progress, informs, run_name};
use crate::stacks::names;
use crate::words::Foreign;

/// What a run needs besides what it is to do.
pub struct Surroundings<'a> {
    /// What it is driven through.
    pub cloud: &'a dyn Cloud,
    /// Who watches.
    pub observer: &'a dyn Observer,
    /// Told before each call that changes something.
    pub journal: &'a dyn Journal,
    /// Where releases come from, where that is in another account or Region and can be read.
    pub origin: Option<&'a dyn Cloud>,
    /// Set when the person cancels.
    pub cancelled: &'a Cancellation,
    /// Times are told in it.
    pub zone: &'a Zone,
}

/// A run that begins now.
pub(super) struct Run<'a> {
    around: &'a Surroundings<'a>,
    prefix: &'a str,
    by: Foreign,
    digest: String,
    name: String,
    began: Timestamp,
    approved: AtomicBool,
    begun: AtomicBool,
    service_role: Option<String>,
    topic: Option<String>,
    outbox: Outbox,
}

impl<'a> Run<'a> {
    /// `digest` names what it is to do; `approved` says that a person has agreed.
    pub(super) async fn begin(
        around: &'a Surroundings<'a>,
        prefix: &'a str,
        caller: Caller,
        digest: String,
        approved: bool,
    ) -> Result<Self, CloudError> {
        let mut run = Self::new(around, prefix, caller, digest, approved);
        run.look().await?;
        Ok(run)
    }

    /// A way back: the role that CloudFormation works as is the stack's own, and that the topic is not known stops nothing.
    /// `topic` is given where the stack that tells it was read already.
    pub(super) async fn back(
        around: &'a Surroundings<'a>,
        prefix: &'a str,
        caller: Caller,
        digest: String,
        service_role: Option<String>,
        topic: Option<Option<String>>,
    ) -> Self {
        let mut run = Self::new(around, prefix, caller, digest, true);
        run.service_role = service_role;
        if let Some(topic) = topic {
            run.topic = topic;
            return run;
        }
        match informs(around.cloud, run.output("notifications", names::TOPIC_ARN)).await {
            Ok(topic) => run.topic = topic,
            Err(error) => {
                let (what, why) = ("DescribeStacks of notifications", error.to_string());
                around.observer.tell(&Progress::Unread { what, why: &why });
            }
        }
        run
    }

    fn new(
        around: &'a Surroundings<'a>,
        prefix: &'a str,
        caller: Caller,
        digest: String,
        approved: bool,
    ) -> Self {
        Self {
            around,
            prefix,
            name: run_name(around.cloud, &caller.arn),
            began: around.cloud.now(),
            by: caller.arn,
            digest,
            approved: AtomicBool::new(approved),
            begun: AtomicBool::new(false),
            service_role: None,
            topic: None,
            outbox: Outbox::default(),
        }
    }

    /// The same, and it began at that time.
    pub(super) fn since(self, began: Timestamp) -> Self {
        Self { began, ..self }
    }

    /// Reads again what other stacks tell: the service role and the topic are there once their stacks are made.
    pub(super) async fn look(&mut self) -> Result<(), CloudError> {
        let [foundation, notifications] =
            [names::FOUNDATION, "notifications"].map(|stack| format!("{}-{stack}", self.prefix));
        let found = self.around.cloud.describe_stacks(&[foundation.clone(), notifications.clone()]).await?;
        let output = |stack: &str, name: &str| found.get(stack)?.outputs.get(name).cloned();
        self.service_role = output(&foundation, names::SERVICE_ROLE_ARN);
        self.topic = output(&notifications, names::TOPIC_ARN);
        Ok(())
    }

    async fn output(&self, stack: &str, name: &str) -> Result<Option<String>, CloudError> {
        let found = self.around.cloud.describe_stack(&format!("{}-{stack}", self.prefix)).await?;
        Ok(found.and_then(|stack| stack.outputs.get(name).cloned()))
    }

    /// As a way back has it: no window counts, and it waits for what takes time.
    pub(super) fn context(&self) -> Context<'_> {
        Context {
            cloud: self.around.cloud,
            prefix: self.prefix,
            digest: &self.digest,
            service_role: self.service_role.as_deref(),
            template_bucket: None,
            topic: self.topic.as_deref(),
            outbox: &self.outbox,
            by: &self.by,
            run: &self.name,
            began: self.began,
            patience: Period::hours(3),
            approved: &self.approved,
            begun: &self.begun,
            unforeseen: &[],
            outside_window: true,
            zone: self.around.zone,
            observer: self.around.observer,
            journal: self.around.journal,
            cancelled: self.around.cancelled,
        }
    }
}
