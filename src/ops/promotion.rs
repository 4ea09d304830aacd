//! What is live where releases come from, looked at when it is asked for: in the same account, or through another target.

use indexmap::IndexMap;

use crate::cloud::Cloud;
use crate::model::{Origin, Zone};
use crate::plan::{
    Evidence, Going, Obstacle, Passes, Plan, Promotions, asks_for_promotion, is_live, obstacles,
};
use crate::rollout::{observe, spoke};

/// What a plan and its run are looked at through.
#[derive(Clone, Copy)]
pub struct Looking<'a> {
    /// The plan's own account and Region.
    pub cloud: &'a dyn Cloud,
    /// Those of the environment that releases come from, where they are others and can be reached.
    pub origin: Option<&'a dyn Cloud>,
    /// Times are told in it.
    pub zone: &'a Zone,
}

/// All that stands between a plan and its run as things are now.
pub async fn stands_between(
    looking: Looking<'_>,
    plan: &Plan,
    going: Going<'_>,
    passes: Passes<'_>,
) -> Vec<Obstacle> {
    let promotions = if passes.unpromoted { Promotions::new() } else { promotions(looking, plan).await };
    let evidence = Evidence { promotions, alarms: alarms(looking, plan).await };
    obstacles(plan, &evidence, going, passes, (looking.cloud.now(), looking.zone))
}

/// The alarms that have spoken since traffic moved. One that cannot be read is told by the run, which looks again.
async fn alarms(looking: Looking<'_>, plan: &Plan) -> IndexMap<String, String> {
    let mut told = IndexMap::new();
    let prefix = format!("{}-{}", plan.project, plan.environment);
    for role in plan.roles.iter().filter(|role| role.is_on_its_way() && role.from != Some(role.to)) {
        let spoke = spoke(looking.cloud, &prefix, &role.seen, role.to, looking.zone).await;
        told.extend(spoke.ok().flatten().map(|why| (role.role.clone(), why)));
    }
    told
}

/// Looks for each role's release where releases come from. What cannot be seen is not live.
async fn promotions(looking: Looking<'_>, plan: &Plan) -> Promotions {
    let mut seen = Promotions::new();
    let Some(origin) = &plan.promote_from else { return seen };
    let asked = plan.roles.iter().filter(|role| asks_for_promotion(plan, role));
    for (role, release) in asked.filter_map(|role| Some((role.role.as_str(), role.release.as_ref()?))) {
        let found = live(looking, plan, origin, role, &release.ami).await;
        seen.insert(role.to_owned(), found.map_err(|why| format!("{}: {why}", origin.environment)));
    }
    seen
}

async fn live(
    looking: Looking<'_>,
    plan: &Plan,
    origin: &Origin,
    role: &str,
    ami: &str,
) -> Result<(), String> {
    let cloud = target(looking, plan, origin).await?;
    let prefix = format!("{}-{}", plan.project, origin.environment);
    let seen =
        observe(cloud, &prefix, role).await.map_err(|error| format!("it could not be read: {error}"))?;
    if seen.traffic.is_none() {
        return Err(format!("there is no stack {prefix}-{role}-traffic"));
    }
    is_live(&seen.state, ami)
}

/// What the other environment is read through.
async fn target<'a>(looking: Looking<'a>, plan: &Plan, origin: &Origin) -> Result<&'a dyn Cloud, String> {
    let (Some(account), Some(region)) = (&origin.account, &origin.region) else {
        return Err("its file does not say in which account and Region it is".to_owned());
    };
    if (account, region) == (&plan.account, &plan.region) {
        return Ok(looking.cloud);
    }
    let Some(cloud) = looking.origin else {
        return Err(format!(
            "it is in account {account}, {region}, which these credentials are not for: `--promotion-profile NAME` names \
             a profile that may read it"
        ));
    };
    match cloud.caller().await {
        Ok(caller) if caller.account == *account => Ok(cloud),
        Ok(caller) => Err(format!(
            "it is in account {account}, and the credentials to read it are of {}",
            caller.account
        )),
        Err(error) => Err(format!("it could not be read: {error}")),
    }
}
