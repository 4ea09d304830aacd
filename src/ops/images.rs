//! The images lock: which AMIs each release is, read from the registry that the pipelines write.

use std::fmt::Write as _;

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cloud::{Cloud, CloudError};
use crate::model::{Environment, Images, LayerKind, Role};
use crate::model::{Lock, LockedImages};
use crate::stacks::names::registry_parameter;

/// What locking found.
#[derive(Debug, Clone, PartialEq)]
pub struct LockReport {
    /// The lock as it should be.
    pub lock: Lock,
    /// Builds that it did not have: role, release, build.
    pub added: Vec<(String, String, String)>,
    /// Registry parameters that have no image yet.
    pub missing: Vec<String>,
}

/// Adds what the registry has and the lock does not. Nothing is ever taken out of the lock.
///
/// # Errors
/// When a call does not succeed.
pub async fn lock_images(
    cloud: &dyn Cloud,
    environment: &Environment,
    mut lock: Lock,
) -> Result<LockReport, CloudError> {
    let (mut added, mut missing) = (Vec::new(), Vec::new());
    lock.asagi = "v1".to_owned();
    for role in &environment.roles {
        let Some(images) = &role.images else { continue };
        let found = registered(cloud, environment, role, images, &mut missing).await?;
        let Some((ids, built)) = found else { continue };
        let release = images.application.version.clone();
        let builds = lock
            .projects
            .entry(environment.project.clone())
            .or_default()
            .entry(role.name.clone())
            .or_default()
            .entry(release.clone())
            .or_default();
        if builds.iter().any(|build| build.images == ids) {
            continue;
        }
        let build = build_name(builds, built, &images.build.timezone);
        added.push((role.name.clone(), release, build.clone()));
        builds.push(LockedImages { build, images: ids });
    }
    Ok(LockReport { lock, added, missing })
}

/// The three layers' AMI ids and when the application's was registered; `None` when a layer has none.
async fn registered(
    cloud: &dyn Cloud,
    environment: &Environment,
    role: &Role,
    images: &Images,
    missing: &mut Vec<String>,
) -> Result<Option<(IndexMap<String, String>, Timestamp)>, CloudError> {
    let (mut ids, mut built) = (IndexMap::new(), None);
    for kind in LayerKind::ALL {
        let name = registry_parameter(&environment.project, &role.name, images.layer(kind));
        let newest = cloud.parameter_history(&name).await?.pop();
        match newest {
            Some(version) => {
                ids.insert(kind.as_str().to_owned(), version.value);
                built = Some(version.modified);
            }
            None => missing.push(name),
        }
    }
    Ok(built.filter(|_| ids.len() == LayerKind::ALL.len()).map(|built| (ids, built)))
}

/// The day it was built, where people are; the second of a day is `2026-11-11.2`.
fn build_name(builds: &[LockedImages], built: Timestamp, timezone: &str) -> String {
    let zone = TimeZone::get(timezone).unwrap_or(TimeZone::UTC);
    let day = built.to_zoned(zone).strftime("%Y-%m-%d").to_string();
    let same = builds.iter().filter(|build| build.build.starts_with(&day)).count();
    if same == 0 { day } else { format!("{day}.{}", same + 1) }
}

/// The lock as a file: one line a build, so that a pull request shows which AMI is new.
pub fn lock_text(lock: &Lock) -> String {
    let mut text = String::from(
        "# Which AMIs each release is. Written by `asagi images lock`; commit it with the release that it is for.\n",
    );
    let _ = writeln!(text, "asagi: {}\nprojects:", lock.asagi);
    for (project, roles) in &lock.projects {
        let _ = writeln!(text, "  {}:", plain(project));
        for (role, releases) in roles {
            let _ = writeln!(text, "    {}:", plain(role));
            for (release, builds) in releases {
                let _ = writeln!(text, "      {}:", quoted(release));
                for build in builds {
                    let images: Vec<String> =
                        build.images.iter().map(|(layer, ami)| format!("{layer}: {}", plain(ami))).collect();
                    let _ = writeln!(text, "        - build: {}", quoted(&build.build));
                    let _ = writeln!(text, "          images: {{ {} }}", images.join(", "));
                }
            }
        }
    }
    text
}

/// Names that cannot be anything but text stay plain.
fn plain(text: &str) -> String {
    let letters = text.starts_with(|c: char| c.is_ascii_lowercase());
    let simple = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let word = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&text);
    if letters && simple && !word { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_the_committed_lock() {
        let text = "asagi: v1\nprojects: {poc: {web: {\"1.10\": [{build: \"2026-11-04\", images: {base: ami-1}}]}}}\n";
        let mut sources = crate::source::SourceMap::new();
        let id = sources.add("images.lock.yaml", text);
        let lock: Lock = crate::source::parse(&sources, id).unwrap().deserialize().unwrap();
        insta::assert_snapshot!(lock_text(&lock), @r#"
        # Which AMIs each release is. Written by `asagi images lock`; commit it with the release that it is for.
        asagi: v1
        projects:
          poc:
            web:
              "1.10":
                - build: "2026-11-04"
                  images: { base: ami-1 }
        "#);
    }

    #[test]
    fn a_second_build_of_a_day_has_a_name_of_its_own() {
        let built = "2026-11-10T20:00:00Z".parse().unwrap();
        let one = LockedImages { build: "2026-11-11".to_owned(), images: IndexMap::new() };
        assert_eq!(build_name(&[], built, "Asia/Tokyo"), "2026-11-11");
        assert_eq!(build_name(&[one], built, "Asia/Tokyo"), "2026-11-11.2");
    }
}
