//! The pages of one call. Each says whether there is another; what a server says of that is not believed for ever.

use std::cell::Cell;
use std::collections::BTreeSet;

use aws_sdk_autoscaling::operation::describe_auto_scaling_groups::DescribeAutoScalingGroupsOutput;
use aws_sdk_cloudformation::operation::{
    describe_change_set::DescribeChangeSetOutput, describe_events::DescribeEventsOutput,
    describe_stack_events::DescribeStackEventsOutput, describe_stacks::DescribeStacksOutput,
    list_stack_resources::ListStackResourcesOutput,
};
use aws_sdk_cloudwatch::operation::{
    describe_alarm_history::DescribeAlarmHistoryOutput, describe_alarms::DescribeAlarmsOutput,
};
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesOutput;
use aws_sdk_ssm::operation::get_parameter_history::GetParameterHistoryOutput;

use super::bounds::{ALL, Excess, LEFT};
use crate::cloud::Result;

/// The most pages of one call. Stacks and events come by the hundred or so.
pub(super) const PAGES: usize = 1_000;
/// So many pages in a row may have nothing and say that there are more: services filter a page after it is cut.
pub(super) const EMPTY: usize = 20;

/// One of several answers to a call.
pub(super) trait Page {
    /// What the next page is asked for by, where there is one.
    fn token(&self) -> Option<&str>;
    /// Nothing is on it.
    fn is_empty(&self) -> bool;
}

macro_rules! pages {
    ($($output:ty: $token:ident, $($items:ident)+;)+) => {
        $(impl Page for $output {
            fn token(&self) -> Option<&str> {
                self.$token().filter(|token| !token.is_empty())
            }

            fn is_empty(&self) -> bool {
                true $(&& self.$items().is_empty())+
            }
        })+
    };
}

pages! {
    DescribeAlarmHistoryOutput: next_token, alarm_history_items;
    DescribeAlarmsOutput: next_token, metric_alarms composite_alarms;
    DescribeAutoScalingGroupsOutput: next_token, auto_scaling_groups;
    DescribeChangeSetOutput: next_token, changes;
    DescribeEventsOutput: next_token, operation_events;
    DescribeRulesOutput: next_marker, rules;
    DescribeStackEventsOutput: next_token, stack_events;
    DescribeStacksOutput: next_token, stacks;
    GetParameterHistoryOutput: next_token, parameters;
    ListStackResourcesOutput: next_token, stack_resource_summaries;
}

/// Counts the pages of one call and their bytes, and sees that they lead on.
pub(super) struct Pages {
    call: &'static str,
    read: usize,
    left: usize,
    empty: usize,
    tokens: BTreeSet<String>,
}

impl Pages {
    /// Of that call.
    pub(super) const fn of(call: &'static str) -> Self {
        Self { call, read: 0, left: ALL, empty: 0, tokens: BTreeSet::new() }
    }

    /// One page more, where there is one. Bytes are counted as they come, those of attempts that failed too.
    ///
    /// # Errors
    /// When there are too many pages, or they do not come to an end; that there are too many bytes is the page's own error.
    pub(super) async fn next<P: Page, E>(
        &mut self,
        page: impl Future<Output = Option<std::result::Result<P, E>>>,
    ) -> Result<Option<std::result::Result<P, E>>> {
        let counted = async {
            let page = page.await;
            (page, LEFT.with(Cell::get))
        };
        let (page, left) = LEFT.scope(Cell::new(self.left), counted).await;
        self.left = left;
        self.read += usize::from(page.is_some());
        let leads_on = match &page {
            Some(Ok(page)) => self.leads_on(page),
            _ => Ok(()),
        };
        let few = if self.read > PAGES { Err(Excess::Pages) } else { Ok(()) };
        few.and(leads_on).map_err(|excess| excess.of(self.call))?;
        Ok(page)
    }

    /// What is asked for by a token that was used before is what was read already: the rest would be missing in silence.
    fn leads_on(&mut self, page: &impl Page) -> std::result::Result<(), Excess> {
        let Some(token) = page.token() else { return Ok(()) };
        if !self.tokens.insert(token.to_owned()) {
            return Err(Excess::Circle);
        }
        self.empty = if page.is_empty() { self.empty + 1 } else { 0 };
        if self.empty > EMPTY { Err(Excess::Empty) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Read(Option<String>, usize);

    impl Page for Read {
        fn token(&self) -> Option<&str> {
            self.0.as_deref()
        }

        fn is_empty(&self) -> bool {
            self.1 == 0
        }
    }

    /// What is read of pages that say so: tokens of what follows and how many items each has.
    async fn read(given: impl Iterator<Item = (Option<String>, usize)>) -> String {
        let (mut pages, mut items) = (Pages::of("DescribeStackEvents"), 0);
        for (token, count) in given.take(2 * PAGES) {
            let last = token.is_none();
            match pages.next(async { Some(Ok::<_, ()>(Read(token, count))) }).await {
                Ok(Some(Ok(page))) => items += page.1,
                Ok(_) => break,
                Err(error) => return format!("page {}: {error}", pages.read),
            }
            if last {
                break;
            }
        }
        format!("{items} items of {} pages", pages.read)
    }

    #[tokio::test]
    async fn pages_have_an_end() {
        let numbered = |count: usize| move |page: usize| (Some(page.to_string()), count);
        let ends = |pages: usize| (0..pages).map(numbered(3)).chain([(None, 1)]);
        let empty = |pages: usize| (0..pages).map(numbered(0)).chain([(None, 1)]);
        let told = [
            read(ends(0)).await,
            read(ends(PAGES - 1)).await,
            read(ends(PAGES)).await,
            // The same token for ever; and two that take turns.
            read(std::iter::repeat((Some("again".to_owned()), 3))).await,
            read((0..).map(|page: usize| (Some((page % 2).to_string()), 3))).await,
            // A page without anything is no end, and not for ever a beginning.
            read(empty(1)).await,
            read(empty(EMPTY)).await,
            read(empty(PAGES)).await,
            read((0..PAGES - 1).map(|page| (Some(page.to_string()), page % 2)).chain([(None, 1)])).await,
        ];
        insta::assert_snapshot!(told.join("\n"), @"
        1 items of 1 pages
        2998 items of 1000 pages
        page 1001: DescribeStackEvents: the answer has more than 1000 pages, which asagi does not read
        page 2: DescribeStackEvents: a page of the answer leads back to one that was read before, which asagi does not read
        page 3: DescribeStackEvents: a page of the answer leads back to one that was read before, which asagi does not read
        1 items of 2 pages
        1 items of 21 pages
        page 21: DescribeStackEvents: the answer has more than 20 pages in a row with nothing on them, which asagi does not read
        500 items of 1000 pages
        ");
    }
}
