//! The images lock: which AMIs each release is, read from the registry that the pipelines write.

use std::fmt::Write as _;

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cloud::{Cloud, CloudError};
use crate::model::{Environment, Images, LayerKind, Role};
use crate::model::{Lock, LockedImages, is_ami_id};
use crate::stacks::names::registry_parameter;

use super::elsewhere::{ReadError, check_place};
use super::lock_comments::{self, LostComment};

/// What the registry has for an environment's releases.
#[derive(Debug, Clone, PartialEq)]
pub struct Registry {
    project: String,
    builds: Vec<Registered>,
    /// Registry parameters that have no image yet.
    pub missing: Vec<String>,
}

/// One role's newest images.
#[derive(Debug, Clone, PartialEq)]
struct Registered {
    role: String,
    release: String,
    images: IndexMap<String, String>,
    built: Timestamp,
    timezone: String,
}

/// Why the registry cannot be locked.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// A call did not succeed.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// The credentials are of another account, whose parameters of these names are somebody else's images.
    #[error("{0}")]
    Elsewhere(ReadError),
    /// A parameter holds something else. What it is stays there: it may be anybody's.
    #[error("registry parameter `{0}` holds no AMI id")]
    NoAmi(String),
}

/// Reads what the registry has. Who may write a parameter is no reason to run what it says: only AMI ids are taken.
///
/// # Errors
/// When the account is another one, a call does not succeed, or a parameter holds no AMI id.
pub async fn registered(cloud: &dyn Cloud, environment: &Environment) -> Result<Registry, RegistryError> {
    check_place(cloud, Some(&environment.account), None).await.map_err(|error| match error {
        ReadError::Cloud(error) => RegistryError::Cloud(error),
        error => RegistryError::Elsewhere(error),
    })?;
    let (mut builds, mut missing) = (Vec::new(), Vec::new());
    for role in &environment.roles {
        let Some(layers) = &role.images else { continue };
        let found = newest(cloud, environment, role, layers, &mut missing).await?;
        let Some((images, built)) = found else { continue };
        builds.push(Registered {
            role: role.name.clone(),
            release: layers.application.version.clone(),
            images,
            built,
            timezone: layers.build.timezone.clone(),
        });
    }
    Ok(Registry { project: environment.project.clone(), builds, missing })
}

impl Registry {
    /// Adds what the lock does not have, and says what that was: role, release, build. Nothing is ever taken out of it.
    pub fn add_to(&self, lock: &mut Lock) -> Vec<(String, String, String)> {
        let mut added = Vec::new();
        lock.asagi = "v1".to_owned();
        for Registered { role, release, images, built, timezone } in &self.builds {
            let roles = lock.projects.entry(self.project.clone()).or_default();
            let builds = roles.entry(role.clone()).or_default().entry(release.clone()).or_default();
            if builds.iter().any(|build| build.images == *images) {
                continue;
            }
            let build = build_name(builds, *built, timezone);
            added.push((role.clone(), release.clone(), build.clone()));
            builds.push(LockedImages { build, images: images.clone() });
        }
        added
    }
}

/// The three layers' AMI ids and when the application's was registered; `None` when a layer has none.
async fn newest(
    cloud: &dyn Cloud,
    environment: &Environment,
    role: &Role,
    images: &Images,
    missing: &mut Vec<String>,
) -> Result<Option<(IndexMap<String, String>, Timestamp)>, RegistryError> {
    let (mut ids, mut built) = (IndexMap::new(), None);
    for kind in LayerKind::ALL {
        let name = registry_parameter(&environment.project, &role.name, images.layer(kind));
        let newest = cloud.parameter_history(&name).await?.pop();
        match newest {
            Some(version) if !is_ami_id(&version.value) => return Err(RegistryError::NoAmi(name)),
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

/// The lock as a file in the place of another that said `old`: a pull request shows the build that is new and no other line.
/// Lines end as they did, in CRLF where a checkout ends them so, and comments stay.
///
/// # Errors
/// When there are comments and their place is not known.
pub fn lock_text_after(before: &[u8], old: &Lock, lock: &Lock) -> Result<String, LostComment> {
    let breaks = before.iter().filter(|byte| **byte == b'\n').count();
    let pairs = before.windows(2).filter(|pair| pair == b"\r\n").count();
    let given = String::from_utf8_lossy(before);
    let text = lock_comments::keep(&given, LOCK_HEADER, &lock_body(old), &lock_body(lock))?;
    Ok(if breaks > 0 && breaks == pairs { text.replace('\n', "\r\n") } else { text })
}

/// The lock as a file: one line a build, so that a pull request shows which AMI is new.
pub fn lock_text(lock: &Lock) -> String {
    format!("{LOCK_HEADER}\n{}", lock_body(lock))
}

const LOCK_HEADER: &str = "# Which AMIs each release is. Written by `asagi images lock`; commit it with the release that it is for.";

fn lock_body(lock: &Lock) -> String {
    let mut text = String::new();
    let open = |is_empty: bool, empty: &'static str| if is_empty { empty } else { "" };
    let _ = writeln!(text, "asagi: {}", plain(&lock.asagi));
    let _ = writeln!(text, "projects:{}", open(lock.projects.is_empty(), " {}"));
    for (project, roles) in &lock.projects {
        let _ = writeln!(text, "  {}:{}", plain(project), open(roles.is_empty(), " {}"));
        for (role, releases) in roles {
            let _ = writeln!(text, "    {}:{}", plain(role), open(releases.is_empty(), " {}"));
            for (release, builds) in releases {
                let _ = writeln!(text, "      {}:{}", quoted(release), open(builds.is_empty(), " []"));
                for build in builds {
                    let images = build.images.iter();
                    let images: Vec<String> =
                        images.map(|(layer, ami)| format!("{}: {}", plain(layer), plain(ami))).collect();
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
    fn what_a_person_left_empty_or_named_strangely_is_read_again() {
        let text = r#"{asagi: v1, projects: {a: {}, "b: c": {web: {}, null: {"1": [], "2": [{build: "", images: {"d, e": "}"}}]}}}}"#;
        let read = |text: &str| -> Lock {
            let mut sources = crate::source::SourceMap::new();
            let id = sources.add("images.lock.yaml", text);
            crate::source::parse(&sources, id).unwrap().deserialize().unwrap()
        };
        let lock = read(text);
        assert_eq!(read(&lock_text(&lock)), lock);
        let none = Lock { asagi: "v1".to_owned(), ..Lock::default() };
        assert_eq!(read(&lock_text(&none)), none);
    }

    #[test]
    fn a_second_build_of_a_day_has_a_name_of_its_own() {
        let built = "2026-11-10T20:00:00Z".parse().unwrap();
        let one = LockedImages { build: "2026-11-11".to_owned(), images: IndexMap::new() };
        assert_eq!(build_name(&[], built, "Asia/Tokyo"), "2026-11-11");
        assert_eq!(build_name(&[one], built, "Asia/Tokyo"), "2026-11-11.2");
    }
}
