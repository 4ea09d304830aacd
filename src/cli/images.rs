//! `asagi images`: the lock that pins every environment's AMIs.

use clap::{Args, Subcommand};

use crate::diagnostics::Findings;
use crate::model::Lock;
use crate::ops;
use crate::resolve;
use crate::source::{SourceMap, limits};

use super::console::waits;
use super::{Context, ExitCode, Failure};

/// Pin images: fill environments/images.lock.yaml from what the pipelines have built
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi images lock dev        dev owns the images; its registry knows the newest build of every layer

Commit the lock: the pull request shows the AMI, and dev, stg and prod run the same one.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add the newest builds to the lock
    Lock {
        /// The environment that owns the images: its file's stem or path
        environment: String,
    },
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let Command::Lock { environment } = &arguments.command;
    let workspace = context.workspace()?;
    let loaded = context.load(environment)?;
    let target = context.target(&loaded.environment)?;
    let registry = target.wait(ops::registered(target.cloud(), &loaded.environment))?;
    for name in &registry.missing {
        context.console.progress(format!("no image yet: {name}"));
    }
    let name = format!("environments/{}", Lock::FILE);
    // Another run may have written the lock meanwhile: what is added is added to what is there now.
    let mut added = Vec::new();
    workspace.change_file(
        &name,
        limits::SOURCE,
        &waits(context.options.quiet),
        |bytes| -> Result<_, Failure> {
            let before = bytes.as_deref();
            let old = before.map_or(Ok(Lock::default()), |bytes| read(&name, bytes))?;
            let mut lock = old.clone();
            added = registry.add_to(&mut lock);
            if added.is_empty() {
                return Ok(None);
            }
            let text = ops::lock_text_after(before.unwrap_or_default(), &old, &lock);
            text.map(Some).map_err(|lost| {
                Failure::new(format!("{name}: {lost}"))
                    .help("move the comment away, run `asagi images lock` again, then put it back; nothing was locked")
            })
        },
    )?;
    if added.is_empty() {
        context.console.progress("the lock has every image that the registry has");
    }
    for (role, release, build) in &added {
        context.console.progress(format!("locked {role} {release}, build {build}"));
    }
    Ok(ExitCode::Done)
}

/// The lock that is there; one with a fault is left as it is.
fn read(name: &str, bytes: &[u8]) -> Result<Lock, Failure> {
    let (mut sources, mut findings) = (SourceMap::new(), Findings::new());
    let id = findings.keep(sources.add_bytes(name, bytes));
    let lock = id.and_then(|id| resolve::lock(&sources, id, &mut findings));
    match (lock, findings.sorted(&sources).first()) {
        (Some(lock), None) => Ok(lock),
        (_, Some(found)) => {
            let line = found.span().map_or(1, |span| sources.start(span).line);
            let help = found.help.as_deref().unwrap_or("mend it by hand, or restore it from git");
            Err(Failure::new(format!("{name}, line {line}: {}", found.message)).help(help))
        }
        (None, None) => Ok(Lock::default()),
    }
}

impl From<ops::RegistryError> for Failure {
    fn from(error: ops::RegistryError) -> Self {
        match error {
            ops::RegistryError::Cloud(error) => error.into(),
            ops::RegistryError::Elsewhere(error) => error.into(),
            error @ ops::RegistryError::NoAmi(_) => Self::new(error.to_string())
                .help("see who wrote it (`aws ssm get-parameter-history`); nothing was locked"),
        }
    }
}
