//! Reads one slot as it is: its group, its targets' health, and what a zonal shift keeps from them.

use crate::cfn::Stack;
use crate::cloud::{TargetHealth, TargetState};
use crate::model::Slot;
use crate::plan::SlotState;
use crate::stacks::names;

use super::observe::{Reader, UNREAD_IMAGE, number_of};

/// A slot as it is, its weight aside. `stack` is `None` where it could not be read.
pub(super) async fn look_at_slot(
    reader: &Reader<'_>,
    traffic: &Stack,
    stack: Option<&Option<Stack>>,
    slot: Slot,
) -> SlotState {
    let Some(stack) = stack.map(Option::as_ref) else {
        let (healthy, shifted) = healthy(reader, traffic, slot).await.unwrap_or_default();
        let image = Some(UNREAD_IMAGE.to_owned());
        return SlotState {
            deployed: true,
            image,
            desired: healthy,
            healthy,
            shifted,
            ..SlotState::default()
        };
    };
    let Some(stack) = stack else { return SlotState::default() };
    let mut seen = SlotState {
        deployed: true,
        image: stack.parameter(names::IMAGE_ID).filter(|image| !image.is_empty()).map(str::to_owned),
        min: number_of(stack, names::MIN_SIZE),
        max: number_of(stack, names::MAX_SIZE),
        ..SlotState::default()
    };
    let group = async {
        let name = stack.outputs.get(names::GROUP_NAME)?;
        let what = format!("DescribeAutoScalingGroups of {slot}");
        Some(reader.read(&what, reader.cloud.group(name)).await)
    };
    let (group, healthy) = tokio::join!(group, healthy(reader, traffic, slot));
    match &group {
        Some(Some(Some(group))) => (seen.min, seen.max, seen.desired) = (group.min, group.max, group.desired),
        // It has at least as many.
        Some(None) => seen.desired = seen.min,
        Some(Some(None)) | None => {}
    }
    if let (Some(None), Some((healthy, _))) = (&group, healthy) {
        seen.desired = seen.desired.max(healthy);
    }
    (seen.healthy, seen.shifted) = healthy.unwrap_or((seen.desired, 0));
    seen
}

/// How many targets of a slot are healthy, and how many a zonal shift keeps requests from; `None` where that could not be
/// read.
async fn healthy(reader: &Reader<'_>, traffic: &Stack, slot: Slot) -> Option<(u32, u32)> {
    let Some(arn) = traffic.outputs.get(&names::target_group_arn(slot)) else { return Some((0, 0)) };
    let what = format!("DescribeTargetHealth of {slot}");
    let targets = reader.read(&what, reader.cloud.target_health(arn)).await?;
    let count = |test: &dyn Fn(&&TargetHealth) -> bool| {
        u32::try_from(targets.iter().filter(test).count()).unwrap_or(u32::MAX)
    };
    Some((count(&|target| target.state == TargetState::Healthy), count(&|target| target.shifted_away)))
}
