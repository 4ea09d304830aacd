//! What is deployed: stacks, their templates and resources.

use std::sync::PoisonError;

use aws_sdk_cloudformation::types::TemplateStage;
use futures_util::future::join_all;
use indexmap::IndexMap;

use super::AwsCloud;
use super::error::told;
use super::pages::Pages;
use super::{answers, turns};
use crate::cfn::{Stack, StackResource, StackStatus};
use crate::cloud::{CloudError, Result};

/// From so many stacks on, all of the region are read page by page instead of each by its name.
const WORTH_A_LIST: usize = turns::AT_ONCE * 2;

/// How many stacks a region has, as far as asking for many of them has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Region {
    /// Nobody has asked yet.
    #[default]
    Unknown,
    /// All of them come on one page: cheaper than two by name.
    OnePage,
    /// They take several pages: few are asked for by name.
    ManyPages,
    /// The caller may not list them.
    Closed,
}

impl AwsCloud {
    pub(super) async fn read_stack(&self, stack: &str) -> Result<Option<Stack>> {
        let call = self.cloudformation.describe_stacks().stack_name(stack).send();
        match self.turns.take(call).await.map_err(told) {
            Ok(answer) => {
                let found = answer.stacks().first().map(answers::stack).filter(is_there);
                found.iter().for_each(|stack| self.note(stack));
                Ok(found)
            }
            Err(CloudError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Many stacks by name. A caller who may not list the region's stacks reads each by its name.
    pub(super) async fn read_stacks(&self, names: &[String]) -> Result<IndexMap<String, Stack>> {
        let few = names.len() < WORTH_A_LIST;
        match self.region() {
            _ if names.len() < 2 => {}
            Region::Closed => {}
            Region::ManyPages if few => {}
            _ => match self
                .list_stacks(few, names.len(), |name| names.iter().any(|wanted| wanted == name))
                .await
            {
                Err(CloudError::AccessDenied(_)) => self.set_region(Region::Closed),
                Ok(Some(listed)) => return Ok(listed),
                Ok(None) => {}
                Err(error) => return Err(error),
            },
        }
        let found = join_all(names.iter().map(|name| self.read_stack(name))).await;
        let found = found.into_iter().collect::<Result<Vec<_>>>()?;
        Ok(found.into_iter().flatten().map(|stack| (stack.name.clone(), stack)).collect())
    }

    /// Every stack whose name begins so.
    pub(super) async fn read_named(&self, prefix: &str) -> Result<Vec<Stack>> {
        let listed =
            self.list_stacks(false, usize::MAX, |name| name.starts_with(prefix)).await?.unwrap_or_default();
        Ok(listed.into_values().collect())
    }

    /// The region's stacks that are wanted, page by page until there are so many of them. `None` where only one page was worth it and there are more.
    async fn list_stacks(
        &self,
        one_page: bool,
        most: usize,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Option<IndexMap<String, Stack>>> {
        let mut pages = self.cloudformation.describe_stacks().into_paginator().send();
        let (mut found, mut count, mut read) = (IndexMap::new(), Pages::of("DescribeStacks"), 0);
        while let Some(page) = count.next(self.turns.take(pages.next())).await? {
            let page = page.map_err(told)?;
            read += 1;
            let wanted = page.stacks().iter().filter(|stack| stack.stack_name().is_some_and(&wanted));
            found
                .extend(wanted.map(answers::stack).filter(is_there).map(|stack| (stack.name.clone(), stack)));
            let more = page.next_token().is_some_and(|token| !token.is_empty());
            if more {
                self.set_region(Region::ManyPages);
            }
            if found.len() >= most {
                break;
            }
            if more && one_page {
                return Ok(None);
            }
            if !more && read == 1 {
                self.set_region(Region::OnePage);
            }
        }
        found.values().for_each(|stack| self.note(stack));
        Ok(Some(found))
    }

    fn region(&self) -> Region {
        *self.region.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_region(&self, region: Region) {
        *self.region.lock().unwrap_or_else(PoisonError::into_inner) = region;
    }

    fn note(&self, stack: &Stack) {
        self.note_account(stack);
        self.memory.note(stack);
    }

    pub(super) async fn read_template(&self, stack: &str) -> Result<String> {
        if let Some(kept) = self.memory.template(stack) {
            return Ok(kept);
        }
        let call =
            self.cloudformation.get_template().stack_name(stack).template_stage(TemplateStage::Original);
        let answer = self.turns.take(call.send()).await.map_err(told)?;
        let text = answers::text(answer.template_body());
        self.memory.keep_template(stack, &text);
        Ok(text)
    }

    /// `ListStackResources` has pages; `DescribeStackResources` stops at a hundred.
    pub(super) async fn read_resources(&self, stack: &str) -> Result<Vec<StackResource>> {
        if let Some(kept) = self.memory.resources(stack) {
            return Ok(kept);
        }
        let mut pages = self.cloudformation.list_stack_resources().stack_name(stack).into_paginator().send();
        let (mut resources, mut count) = (Vec::new(), Pages::of("ListStackResources"));
        while let Some(page) = count.next(self.turns.take(pages.next())).await? {
            let page = page.map_err(told)?;
            resources.extend(page.stack_resource_summaries().iter().map(answers::resource));
        }
        self.memory.keep_resources(stack, &resources);
        Ok(resources)
    }
}

/// A deleted stack is answered for by its id for ninety days.
fn is_there(stack: &Stack) -> bool {
    stack.status != StackStatus::DeleteComplete
}
