//! Change sets: made, described with every page, executed once, deleted.

use std::sync::PoisonError;
use std::time::Duration;

use super::AwsCloud;
use super::error::told;
use super::pages::Pages;
use super::request::Template;
use super::{answers, request};
use crate::cfn::{ChangeSet, ChangeSetStatus, CreateChangeSet};
use crate::cloud::{CloudError, Result};

/// So many looks, a second apart, for the first event of an execution.
const EVENTS_APPEAR: usize = 3;

impl AwsCloud {
    /// The name follows from what is asked for, so a change set of that name is the one that is asked for: made by a call
    /// whose answer was lost, or by a run that ended there.
    pub(super) async fn make_change_set(&self, wanted: &CreateChangeSet) -> Result<String> {
        let template = request::place(wanted)?;
        self.may_change().await?;
        let template = self.placed(template, wanted).await?;
        let call = request::filled(self.cloudformation.create_change_set(), wanted, template);
        match self.turns.take(call.send()).await.map_err(told) {
            Ok(answer) => Ok(answers::text(answer.id())),
            Err(CloudError::AlreadyExists(why)) => self.made_before(wanted, why).await,
            Err(error) => Err(error),
        }
    }

    /// A template that is too large for a request goes to its bucket first.
    async fn placed<'a>(&self, template: Template<'a>, wanted: &CreateChangeSet) -> Result<Template<'a>> {
        match template {
            Template::Stored { bucket, text } => {
                let url = self.turns.take(self.uploads.put(bucket, &wanted.stack_name, text)).await?;
                Ok(Template::At(url))
            }
            other => Ok(other),
        }
    }

    async fn made_before(&self, wanted: &CreateChangeSet, why: String) -> Result<String> {
        let call = self.cloudformation.describe_change_set();
        let call = call.change_set_name(&wanted.name).stack_name(&wanted.stack_name).send();
        match self.turns.take(call).await.map_err(told) {
            Ok(answer) => answer.change_set_id().map(str::to_owned).ok_or(CloudError::AlreadyExists(why)),
            // another run has executed or deleted it since
            Err(CloudError::NotFound(_)) => Err(CloudError::AlreadyExists(why)),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn read_change_set(&self, change_set: &str) -> Result<ChangeSet> {
        let call = self.cloudformation.describe_change_set();
        let mut pages =
            call.change_set_name(change_set).include_property_values(true).into_paginator().send();
        let mut read: Option<ChangeSet> = None;
        let mut count = Pages::of("DescribeChangeSet");
        while let Some(page) = count.next(self.turns.take(pages.next())).await? {
            let page = page.map_err(told)?;
            match &mut read {
                None => read = Some(answers::change_set(&page)),
                Some(set) => set.changes.extend(answers::changes(&page)),
            }
        }
        let mut set =
            read.ok_or_else(|| CloudError::NotFound(format!("change set {change_set} is not told of")))?;
        self.remember(&set);
        if set.status == ChangeSetStatus::Failed && !set.is_empty() {
            let complaints = self.read_validation(&set.id).await;
            if !complaints.is_empty() {
                set.status_reason = Some(complaints.join("; ").into());
            }
        }
        Ok(set)
    }

    /// A call that is made again, since its answer was lost, finds its own work by its token.
    pub(super) async fn run_change_set(&self, change_set: &str, token: &str) -> Result<()> {
        self.may_change().await?;
        let call = self.cloudformation.execute_change_set().change_set_name(change_set);
        let call = call.client_request_token(token).disable_rollback(false);
        match self.turns.take(call.send()).await.map_err(told) {
            Ok(_) | Err(CloudError::AlreadyExists(_)) => Ok(()),
            Err(refused @ (CloudError::InvalidChangeSetStatus(_) | CloudError::NotFound(_))) => {
                if self.was_run(change_set, token).await? { Ok(()) } else { Err(refused) }
            }
            Err(error) => Err(error),
        }
    }

    /// Whether a change set that cannot be executed was executed by this very call, whose answer was lost: its token
    /// stands in the stack's events, a moment later at the most.
    async fn was_run(&self, change_set: &str, token: &str) -> Result<bool> {
        let call = self.cloudformation.describe_change_set().change_set_name(change_set).send();
        let stack = match self.turns.take(call).await.map_err(told) {
            Ok(answer) => answer.stack_id().map(str::to_owned),
            Err(CloudError::NotFound(_)) => None,
            Err(error) => return Err(error),
        };
        let Some(stack) = stack.or_else(|| self.stack_of(change_set)) else { return Ok(false) };
        for _ in 0..EVENTS_APPEAR {
            let call = self.cloudformation.describe_stack_events().stack_name(&stack).send();
            let answer = self.turns.take(call).await.map_err(told)?;
            if answer.stack_events().iter().any(|event| event.client_request_token() == Some(token)) {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Ok(false)
    }

    /// The stack of a change set that was read before.
    fn stack_of(&self, change_set: &str) -> Option<String> {
        self.stacks_of.lock().unwrap_or_else(PoisonError::into_inner).get(change_set).cloned()
    }

    fn remember(&self, set: &ChangeSet) {
        let mut stacks = self.stacks_of.lock().unwrap_or_else(PoisonError::into_inner);
        stacks.insert(set.id.clone(), set.stack_id.clone());
    }

    pub(super) async fn drop_change_set(&self, change_set: &str) -> Result<()> {
        self.may_change().await?;
        let call = self.cloudformation.delete_change_set().change_set_name(change_set).send();
        match self.turns.take(call).await.map_err(told) {
            Ok(_) | Err(CloudError::NotFound(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
