//! `asagi diff`: what a spec would change.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::diff::render::{self, Palette};
use crate::model::PolicyEntry;
use crate::ops::{self, DiffReport, Loaded, PolicyChange};
use crate::shown;
use crate::words::{Shown, markdown};
use crate::workspace::GitTree;

use super::options::PageFormat;
use super::{Context, ExitCode, Failure, findings};

/// Show what a spec would change, in effective values
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi diff prod                            against what is deployed
  asagi diff prod --against git:main         what this branch changes, offline
  asagi diff prod --against git:HEAD~1       what the last commit changed
  asagi diff prod --detailed-exitcode        exit 2 when there are changes
  asagi diff prod --format markdown          for a comment on a pull request
  asagi diff prod --format json              for programs

Marks: + create, ~ update, -/+ replace, -/+? may replace, - remove, = held until the next release.")]
pub(super) struct Arguments {
    /// The environment: its file's stem or path
    environment: String,
    /// `deployed`, or `git:` and a branch, tag or commit of the repository that the specs are in
    #[arg(long, value_name = "WHAT", default_value = "deployed", value_parser = against)]
    against: Against,
    /// Read the Git repository in that folder although it belongs to another user
    #[arg(long, value_name = "DIR", env = "ASAGI_TRUST_GIT")]
    trust_git: Option<PathBuf>,
    /// Exit 2 when there are changes
    #[arg(long)]
    detailed_exitcode: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: PageFormat,
}

#[derive(Debug, Clone)]
enum Against {
    Deployed,
    Git(String),
}

fn against(text: &str) -> Result<Against, String> {
    match text.split_once(':') {
        None if text == "deployed" => Ok(Against::Deployed),
        Some(("git", reference)) if !reference.is_empty() => Ok(Against::Git(reference.to_owned())),
        _ => Err("write `deployed`, or `git:` and a branch, tag or commit".to_owned()),
    }
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let loaded = context.load(&arguments.environment)?;
    let (report, compared) = match &arguments.against {
        Against::Deployed => {
            let target = context.target(&loaded.environment)?;
            (target.wait(ops::diff_deployed(target.cloud(), &loaded))?, None)
        }
        Against::Git(reference) => {
            let trusted = arguments.trust_git.as_deref();
            let (report, commit) = against_git(context, &loaded, reference, trusted)?;
            (report, Some(Compared { reference, commit }))
        }
    };
    let told = [
        &report.strangers,
        &report.protection,
        &report.unsettled,
        &report.unreadable,
        &report.unread,
        &report.refused,
    ];
    for said in told.into_iter().flatten() {
        context.console.say(said);
    }
    for drift in &report.drift {
        context.console.say(format!("drift: {drift}"));
    }
    match arguments.format {
        PageFormat::Markdown => {
            context.console.data(render::markdown(
                &loaded.environment.name,
                &report.stacks,
                &report.roles,
            ))?;
            if !report.refused.is_empty() {
                let lines = report.refused.iter().map(|line| Shown::from(format!("! {line}")));
                context.console.data(shown!("\n{}", markdown::block("diff", lines)))?;
            }
            for change in &report.policy {
                context.console.data(shown!("\n{}\n", policy_line(change, markdown::code)))?;
            }
            for leaving in &report.leaving {
                context.console.data(shown!("\n{}\n", leaving))?;
            }
            if let Some(Compared { reference, commit }) = &compared {
                let name = markdown::code(&format!("git:{reference}"));
                context.console.data(shown!("\nagainst {}: commit {}\n", name, markdown::code(commit)))?;
            }
        }
        PageFormat::Json => context.console.json(&document(&report, compared.as_ref()))?,
        PageFormat::Human => {
            let palette = if context.console.is_colored() { Palette::colour() } else { Palette::plain() };
            context.console.data(render::human(&report.stacks, &palette))?;
            context.console.data(render::human_roles(&report.roles, &palette))?;
            for change in &report.policy {
                context.console.data(shown!("{}\n", policy_line(change, |text| text.into())))?;
            }
            for leaving in &report.leaving {
                context.console.data(shown!("{}\n", leaving))?;
            }
            for deferred in &report.deferred {
                context.console.progress(format!("{} waits until {}", deferred.stack, deferred.until));
            }
        }
    }
    let changes = arguments.detailed_exitcode && !report.is_empty();
    Ok(if changes { ExitCode::Changes } else { ExitCode::Done })
}

/// `policy: ASG0348 as asagi says → ignore: the team's reason`, the reason as its place shows it.
fn policy_line(change: &PolicyChange, place: impl Fn(&str) -> Shown) -> Shown {
    let word =
        |entry: &Option<PolicyEntry>| entry.as_ref().map_or("as asagi says", |entry| entry.level.word());
    let reason = change.after.as_ref().map(|entry| shown!(": {}", place(&entry.reason))).unwrap_or_default();
    shown!("policy: {} {} → {}{}", change.code, word(&change.before), word(&change.after), reason)
}

/// What a spec was compared with: names move, so the commit is told wherever the comparison is.
struct Compared<'a> {
    reference: &'a str,
    commit: String,
}

/// The stacks, the commit that they were compared with, and the policy where it is another.
fn document(report: &DiffReport, compared: Option<&Compared<'_>>) -> serde_json::Value {
    let mut document = render::json(&report.stacks);
    if let (Some(document), Some(Compared { reference, commit })) = (document.as_object_mut(), compared) {
        let against = serde_json::json!({ "git": reference, "commit": commit });
        document.insert("against".to_owned(), against);
    }
    if let Some(document) = document.as_object_mut().filter(|_| !report.roles.is_empty()) {
        document.insert("roles".to_owned(), render::json_roles(&report.roles));
    }
    if let Some(document) = document.as_object_mut().filter(|_| !report.refused.is_empty()) {
        document.insert("refused".to_owned(), serde_json::json!(report.refused));
    }
    let changes = report.policy.iter().map(
        |change| serde_json::json!({ "code": change.code, "before": change.before, "after": change.after }),
    );
    if let Some(document) = document.as_object_mut().filter(|_| !report.policy.is_empty()) {
        document.insert("policy".to_owned(), changes.collect());
    }
    if let Some(document) = document.as_object_mut().filter(|_| !report.left.is_empty()) {
        document.insert("leaving".to_owned(), serde_json::json!(report.left));
    }
    document
}

/// And the commit that the reference names. An environment that it does not have is all new; one that has errors there cannot be compared.
fn against_git(
    context: &mut Context,
    loaded: &Loaded,
    reference: &str,
    trusted: Option<&Path>,
) -> Result<(DiffReport, String), Failure> {
    let workspace = context.workspace()?;
    let tree = GitTree::open(&workspace, reference, trusted)?;
    context.console.progress(format!("against `{reference}`: commit {}", tree.commit()));
    let commit = tree.commit().to_owned();
    if !tree.has(&loaded.read.path) {
        return Ok((ops::diff_specs(loaded, None), commit));
    }
    match ops::load::from_files(&tree, &loaded.read.path) {
        Ok(before) => Ok((ops::diff_specs(loaded, Some(&before)), commit)),
        Err(read) => {
            context.console.progress(format!("as it is at {reference}:"));
            Err(findings::fail(&[read], &mut context.console))
        }
    }
}
