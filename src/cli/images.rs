//! `asagi images`: the lock that pins every environment's AMIs.

use clap::{Args, Subcommand};

use crate::model::Lock;
use crate::ops;
use crate::source::{SourceMap, limits, parse};

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
            let mut lock = bytes.map_or(Ok(Lock::default()), |bytes| parsed(&name, &bytes))?;
            added = registry.add_to(&mut lock);
            Ok((!added.is_empty()).then(|| ops::lock_text(&lock)))
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

fn parsed(name: &str, bytes: &[u8]) -> Result<Lock, Failure> {
    let mut sources = SourceMap::new();
    let broken =
        |why: String| Failure::new(format!("{name}: {why}")).help("mend it by hand, or restore it from git");
    let id = sources.add_bytes(name, bytes).map_err(|error| broken(error.message))?;
    let document = parse(&sources, id).map_err(|error| broken(error.message))?;
    let lock: Lock = document.deserialize().map_err(|error| broken(error.to_string()))?;
    match lock.asagi.as_str() {
        "v1" => Ok(lock),
        other => Err(broken(format!("the images lock is of version `{other}`, not `v1`"))),
    }
}
