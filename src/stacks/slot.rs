//! A slot's stack: what its instances are launched as, and the group that launches them.

use serde::Serialize;
use serde_json::Number;

use super::alarm_contexts::{alarm_name, slot_name};
use super::draft::Draft;
use super::graph::StackKind;
use super::{names, network, scalar, security};
use crate::model::{AlarmLevel, Environment, Permissions, Release, Role, Slot, Step};

/// Instance refresh watches at most so many alarms.
/// <https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AlarmSpecification.html>
const MAX_REFRESH_ALARMS: usize = 10;

#[derive(Serialize)]
struct Context<'a> {
    name: String,
    project: &'a str,
    environment: &'a str,
    role: &'a str,
    slot: Slot,
    patch_group: Tag,
    scan_reports: String,
    instance_type: &'a str,
    device: &'a str,
    volume_size: u32,
    user_data: &'a str,
    warmup: u32,
    cpu: Number,
    permissions: Arns,
    refresh: Refresh,
}

#[derive(Serialize)]
struct Tag {
    tag: &'static str,
    value: String,
}

/// What instances may read, as the part of an ARN that follows the service's own.
#[derive(Serialize)]
struct Arns {
    parameters: Vec<String>,
    secrets: Vec<String>,
    objects: Vec<String>,
}

/// How instances are replaced in place, while a phase asks for it.
#[derive(Serialize)]
struct Refresh {
    checkpoints: Vec<u32>,
    delay: u64,
    alarms: Vec<String>,
}

/// The stack of one slot, for a role whose image is known.
pub(super) fn draft(environment: &Environment, role: &Role, slot: Slot, release: &Release) -> Draft {
    let kind = StackKind::Slot { role: role.name.clone(), slot };
    let traffic = role.traffic_stack();
    let mut draft = Draft::new(role.slot_stack(slot), kind, "slot", context(environment, role, slot));
    draft = network::private_subnets(draft, environment);
    draft = security::instance_group(draft, "SecurityGroupId", role, slot);
    draft = draft.output(names::TARGET_GROUP_ARN, &traffic, names::target_group_arn(slot));
    draft = draft.output("LogGroupName", &traffic, names::log_group_name(slot));
    // Created empty: the first release fills it.
    draft = draft.phase(names::IMAGE_ID, &release.ami);
    draft.phase(names::MIN_SIZE, 0).phase(names::MAX_SIZE, 0).phase(names::UPDATE_MODE, "none")
}

fn context<'a>(environment: &'a Environment, role: &'a Role, slot: Slot) -> Context<'a> {
    let instances = &role.instances;
    Context {
        name: slot_name(environment, role, slot),
        project: &environment.project,
        environment: &environment.name,
        role: &role.name,
        slot,
        patch_group: Tag { tag: names::PATCH_GROUP_TAG, value: names::patch_group(environment) },
        scan_reports: names::scan_reports(environment),
        instance_type: &instances.instance_type,
        device: &instances.root_volume.device,
        volume_size: instances.root_volume.size,
        user_data: &instances.user_data,
        warmup: instances.warmup,
        cpu: scalar::number(instances.scaling.cpu),
        permissions: arns(&instances.permissions),
        refresh: refresh(environment, role, slot),
    }
}

fn arns(permissions: &Permissions) -> Arns {
    // A secret's ARN ends with six characters that its name does not have.
    let secret = |name: &String| if name.ends_with('*') { name.clone() } else { format!("{name}-??????") };
    Arns {
        parameters: permissions.parameters.iter().flat_map(|path| parameters(path)).collect(),
        secrets: permissions.secrets.iter().map(secret).collect(),
        objects: permissions.buckets.clone(),
    }
}

/// What is asked for all below a path is asked for the path itself, which `…/*` does not match.
/// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html>
fn parameters(path: &str) -> impl Iterator<Item = String> + use<> {
    let path = path.trim_start_matches('/');
    [path.strip_suffix("/*"), Some(path)].map(|path| path.map(str::to_owned)).into_iter().flatten()
}

/// The strategy's own checkpoints, or quarters with five minutes between them (requirement 1, section 3.2): the
/// policy is in every slot, so that a strategy can change to `rolling` without a release.
fn refresh(environment: &Environment, role: &Role, slot: Slot) -> Refresh {
    let step = role.rollout.strategy.steps.iter().find_map(|step| match step {
        Step::Refresh { checkpoints, delay } => Some((checkpoints.clone(), delay.as_seconds())),
        _ => None,
    });
    let (checkpoints, delay) = step.unwrap_or_else(|| (vec![25, 50, 75, 100], 300));
    let critical = role.alarms.iter().filter(|alarm| alarm.level == AlarmLevel::Critical);
    let alarms =
        critical.take(MAX_REFRESH_ALARMS).map(|alarm| alarm_name(environment, role, slot, &alarm.name()));
    Refresh { checkpoints, delay, alarms: alarms.collect() }
}
