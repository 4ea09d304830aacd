//! What is deployed: stacks, their templates and resources.

use aws_sdk_cloudformation::types::TemplateStage;
use futures_util::future::join_all;
use indexmap::IndexMap;

use super::AwsCloud;
use super::bounds::Pages;
use super::error::told;
use super::{answers, turns};
use crate::cfn::{Stack, StackResource, StackStatus};
use crate::cloud::{CloudError, Result};

/// From so many stacks on, all of the region are read page by page instead of each by its name.
const WORTH_A_LIST: usize = turns::AT_ONCE * 2;

impl AwsCloud {
    pub(super) async fn read_stack(&self, stack: &str) -> Result<Option<Stack>> {
        let call = self.cloudformation.describe_stacks().stack_name(stack).send();
        match self.turns.take(call).await.map_err(told) {
            Ok(answer) => {
                let found = answer.stacks().first().map(answers::stack).filter(is_there);
                found.iter().for_each(|stack| self.note_account(stack));
                Ok(found)
            }
            Err(CloudError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Many stacks by name. A caller who may not list the region's stacks reads each by its name.
    pub(super) async fn read_stacks(&self, names: &[String]) -> Result<IndexMap<String, Stack>> {
        if names.len() >= WORTH_A_LIST {
            match self.list_stacks(names).await {
                Err(CloudError::AccessDenied(_)) => {}
                listed => return listed,
            }
        }
        let found = join_all(names.iter().map(|name| self.read_stack(name))).await;
        let found = found.into_iter().collect::<Result<Vec<_>>>()?;
        Ok(found.into_iter().flatten().map(|stack| (stack.name.clone(), stack)).collect())
    }

    /// Every page of the region's stacks, until all that are wanted were seen.
    async fn list_stacks(&self, names: &[String]) -> Result<IndexMap<String, Stack>> {
        let mut pages = self.cloudformation.describe_stacks().into_paginator().send();
        let (mut found, mut count) = (IndexMap::new(), Pages::of("DescribeStacks"));
        while let Some(page) = self.turns.take(pages.next()).await {
            count.one()?;
            let page = page.map_err(told)?;
            let wanted = page.stacks().iter().filter(|stack| {
                stack.stack_name().is_some_and(|name| names.iter().any(|wanted| wanted == name))
            });
            found
                .extend(wanted.map(answers::stack).filter(is_there).map(|stack| (stack.name.clone(), stack)));
            if found.len() == names.len() {
                break;
            }
        }
        found.values().take(1).for_each(|stack| self.note_account(stack));
        Ok(found)
    }

    pub(super) async fn read_template(&self, stack: &str) -> Result<String> {
        let call =
            self.cloudformation.get_template().stack_name(stack).template_stage(TemplateStage::Original);
        let answer = self.turns.take(call.send()).await.map_err(told)?;
        Ok(answers::text(answer.template_body()))
    }

    /// `ListStackResources` has pages; `DescribeStackResources` stops at a hundred.
    pub(super) async fn read_resources(&self, stack: &str) -> Result<Vec<StackResource>> {
        let mut pages = self.cloudformation.list_stack_resources().stack_name(stack).into_paginator().send();
        let (mut resources, mut count) = (Vec::new(), Pages::of("ListStackResources"));
        while let Some(page) = self.turns.take(pages.next()).await {
            count.one()?;
            let page = page.map_err(told)?;
            resources.extend(page.stack_resource_summaries().iter().map(answers::resource));
        }
        Ok(resources)
    }
}

/// A deleted stack is answered for by its id for ninety days.
fn is_there(stack: &Stack) -> bool {
    stack.status != StackStatus::DeleteComplete
}
