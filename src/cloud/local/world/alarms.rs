//! Alarms: no data at first, OK after a few minutes, in ALARM while a fault says so; composites follow their children.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Deployed, World, later, rule, text};
use crate::cloud::local::fault::{AlarmSelector, Fault};
use crate::cloud::{AlarmDefinition, AlarmState, AlarmValue, alarms_in};

/// From creation to the first data, in seconds. Plausible for alarms with periods of a minute, not AWS's.
const FIRST_DATA_SECONDS: u64 = 180;
/// A composite may stand on composites; so many rounds are enough for any that make sense.
const ROUNDS: usize = 8;

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Alarm {
    pub(crate) arn: String,
    /// The rule of a composite.
    pub(crate) rule: Option<String>,
    pub(crate) value: AlarmValue,
    pub(crate) since: Timestamp,
    pub(crate) reason: String,
    /// When the first data come.
    pub(crate) data: Timestamp,
    /// Times at which it went into ALARM, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) alarmed: Vec<Timestamp>,
}

impl World {
    /// A new alarm has no data; an updated one keeps its state.
    pub(super) fn put_alarm(&mut self, resource: &Deployed<'_>) {
        let (now, data) = (self.now, later(self.now, FIRST_DATA_SECONDS));
        let arn =
            format!("arn:aws:cloudwatch:{}:{}:alarm:{}", self.region, self.account, resource.physical_id);
        let alarm = self.alarms.entry(resource.physical_id.to_owned()).or_insert_with(|| Alarm {
            arn,
            rule: None,
            value: AlarmValue::InsufficientData,
            since: now,
            reason: "Unchecked: Initial alarm creation".to_owned(),
            data,
            alarmed: Vec::new(),
        });
        alarm.rule = text(resource.get("AlarmRule"));
    }

    pub(super) fn alarms_due(&self) -> impl Iterator<Item = Timestamp> {
        self.alarms.values().map(|alarm| alarm.data)
    }

    /// Moves every alarm to where it has to be now.
    pub(crate) fn settle_alarms(&mut self) {
        for _ in 0..ROUNDS {
            let moves: Vec<(String, AlarmValue, String)> = self
                .alarms
                .iter()
                .filter_map(|(name, alarm)| {
                    let (value, reason) = self.alarm_should_be(name, alarm);
                    (value != alarm.value).then(|| (name.clone(), value, reason))
                })
                .collect();
            if moves.is_empty() {
                return;
            }
            for (name, value, reason) in moves {
                if let Some(alarm) = self.alarms.get_mut(&name) {
                    if value == AlarmValue::Alarm {
                        alarm.alarmed.push(self.now);
                    }
                    (alarm.value, alarm.since, alarm.reason) = (value, self.now, reason);
                }
            }
        }
    }

    fn alarm_should_be(&self, name: &str, alarm: &Alarm) -> (AlarmValue, String) {
        let state = |child: &str| {
            let by_arn = || self.alarms.values().find(|alarm| alarm.arn == child);
            self.alarms.get(child).or_else(by_arn).map(|alarm| alarm.value)
        };
        let by_rule = alarm.rule.as_deref().is_some_and(|text| rule::holds(text, &state));
        if by_rule {
            return (AlarmValue::Alarm, "the alarm rule evaluated to TRUE".to_owned());
        }
        let mut faults = self.faults.iter().filter(|fault| self.fault_is_for(fault, name)).peekable();
        if faults.peek().is_some() {
            return match faults.any(|fault| matches!(fault, Fault::Alarm { .. })) {
                true => {
                    (AlarmValue::Alarm, "Threshold Crossed: fault injected on the embedded target".to_owned())
                }
                false => (
                    AlarmValue::InsufficientData,
                    "Insufficient Data: no datapoints were received".to_owned(),
                ),
            };
        }
        if alarm.value == AlarmValue::Alarm || alarm.data <= self.now {
            return (AlarmValue::Ok, "Threshold Crossed: datapoints within the threshold".to_owned());
        }
        (alarm.value, alarm.reason.clone())
    }

    fn fault_is_for(&self, fault: &Fault, name: &str) -> bool {
        let (Fault::Alarm { alarm, .. } | Fault::NoData { alarm, .. }) = fault else { return false };
        fault.is_active(self.now)
            && match alarm {
                AlarmSelector::Name(wanted) => wanted == name,
                AlarmSelector::Metric { role, metric, slot } => {
                    let slot = slot.clone().or_else(|| self.candidate(role));
                    slot.is_some_and(|slot| name.contains(&format!("-{role}-{slot}-{metric}-")))
                }
            }
    }

    /// The slot of a role whose group launched an instance last.
    fn candidate(&self, role: &str) -> Option<String> {
        let launches = ["blue", "green"].into_iter().filter_map(|slot| {
            let part = format!("-{role}-{slot}-");
            let groups = self.groups.iter().filter(|(name, _)| name.contains(&part));
            let last = groups.filter_map(|(_, group)| group.last_launch(self.now)).max()?;
            Some((last, slot))
        });
        launches.max().map(|(_, slot)| slot.to_owned())
    }

    /// As `DescribeAlarms` tells it.
    pub(crate) fn alarm_state(&self, name: &str) -> Option<AlarmState> {
        let alarm = self.alarms.get(name)?;
        Some(AlarmState {
            name: name.to_owned(),
            arn: alarm.arn.clone(),
            value: alarm.value,
            since: alarm.since,
            reason: alarm.reason.as_str().into(),
            follows: alarm.rule.as_deref().map(alarms_in).unwrap_or_default(),
        })
    }

    /// The same alarm's settings, as far as this target keeps them.
    pub(crate) fn alarm_definition(&self, name: &str) -> Option<AlarmDefinition> {
        let rule = self.alarms.get(name)?.rule.clone();
        Some(AlarmDefinition { name: name.to_owned(), rule, ..AlarmDefinition::default() })
    }

    /// The alarm of that ARN.
    pub(crate) fn alarm_by_arn(&self, arn: &str) -> Option<&Alarm> {
        let name = arn.rsplit_once(":alarm:").map(|(_, name)| name);
        let alarm = name.and_then(|name| self.alarms.get(name));
        alarm.filter(|alarm| alarm.arn == arn)
    }
}
