//! `roles.<role>`: one kind of instance, put together.

use crate::model::{Lock, Release, Role};
use crate::spec;

use super::context::Context;
use super::{alarms, images, instances, rollout, traffic};

pub(super) fn role(
    context: &mut Context<'_>,
    environment: &spec::Environment,
    lock: &Lock,
    name: &str,
    spec: &spec::Role,
) -> Role {
    let (release, wanted_release) = release(environment.project.as_str(), lock, name, spec.release.as_ref());
    let cohorts = match &spec.rollout {
        Some(spec::Rollout::Details(details)) => details.cohorts.as_ref(),
        Some(spec::Rollout::Named(_)) | None => None,
    };
    let images = spec
        .images
        .as_ref()
        .map(|images| images::images(context, name, spec.instances.r#type.as_str(), images));
    Role {
        name: name.to_owned(),
        images,
        instances: instances::instances(context, name, &spec.instances),
        target_group: traffic::target_group(&spec.target_group),
        routes: traffic::routes(&spec.routes),
        cohorts: traffic::cohorts(context, name, cohorts),
        alarms: alarms::alarms(context, name, spec.alarms.as_ref()),
        rollout: rollout::rollout(context, name, spec.rollout.as_ref()),
        release,
        wanted_release,
    }
}

/// The release to run, where the lock knows it, and its name in any case.
fn release(
    project: &str,
    lock: &Lock,
    role: &str,
    spec: Option<&spec::Release>,
) -> (Option<Release>, Option<String>) {
    match spec {
        None => (None, None),
        Some(spec::Release::Ami(named)) => {
            let ami = named.ami.to_string();
            (Some(Release { name: ami.clone(), build: String::new(), ami: ami.clone() }), Some(ami))
        }
        Some(spec::Release::Version(version)) => {
            let name = version.to_string();
            let build = lock.build(project, role, &name);
            let release = build.and_then(|build| {
                let ami = build.images.get("application")?.clone();
                Some(Release { name: name.clone(), build: build.build.clone(), ami })
            });
            (release, Some(name))
        }
    }
}
