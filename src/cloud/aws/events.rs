//! What happened in a stack, and why CloudFormation refused a change set before it began.

use aws_sdk_cloudformation::operation::describe_events::builders::DescribeEventsFluentBuilder;
use aws_sdk_cloudformation::types::{EventFilter, EventType, OperationEvent};

use super::AwsCloud;
use super::answers;
use super::error::told;
use super::pages::Pages;
use crate::cfn::StackEvent;
use crate::cloud::{CloudError, Result};
use crate::words::Foreign;

impl AwsCloud {
    /// Newest first as they come, page by page, until the event that is known.
    pub(super) async fn read_events(&self, stack: &str, after: Option<&str>) -> Result<Vec<StackEvent>> {
        let mut pages = self.cloudformation.describe_stack_events().stack_name(stack).into_paginator().send();
        let (mut events, mut count) = (Vec::new(), Pages::of("DescribeStackEvents"));
        'pages: while let Some(page) = count.next(self.turns.take(pages.next())).await? {
            for event in page.map_err(told)?.stack_events() {
                if after.is_some() && event.event_id() == after {
                    break 'pages;
                }
                events.push(answers::event(event));
            }
        }
        events.reverse();
        self.explain(stack, &mut events).await;
        Ok(events)
    }

    /// Page by page, until one goes back further than that call.
    pub(super) async fn read_events_of(&self, stack: &str, token: &str) -> Result<Vec<StackEvent>> {
        let mut pages = self.cloudformation.describe_stack_events().stack_name(stack).into_paginator().send();
        let (mut events, mut count) = (Vec::new(), Pages::of("DescribeStackEvents"));
        let mut first = None;
        while let Some(page) = count.next(self.turns.take(pages.next())).await? {
            events.extend(page.map_err(told)?.stack_events().iter().map(answers::event));
            let seen = events.iter().rposition(|event| event.token.as_deref() == Some(token));
            if seen == first || seen.is_some_and(|seen| seen + 1 < events.len()) {
                first = seen;
                break;
            }
            first = seen;
        }
        events.truncate(first.map_or(0, |first| first + 1));
        events.reverse();
        self.explain(stack, &mut events).await;
        Ok(events)
    }

    /// One page is enough to know what is newest.
    pub(super) async fn read_newest_event(&self, stack: &str) -> Result<Option<String>> {
        let call = self.cloudformation.describe_stack_events().stack_name(stack).send();
        match self.turns.take(call).await.map_err(told) {
            Ok(answer) => Ok(answer.stack_events().first().map(|event| answers::text(event.event_id()))),
            Err(CloudError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Why a change set failed, resource by resource: CloudFormation validates properties, names and quotas before it
    /// makes one, and tells of that in events of their own. None where it has none to tell, or does not know the call.
    pub(super) async fn read_validation(&self, change_set: &str) -> Vec<String> {
        self.complaints(self.cloudformation.describe_events().change_set_name(change_set)).await
    }

    /// An operation that fails this validation says only where to ask why: that is asked, and told instead.
    async fn explain(&self, stack: &str, events: &mut [StackEvent]) {
        let unexplained =
            |event: &StackEvent| event.reason.as_ref().map(Foreign::as_given).is_some_and(asks_for_events);
        if !events.iter().any(unexplained) {
            return;
        }
        let complaints = self.complaints(self.cloudformation.describe_events().stack_name(stack)).await;
        if complaints.is_empty() {
            return;
        }
        for event in events.iter_mut().filter(|event| unexplained(event)) {
            event.reason = Some(complaints.join("; ").into());
        }
    }

    async fn complaints(&self, call: DescribeEventsFluentBuilder) -> Vec<String> {
        let failed = EventFilter::builder().failed_events(true).build();
        let mut pages = call.filters(failed).into_paginator().send();
        let (mut complaints, mut count) = (Vec::new(), Pages::of("DescribeEvents"));
        while let Ok(Some(Ok(page))) = count.next(self.turns.take(pages.next())).await {
            complaints.extend(page.operation_events().iter().filter_map(complaint));
        }
        complaints
    }
}

/// `Validation failed with 1 error(s). Call DescribeEvents to retrieve the full list of issues …`
fn asks_for_events(reason: &str) -> bool {
    reason.starts_with("Validation failed") && reason.contains("DescribeEvents")
}

/// `Rule: Properties/Priority: …`, from an event of a failed validation.
fn complaint(event: &OperationEvent) -> Option<String> {
    if event.event_type().is_some_and(|kind| *kind != EventType::ValidationError) {
        return None;
    }
    let reason = event.validation_status_reason().or(event.resource_status_reason())?;
    let place = [event.logical_resource_id(), event.validation_path()];
    let place: Vec<&str> = place.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    Some(if place.is_empty() { reason.to_owned() } else { format!("{}: {reason}", place.join(" ")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_names_the_resource_the_path_and_the_reason() {
        let event = OperationEvent::builder()
            .event_type(EventType::ValidationError)
            .logical_resource_id("AllRule")
            .validation_path("/Resources/AllRule/Properties/Priority")
            .validation_status_reason("Priority must be between 1 and 50000")
            .build();
        let told = complaint(&event);
        assert_eq!(
            told.as_deref(),
            Some("AllRule /Resources/AllRule/Properties/Priority: Priority must be between 1 and 50000")
        );
        let progress = OperationEvent::builder().event_type(EventType::ProgressEvent).build();
        assert_eq!(complaint(&progress), None);
    }
}
