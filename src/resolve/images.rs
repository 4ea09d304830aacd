//! `images`: the three layers, their components and versions, and when they are built.

use crate::model::{
    Architecture, Build, Component, Images, Layer, LayerKind, ParentImage, Retain, content_version,
};
use crate::source::pointer;
use crate::spec;

use super::architecture::architecture;
use super::context::Context;
use super::schedule::{Schedule, ScheduleError};
use super::{codes, defaults, paths};

/// Hours after the base layer at which the layers start: a build takes an hour or so, and three pipelines at the same
/// minute race.
const STARTS: [u32; 3] = [0, 2, 4];

pub(super) fn images(
    context: &mut Context<'_>,
    role: &str,
    instance_type: &str,
    spec: &spec::Images,
) -> Images {
    let parent = spec.base.parent.as_ref().map_or(defaults::PARENT, spec::ParentName::as_str);
    let parent = if parent.starts_with("ami-") {
        ParentImage::Ami(parent.to_owned())
    } else {
        ParentImage::Managed(parent.to_owned())
    };
    let mut layer =
        |kind: LayerKind, version: &spec::Version, parent, names: &[spec::Text], artifact: Option<&str>| {
            let components = read(context, role, kind, names);
            layer(kind, version.as_str(), parent, components, artifact.map(str::to_owned))
        };
    let (base, middleware, application) = (&spec.base, &spec.middleware, &spec.application);
    let below = ParentImage::Below;
    Images {
        base: layer(LayerKind::Base, &base.version, parent, &base.components, None),
        middleware: layer(
            LayerKind::Middleware,
            &middleware.version,
            below(LayerKind::Base),
            &middleware.components,
            None,
        ),
        application: layer(
            LayerKind::Application,
            &application.version,
            below(LayerKind::Middleware),
            &application.components,
            application.artifact.as_ref().map(spec::ArtifactUri::as_str),
        ),
        build: build(context, role, instance_type, spec.build.as_ref()),
        retain: retain(context, role, spec.retain.as_ref()),
        share: spec.share.iter().map(ToString::to_string).collect(),
    }
}

fn layer(
    kind: LayerKind,
    version: &str,
    parent: ParentImage,
    components: Vec<Component>,
    artifact: Option<String>,
) -> Layer {
    let parent_text = match &parent {
        ParentImage::Managed(name) | ParentImage::Ami(name) => name.clone(),
        ParentImage::Below(kind) => kind.as_str().to_owned(),
    };
    let parts = components.iter().flat_map(|component| [component.name.as_str(), component.version.as_str()]);
    let content = [parent_text.as_str(), artifact.as_deref().unwrap_or_default()].into_iter().chain(parts);
    let recipe_version = content_version(version, content);
    Layer { kind, version: version.to_owned(), recipe_version, parent, components, artifact }
}

fn read(context: &mut Context<'_>, role: &str, kind: LayerKind, names: &[spec::Text]) -> Vec<Component> {
    let mut components = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let at = pointer(["roles", role, "images", kind.as_str(), "components", &index.to_string()]);
        components.extend(component(context, &at, name.as_str()));
    }
    components
}

/// A path's own file, or a standard component.
fn component(context: &mut Context<'_>, at: &str, name: &str) -> Option<Component> {
    if name.contains('/') || name.ends_with(".yaml") || name.ends_with(".yml") {
        let (path, document) = context.text(at, name)?;
        let version = content_version("1.0", [document.as_str()]);
        return Some(Component { name: paths::stem(&path).to_owned(), document, version });
    }
    let standard = Component::standard(name);
    if standard.is_some() {
        return standard;
    }
    let error = context.error(codes::COMPONENT, at, format!("there is no standard component `{name}`"));
    let help = spec::meant(name, &Component::standard_names().collect::<Vec<_>>());
    context.push(
        error
            .with_help(help)
            .with_note("a component of your own is named by its path, `./components/NAME.yaml`"),
    );
    None
}

