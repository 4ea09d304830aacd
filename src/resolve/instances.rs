//! `instances`: what is launched, and how many.

use crate::model::{Capacity, Instances, Permissions, RootVolume, Scaling};
use crate::source::pointer;
use crate::spec;

use super::architecture::architecture;
use super::context::Context;
use super::defaults;

pub(super) fn instances(context: &mut Context<'_>, role: &str, spec: &spec::Instances) -> Instances {
    let at = |key: &str| pointer(["roles", role, "instances", key]);
    let user_data = spec.user_data.as_ref().and_then(|path| context.text(&at("userData"), path.as_str()));
    let warmup =
        spec.warmup.as_ref().map_or(defaults::WARMUP, |warmup| context.period(&at("warmup"), warmup));
    let volume = spec.root_volume.as_ref();
    let device = volume.and_then(|volume| volume.device.as_ref());
    Instances {
        instance_type: spec.r#type.to_string(),
        architecture: architecture(spec.r#type.as_str()),
        capacity: Capacity { min: spec.capacity.min, max: spec.capacity.max },
        scaling: Scaling { cpu: spec.scaling.as_ref().map_or(defaults::SCALING_CPU, |scaling| scaling.cpu) },
        root_volume: RootVolume {
            size: volume.and_then(|volume| volume.size).unwrap_or(defaults::ROOT_SIZE),
            device: device.map_or(defaults::ROOT_DEVICE, spec::Device::as_str).to_owned(),
        },
        user_data: user_data.map(|(_, text)| text).unwrap_or_default(),
        permissions: spec.permissions.as_ref().map(permissions).unwrap_or_default(),
        warmup: u32::try_from(warmup.as_seconds()).unwrap_or(u32::MAX),
    }
}

fn permissions(spec: &spec::Permissions) -> Permissions {
    let texts = |all: &[spec::Text]| all.iter().map(ToString::to_string).collect();
    Permissions {
        parameters: texts(&spec.parameters),
        secrets: texts(&spec.secrets),
        buckets: spec.buckets.iter().map(ToString::to_string).collect(),
    }
}
