//! `asagi images`: the lock that pins every environment's AMIs.

use clap::{Args, Subcommand};

use crate::model::Lock;
use crate::ops;
use crate::source::{Files, SourceMap, parse};

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
    let path = workspace.root().join("environments").join(Lock::FILE);
    let lock = read_lock(&workspace)?;
    let target = context.target(&loaded.environment)?;
    let report = target.wait(ops::lock_images(target.cloud(), &loaded.environment, lock))?;
    for name in &report.missing {
        context.console.progress(format!("no image yet: {name}"));
    }
    if report.added.is_empty() {
        context.console.progress("the lock has every image that the registry has");
        return Ok(ExitCode::Done);
    }
    crate::workspace::write_file(&path, ops::lock_text(&report.lock).as_bytes())?;
    for (role, release, build) in &report.added {
        context.console.progress(format!("locked {role} {release}, build {build}"));
    }
    Ok(ExitCode::Done)
}

fn read_lock(files: &dyn Files) -> Result<Lock, Failure> {
    let name = format!("environments/{}", Lock::FILE);
    let Ok(bytes) = files.read(&name) else { return Ok(Lock::default()) };
    let mut sources = SourceMap::new();
    let broken =
        |why: String| Failure::new(format!("{name}: {why}")).help("mend it by hand, or restore it from git");
    let id = sources.add_bytes(name.as_str(), &bytes).map_err(|error| broken(error.message))?;
    let document = parse(&sources, id).map_err(|error| broken(error.message))?;
    document.deserialize().map_err(|error| broken(error.to_string()))
}
