//! `asagi init`: begins a repository that passes its own checks.

use std::path::Path;

use clap::{Args, ValueEnum};

use super::console::waits;
use super::{Context, ExitCode, Failure, findings};
use crate::artifact::{self, Starter, StarterEnvironment};
use crate::ops::render::{self, RenderError, Rendered};
use crate::ops::{self, Begun, InitError};
use crate::shown;
use crate::workspace::{Workspace, stem};

/// Begin a repository: environments, CI's jobs, and what an editor needs
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi init                                asks for a project, its environments, their accounts, an address
  asagi init --project shop --environment dev=111122223333 --environment prod=444455556666 \\
      --email ops@example.co.jp             the same without being asked
  asagi init --from poc                     the smallest example, with two releases to play with
  asagi --root elsewhere init --ci jenkins  in another folder, for Jenkins alone

What is there already is never overwritten.")]
pub(super) struct Arguments {
    /// An example to begin with instead of answers
    #[arg(long, value_name = "EXAMPLE", value_parser = ["poc"], conflicts_with_all = ["project", "environments", "email"])]
    from: Option<String>,
    /// The project, such as `shop`
    #[arg(long, value_parser = name)]
    project: Option<String>,
    /// An environment and its account, such as `dev=111122223333`; the last one is production
    #[arg(long = "environment", value_name = "NAME=ACCOUNT", value_parser = environment)]
    environments: Vec<(String, String)>,
    /// The Region
    #[arg(long, default_value = "ap-northeast-1", value_parser = name)]
    region: String,
    /// The role to begin with
    #[arg(long, default_value = "web", value_parser = name)]
    role: String,
    /// The port that its instances answer on
    #[arg(long, default_value_t = 80, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// The path that says whether they are well
    #[arg(long, value_name = "PATH", default_value = "/", value_parser = path)]
    health: String,
    /// Who is told of alarms
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    email: Option<String>,
    /// Whose jobs are written
    #[arg(long, value_enum, value_delimiter = ',', default_value = "gitea,jenkins")]
    ci: Vec<Jobs>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Jobs {
    /// Gitea Actions: `.gitea/workflows/`
    Gitea,
    /// A `Jenkinsfile` for a multibranch pipeline
    Jenkins,
    /// None
    None,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let root = context.options.root.clone();
    let workspace = Workspace::open(root.as_deref().unwrap_or(Path::new(".")))?;
    let ci: Vec<artifact::Ci> = arguments.ci.iter().filter_map(|jobs| jobs.ci()).collect();
    let files = match &arguments.from {
        Some(_) => ops::example_files(&ci),
        None => ops::starter_files(&answers(arguments, ci, &workspace, context)?),
    };
    let files = files.map_err(|error| Failure::from(RenderError::from(error)))?;
    let begun = told(ops::judge(&files).and_then(|()| ops::begin(&workspace, &files)), context)?;
    for path in &begun.written {
        context.console.progress(shown!("wrote {}", path));
    }
    for path in &begun.kept {
        context.console.say(shown!("kept {}: it was there, and holds something else", path));
    }
    let environments: Vec<String> = files.iter().filter_map(|file| environment_of(&file.path)).collect();
    let output = workspace.output(None, render::FOLDER)?;
    let rendered = render::write(&workspace, &environments, &output, &waits(context.options.quiet));
    let Rendered { done, .. } = match rendered {
        Ok(rendered) => rendered,
        Err(RenderError::Findings(broken)) => return Err(findings::fail(&broken, &mut context.console)),
        Err(error) => return Err(error.into()),
    };
    if !done.written.is_empty() {
        let count = done.written.len();
        context
            .console
            .progress(format!("wrote {count} files below {}/, as `asagi render` does", render::FOLDER));
    }
    next(&environments, arguments, context);
    Ok(ExitCode::Done)
}

fn told(begun: Result<Begun, InitError>, context: &mut Context) -> Result<Begun, Failure> {
    begun.map_err(|error| match error {
        InitError::Artifact(error) => RenderError::from(error).into(),
        InitError::Workspace(error) => error.into(),
        InitError::Findings(broken) => findings::fail(&broken, &mut context.console),
    })
}

/// `dev` of `environments/dev.yaml`; bases and locks are no environments.
fn environment_of(path: &str) -> Option<String> {
    let file = path.strip_prefix("environments/")?;
    let is_spec = !file.contains('/') && !file.starts_with("base-") && !file.contains(".lock.");
    is_spec.then(|| stem(path).to_owned())
}

fn next(environments: &[String], arguments: &Arguments, context: &mut Context) {
    let console = &mut context.console;
    let first = environments.first().map_or("dev", String::as_str);
    console.progress("");
    console.progress("next");
    console.progress(format!(
        "  asagi check                        what is wrong with environments/{first}.yaml"
    ));
    console.progress(format!("  asagi simulate {first:<20}a release rolls out in an account in memory"));
    if arguments.from.is_none() {
        console.progress(format!(
            "  asagi iam-policy founder {first:<10}what the first `asagi apply {first}` must be allowed"
        ));
    }
    console.progress("  git add -A && git commit           the jobs check every pull request from then on");
}

impl Jobs {
    fn ci(self) -> Option<artifact::Ci> {
        match self {
            Self::Gitea => Some(artifact::Ci::Gitea),
            Self::Jenkins => Some(artifact::Ci::Jenkins),
            Self::None => None,
        }
    }
}

/// What was given, and the rest as a person says it.
fn answers(
    arguments: &Arguments,
    ci: Vec<artifact::Ci>,
    workspace: &Workspace,
    context: &mut Context,
) -> Result<Starter, Failure> {
    let folder = workspace.root().file_name().and_then(|folder| name(&folder.to_string_lossy()).ok());
    let project = match &arguments.project {
        Some(project) => project.clone(),
        None => ask(context, "project", folder.as_deref(), "--project shop", name)?,
    };
    let environments = if arguments.environments.is_empty() {
        asked_environments(context)?
    } else {
        arguments.environments.clone()
    };
    distinct(&environments)?;
    let email = match &arguments.email {
        Some(email) => email.clone(),
        None => ask(context, "e-mail address for alarms", None, "--email ops@example.co.jp", address)?,
    };
    let one = |(name, account)| StarterEnvironment { name, account };
    Ok(Starter {
        project,
        environments: environments.into_iter().map(one).collect(),
        region: arguments.region.clone(),
        role: arguments.role.clone(),
        port: arguments.port,
        health: arguments.health.clone(),
        email,
        ci,
    })
}

/// Each environment is a file of its own, and none has the name of a base.
fn distinct(environments: &[(String, String)]) -> Result<(), Failure> {
    for (index, (name, _)) in environments.iter().enumerate() {
        if name.starts_with("base-") {
            return Err(Failure::new(format!(
                "`{name}` begins with `base-`, as files do that environments share"
            )));
        }
        if environments.iter().take(index).any(|(before, _)| before == name) {
            return Err(
                Failure::new(format!("environment `{name}` twice")).help("give each a name of its own")
            );
        }
    }
    Ok(())
}

fn asked_environments(context: &mut Context) -> Result<Vec<(String, String)>, Failure> {
    let option = "--environment dev=111122223333 --environment prod=444455556666";
    let all = |text: &str| -> Result<Vec<String>, String> {
        let names = text.split([',', ' ', '、']).filter(|part| !part.is_empty());
        let names: Vec<String> = names.map(name).collect::<Result<_, _>>()?;
        if names.is_empty() { Err("at least one is needed".to_owned()) } else { Ok(names) }
    };
    let names = ask(context, "environments, production last", Some("dev, prod"), option, all)?;
    let mut environments = Vec::new();
    let mut before: Option<String> = None;
    for name in names {
        let account = ask(context, &format!("account of {name}"), before.as_deref(), option, account)?;
        before = Some(account.clone());
        environments.push((name, account));
    }
    Ok(environments)
}

/// Asks until the answer is one; an empty answer is the usual one.
fn ask<T>(
    context: &mut Context,
    what: &str,
    usual: Option<&str>,
    option: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Failure> {
    let question = usual.map_or_else(|| format!("{what}:"), |usual| format!("{what} [{usual}]:"));
    loop {
        let Some(answer) = context.console.ask(question.as_str())? else {
            let missing = Failure::new(format!("nobody can be asked for the {what}"));
            return Err(
                missing.help(format!("say it: `asagi init {option} …`; `asagi init --help` has an example"))
            );
        };
        let answer = if answer.is_empty() { usual.unwrap_or_default() } else { answer.as_str() };
        match parse(answer) {
            Ok(parsed) => return Ok(parsed),
            Err(why) => context.console.say(shown!("  {}", why)),
        }
    }
}

fn name(text: &str) -> Result<String, String> {
    let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
    let goes_on = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if begins && goes_on && !text.ends_with('-') {
        Ok(text.to_owned())
    } else {
        Err("lower-case letters, digits and hyphens, beginning with a letter".to_owned())
    }
}

fn account(text: &str) -> Result<String, String> {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let is_account = digits.len() == 12 && digits.bytes().all(|digit| digit.is_ascii_digit());
    if is_account { Ok(digits) } else { Err("an account has twelve digits".to_owned()) }
}

fn environment(text: &str) -> Result<(String, String), String> {
    let (given, number) = text.split_once('=').ok_or("a name, `=`, and an account: dev=111122223333")?;
    Ok((name(given)?, account(number)?))
}

fn address(text: &str) -> Result<String, String> {
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c))
    };
    match text.split_once('@') {
        Some((who, host)) if plain(who) && plain(host) && host.contains('.') => Ok(text.to_owned()),
        _ => Err("an address like ops@example.co.jp".to_owned()),
    }
}

fn path(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
    if text.starts_with('/') && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("a path like /health".to_owned())
    }
}
