//! Plan files: what a plan leaves behind for the day it is applied, and what has moved by then.

use crate::cloud::Cloud;
use crate::model::{Environment, Zone};
use crate::plan::{MovedGround, Plan, PlanFile, Record};

use super::apply::{ApplyError, by_whom};
use super::ground::ground;
use super::load::Loaded;

/// The file of a plan that was made from that spec.
pub fn plan_file(loaded: &Loaded, plan: &Plan) -> PlanFile {
    PlanFile::of(plan, ground(loaded))
}

/// Whether a plan file is of that environment: told before anything is asked of the account.
///
/// # Errors
/// Where it was made for.
pub fn same_place(file: &PlanFile, environment: &Environment) -> Result<(), ApplyError> {
    let Environment { project, name, account, region, .. } = environment;
    let places = [
        ("project", &file.project, project),
        ("environment", &file.environment, name),
        ("account", &file.account, account),
        ("region", &file.region, region),
    ];
    let moved = places.into_iter().filter(|(_, then, now)| then != now);
    let told: Vec<String> = moved
        .map(|(key, then, now)| {
            format!("it was made for {key} `{}`, the spec says `{now}`", then.escape_debug())
        })
        .collect();
    if told.is_empty() { Ok(()) } else { Err(ApplyError::Stale(told)) }
}

/// Holds a plan that was made now against the file of the one that was reviewed.
///
/// # Errors
/// What has moved since, in words.
pub async fn hold_against(
    cloud: &dyn Cloud,
    file: &PlanFile,
    loaded: &Loaded,
    plan: &Plan,
    zone: &Zone,
) -> Result<(), ApplyError> {
    let mut told = Vec::new();
    for moved in file.moved(&plan_file(loaded, plan)) {
        told.push(words(cloud, &moved, zone).await);
    }
    if told.is_empty() {
        return Ok(());
    }
    told.extend(own_run(file, plan));
    Err(ApplyError::Stale(told))
}

/// What comes out of the file is text of whoever wrote it.
async fn words(cloud: &dyn Cloud, moved: &MovedGround, zone: &Zone) -> String {
    let shown = |text: &str| text.escape_debug().to_string();
    match moved {
        MovedGround::Asagi { then, now } => {
            format!("it was made by asagi {}, and this is {now}", shown(then))
        }
        MovedGround::Spec(section) => format!("the spec: {}", shown(section)),
        MovedGround::File(path) => format!("the file {}", shown(path)),
        MovedGround::Created(name) => {
            format!("stack {} was created{}", shown(name), by_whom(cloud, name, zone).await)
        }
        MovedGround::Deleted(name) => {
            format!("stack {} was deleted{}", shown(name), by_whom(cloud, name, zone).await)
        }
        MovedGround::Changed(name) => {
            format!("stack {} was changed{}", shown(name), by_whom(cloud, name, zone).await)
        }
        MovedGround::StackPlan(name) => format!("stack {} would become something else", shown(name)),
        MovedGround::Seen(role) => format!("role {}: its weights, sizes or record", shown(role)),
        MovedGround::Phases(role) => format!("role {}: its phases", shown(role)),
        MovedGround::Otherwise => "what it would do is something else".to_owned(),
    }
}

/// A run of this very plan has begun: what is left is another plan, and one that is reviewed for itself.
fn own_run(file: &PlanFile, plan: &Plan) -> Option<String> {
    let own = |record: &&Record| {
        record.in_progress() && record.plan.as_ref().is_some_and(|named| file.digest.starts_with(named))
    };
    let record = plan.roles.iter().map(|role| &role.seen.record).find(own)?;
    Some(format!(
        "a run of this plan has begun and stands at {}: `asagi apply {}` goes on from there",
        record.phase, plan.environment
    ))
}