fn build(context: &mut Context<'_>, role: &str, instance_type: &str, spec: Option<&spec::Build>) -> Build {
    let default = match architecture(instance_type) {
        Architecture::X86_64 => defaults::BUILD_INSTANCE_X86,
        Architecture::Arm64 => defaults::BUILD_INSTANCE_ARM,
    };
    let on = spec.and_then(|build| build.instance_type.as_ref()).map_or(default, spec::Text::as_str);
    let at = pointer(["roles", role, "images", "build", "schedule"]);
    let text = spec.and_then(|build| build.schedule.as_deref()).unwrap_or(defaults::BUILD_SCHEDULE);
    let schedule = schedule(context, &at, text);
    let starts = schedule.as_ref().map(|schedule| STARTS.map(|hours| schedule.later(hours)));
    if let Some([_, _, None] | [_, None, _]) = &starts {
        let error = context.error(
            codes::SCHEDULE,
            &at,
            "the layers after the base would start after midnight, on another day",
        );
        context.push(error.with_help(
            "start before 20:00: the middleware follows after two hours, the application after four",
        ));
    }
    Build {
        schedules: starts.unwrap_or_default().map(Option::unwrap_or_default),
        timezone: schedule.map(|schedule| schedule.timezone).unwrap_or_default(),
        instance_type: on.to_owned(),
    }
}

/// When instances are scanned for missing patches, as Systems Manager's cron.
pub(super) fn patch_scan(context: &mut Context<'_>, spec: &spec::Environment) -> String {
    let text =
        spec.patching.as_ref().and_then(|patching| patching.scan.as_deref()).unwrap_or(defaults::PATCH_SCAN);
    let at = "/patching/scan";
    let Some(schedule) = schedule(context, at, text) else { return String::new() };
    if schedule.timezone != "Asia/Tokyo" {
        let error = context.error(
            codes::TIME_ZONE,
            at,
            format!("scans run by Tokyo time, not `{}`", schedule.timezone),
        );
        context.push(error.with_help("say the time in `Asia/Tokyo`"));
    }
    schedule.later(0).map(|fields| format!("cron({})", fields.to_uppercase())).unwrap_or_default()
}

fn schedule(context: &mut Context<'_>, at: &str, text: &str) -> Option<Schedule> {
    let error = match Schedule::parse(text) {
        Ok(schedule) => return Some(schedule),
        Err(ScheduleError::Form) => context
            .error(codes::SCHEDULE, at, format!("`{text}` is not a schedule"))
            .with_help("write `2nd Wed 03:00 Asia/Tokyo`, `weekly Sun 03:00 Asia/Tokyo`, `daily 03:00 Asia/Tokyo` or `cron(0 3 ? * wed#2 *) Asia/Tokyo`"),
        Err(ScheduleError::TimeZone(zone)) => context
            .error(codes::TIME_ZONE, at, format!("there is no time zone `{zone}`"))
            .with_help("end the schedule with a name such as `Asia/Tokyo`"),
    };
    context.push(error);
    None
}

fn retain(context: &mut Context<'_>, role: &str, spec: Option<&spec::Retain>) -> Retain {
    let Some(spec) = spec else { return Retain::Generations(defaults::GENERATIONS) };
    let at = pointer(["roles", role, "images", "retain"]);
    match (spec.generations, spec.days, spec.at_least) {
        (Some(generations), None, None) => Retain::Generations(generations),
        (None, Some(days), at_least) => {
            Retain::Days { days, at_least: at_least.unwrap_or(defaults::RETAIN_AT_LEAST) }
        }
        (None, None, _) => {
            let error =
                context.error(codes::TOGETHER, &at, "retention says neither `generations` nor `days`");
            context.push(error.with_help("write `{ generations: 10 }` or `{ days: 30, atLeast: 3 }`"));
            Retain::Generations(defaults::GENERATIONS)
        }
        (Some(generations), _, _) => {
            let error =
                context.error(codes::TOGETHER, &at, "images are kept by number or by age, not by both");
            context.push(error.with_help("keep `generations`, or `days` with `atLeast`"));
            Retain::Generations(generations)
        }
    }
}
