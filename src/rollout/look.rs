//! Looks at what a guard judges by. What cannot be read is not known, and never stands in the way of going back.

use crate::cloud::{AlarmValue, Cloud, Result};
use crate::model::Slot;

/// The composite alarms of a role's slots, blue's first; `None` where one does not exist or cannot be read.
pub async fn slot_alarms(cloud: &dyn Cloud, prefix: &str, role: &str) -> [Option<AlarmValue>; 2] {
    alarms_of(cloud, prefix, role).await.unwrap_or_default()
}

/// The same, for who must know whether they could be read.
///
/// # Errors
/// When they cannot.
pub(super) async fn alarms_of(
    cloud: &dyn Cloud,
    prefix: &str,
    role: &str,
) -> Result<[Option<AlarmValue>; 2]> {
    let names = Slot::ALL.map(|slot| format!("{prefix}-{role}-{slot}"));
    let found = cloud.alarms(&names).await?;
    Ok(names.map(|name| found.iter().find(|alarm| alarm.name == name).map(|alarm| alarm.value)))
}
