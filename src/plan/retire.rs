//! When a slot that has lost its weight may lose its instances.

use crate::model::Period;

/// Name of the phase that empties the old slot.
pub(super) const NAME: &str = "retire";

/// Weight changes are not instant: a load balancer was seen to send requests to a target group for about two minutes
/// after its weight became 0 (argoproj/argo-rollouts#4595), so two minutes come on top of the deregistration delay.
pub fn drain_time(deregistration_delay: u64) -> Period {
    Period::seconds(deregistration_delay).plus(Period::minutes(2))
}
