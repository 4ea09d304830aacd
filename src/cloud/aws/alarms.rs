//! Alarms as they stand, and when they last went off.

use aws_sdk_cloudwatch::types::{
    AlarmHistoryItem, AlarmType, CompositeAlarm, HistoryItemType, MetricAlarm, ScanBy, StateValue,
};
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use super::AwsCloud;
use super::answers::time;
use super::error::told;
use super::pages::Pages;
use crate::cloud::{AlarmDefinition, AlarmState, AlarmValue, Result, alarms_in};

/// `DescribeAlarms` takes so many names.
const A_CALL: usize = 100;

impl AwsCloud {
    pub(super) async fn read_alarms(&self, names: &[String]) -> Result<Vec<AlarmState>> {
        let state = |it: &MetricAlarm| {
            alarm(
                it.alarm_name(),
                it.alarm_arn(),
                it.state_value(),
                it.state_updated_timestamp(),
                it.state_reason(),
            )
        };
        let composite = |it: &CompositeAlarm| AlarmState {
            follows: it.alarm_rule().map(alarms_in).unwrap_or_default(),
            ..alarm(
                it.alarm_name(),
                it.alarm_arn(),
                it.state_value(),
                it.state_updated_timestamp(),
                it.state_reason(),
            )
        };
        self.read_each(names, state, composite).await
    }

    pub(super) async fn read_alarm_definitions(&self, names: &[String]) -> Result<Vec<AlarmDefinition>> {
        self.read_each(names, definition, composite_definition).await
    }

    async fn read_each<T>(
        &self,
        names: &[String],
        metric: impl Fn(&MetricAlarm) -> T,
        composite: impl Fn(&CompositeAlarm) -> T,
    ) -> Result<Vec<T>> {
        let mut alarms = Vec::new();
        for some in names.chunks(A_CALL) {
            let call = self.watching.describe_alarms().set_alarm_names(Some(some.to_vec()));
            let call = call.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
            let (mut pages, mut count) = (call.into_paginator().send(), Pages::of("DescribeAlarms"));
            while let Some(page) = count.next(self.turns.take(pages.next())).await? {
                let page = page.map_err(told)?;
                alarms.extend(page.metric_alarms().iter().map(&metric));
                alarms.extend(page.composite_alarms().iter().map(&composite));
            }
        }
        Ok(alarms)
    }

    /// CloudWatch keeps a month of history.
    pub(super) async fn read_alarmed_since(&self, name: &str, since: Timestamp) -> Result<Option<Timestamp>> {
        let call = self.watching.describe_alarm_history().alarm_name(name);
        let call = call.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
        let call = call.history_item_type(HistoryItemType::StateUpdate).scan_by(ScanBy::TimestampAscending);
        let mut pages = call.start_date(DateTime::from_secs(since.as_second())).into_paginator().send();
        let mut count = Pages::of("DescribeAlarmHistory");
        while let Some(page) = count.next(self.turns.take(pages.next())).await? {
            let page = page.map_err(told)?;
            let times = page.alarm_history_items().iter().filter(|item| went_off(item));
            let first = times.filter_map(|item| item.timestamp().map(time)).filter(|at| *at >= since).min();
            if first.is_some() {
                return Ok(first);
            }
        }
        Ok(None)
    }
}

fn definition(it: &MetricAlarm) -> AlarmDefinition {
    AlarmDefinition {
        name: it.alarm_name().unwrap_or_default().to_owned(),
        threshold: it.threshold(),
        evaluations: it.evaluation_periods().and_then(|periods| periods.try_into().ok()),
        comparison: it.comparison_operator().map(|word| word.as_str().to_owned()),
        missing: it.treat_missing_data().map(str::to_owned),
        rule: None,
        acts: it.actions_enabled(),
    }
}

fn composite_definition(it: &CompositeAlarm) -> AlarmDefinition {
    AlarmDefinition {
        name: it.alarm_name().unwrap_or_default().to_owned(),
        rule: it.alarm_rule().map(str::to_owned),
        acts: it.actions_enabled(),
        ..AlarmDefinition::default()
    }
}

fn alarm(
    name: Option<&str>,
    arn: Option<&str>,
    value: Option<&StateValue>,
    since: Option<&DateTime>,
    reason: Option<&str>,
) -> AlarmState {
    let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
    AlarmState {
        name: text(name),
        arn: text(arn),
        value: value.map_or(AlarmValue::InsufficientData, alarm_value),
        since: since.map_or(Timestamp::UNIX_EPOCH, time),
        reason: text(reason).into(),
        follows: Vec::new(),
    }
}

/// What this version does not know is no evidence.
fn alarm_value(word: &StateValue) -> AlarmValue {
    match word {
        StateValue::Ok => AlarmValue::Ok,
        StateValue::Alarm => AlarmValue::Alarm,
        _ => AlarmValue::InsufficientData,
    }
}

/// `Alarm updated from OK to ALARM`, and in the item's data the new state; either is enough.
fn went_off(item: &AlarmHistoryItem) -> bool {
    let summary = item.history_summary().is_some_and(|text| text.trim_end().ends_with("to ALARM"));
    let data = item.history_data().and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    summary
        || data.is_some_and(|data| data.pointer("/newState/stateValue").is_some_and(|state| state == "ALARM"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_that_went_off_is_known_by_its_summary_or_its_data() {
        let summary = |text: &str| AlarmHistoryItem::builder().history_summary(text).build();
        assert!(went_off(&summary("Alarm updated from OK to ALARM")));
        assert!(!went_off(&summary("Alarm updated from ALARM to OK")));
        let data = |state: &str| {
            let text = format!("{{\"newState\":{{\"stateValue\":\"{state}\"}}}}");
            AlarmHistoryItem::builder().history_data(text).build()
        };
        assert!(went_off(&data("ALARM")));
        assert!(!went_off(&data("INSUFFICIENT_DATA")));
    }
}
