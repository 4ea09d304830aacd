//! How a run ended, what is next, and the exit code that says so.

use crate::model::Zone;
use crate::ops::{ApplyError, ApplyReport, End, next_command};
use crate::plan::{Obstacle, Record};
use crate::rollout::{Built, Dilemma, Failure as Broken, RunError};

use super::super::{Context, ExitCode, Failure};

pub(in crate::cli) fn failure(error: &ApplyError, name: &str) -> Failure {
    let (code, help) = match error {
        ApplyError::Stale(_) => (ExitCode::StalePlan, format!("plan again: `asagi plan {name}`")),
        ApplyError::Consent(_) => (ExitCode::Withheld, format!("review it with `asagi plan {name}`")),
        ApplyError::Obstacles(obstacles)
            if obstacles.iter().any(|it| matches!(it, Obstacle::Refused { .. })) =>
        {
            (ExitCode::Error, format!("change the spec, and see `asagi plan {name}`"))
        }
        ApplyError::Obstacles(obstacles) => {
            let mut passes: Vec<String> = Vec::new();
            for pass in obstacles.iter().filter_map(Obstacle::pass) {
                if !passes.contains(&pass) {
                    passes.push(pass);
                }
            }
            let stays = obstacles.iter().filter_map(|it| match it {
                Obstacle::Stays { instead, .. } => Some(instead.as_str()),
                _ => None,
            });
            let mut help: Vec<String> = stays.map(str::to_owned).collect();
            if help.is_empty() {
                help.push(format!("`asagi apply {name} {}` runs it all the same", passes.join(" ")));
            }
            (ExitCode::Withheld, help.join("; "))
        }
        ApplyError::Run(RunError::Cancelled) => (
            ExitCode::Cancelled,
            format!("see `asagi status {name}`; `asagi apply {name}` goes on from here"),
        ),
        ApplyError::Misnamed(found) => (ExitCode::Error, super::super::failure::helps(found)),
        ApplyError::Role(_) => (ExitCode::Error, format!("apply all of it: `asagi apply {name}`")),
        ApplyError::Account { .. } => (ExitCode::Error, super::super::failure::CREDENTIALS.to_owned()),
        ApplyError::Stranger(_) => (ExitCode::Withheld, "see to the tags of that stack".to_owned()),
        ApplyError::Run(error) if error.is_of_others() => {
            (ExitCode::StalePlan, format!("see `asagi status {name}`; plan again when theirs is done"))
        }
        ApplyError::Run(RunError::Cloud(error)) if super::super::failure::is_taken(error) => {
            return error.clone().into();
        }
        ApplyError::Run(RunError::Cloud(error)) if super::super::failure::mend(error).is_some() => {
            (ExitCode::Error, super::super::failure::mend(error).unwrap_or_default().to_owned())
        }
        ApplyError::Run(_) => (ExitCode::Error, format!("see `asagi status {name}`, then run it again")),
    };
    Failure::new(error.to_string()).help(help).code(code)
}

/// Says how it ended and what is next; the worst end gives the exit code.
pub(in crate::cli) fn conclude(
    report: &ApplyReport,
    environment: &str,
    zone: &Zone,
    context: &mut Context,
) -> ExitCode {
    let mut code = ExitCode::Done;
    for outcome in &report.roles {
        let role = &outcome.role;
        let (line, worse) = match &outcome.end {
            End::Complete => (format!("{role}: complete"), ExitCode::Done),
            End::Stopped { done, next } => {
                let next = format!("next is {next}: `{}`", next_command(environment, next));
                (format!("{role}: {done} is done; {next}"), ExitCode::Done)
            }
            End::Waiting { phase, what, until, person, .. } => (
                format!(
                    "{role}: {phase} waits for {what}{}; then `{}`",
                    until.map(|at| format!(" until {}", zone.told(at))).unwrap_or_default(),
                    next_command(environment, phase)
                ),
                if *person { ExitCode::Withheld } else { ExitCode::Done },
            ),
            End::TakenBack { phase, reason } => (
                format!("{role}: {phase} failed and everything was given back: {reason}"),
                ExitCode::TakenBack,
            ),
            End::BackFailed { phase, reason, back } => (
                format!(
                    "{role}: {phase} failed ({reason}) and giving back failed: {back}; `asagi rollback {environment} --role {role}`"
                ),
                ExitCode::TakingBackFailed,
            ),
            End::Asks { phase, reason, dilemma } => (
                format!("{role}: {phase} failed ({reason}); {dilemma}\n{}", choices(dilemma, environment)),
                ExitCode::Withheld,
            ),
            End::Withheld { why } => (format!("{role}: {why}"), ExitCode::Withheld),
            End::Forward { phase, reason, to } => (
                format!(
                    "{role}: {phase} failed ({reason}); the old slot cannot carry its users, and everyone was moved to \
                     {to}, which can; then `{}`",
                    next_command(environment, Record::HOLD)
                ),
                ExitCode::Done,
            ),
            End::Failed { phase, reason } => (
                format!("{role}: {phase} failed: {reason}; see `asagi status {environment}`"),
                ExitCode::Error,
            ),
        };
        context.console.say(line);
        if worse != ExitCode::Done {
            code = worse;
        }
    }
    if let Built::Failed { stack, unmade, failure } = &report.built {
        let help = match failure {
            Broken::Refused(_) => {
                format!("nothing of it was executed; mend the cause, then `asagi apply {environment}`")
            }
            _ if *unmade => format!(
                "CloudFormation has taken its creation back; mend the cause, delete what is left of it with `asagi mend \
                 {environment}`, then `asagi apply {environment}`"
            ),
            _ => {
                format!("CloudFormation has taken it back; mend the cause, then `asagi apply {environment}`")
            }
        };
        context.console.fail(&Failure::new(format!("stack {stack}: {}", failure.reason())).help(help));
        return ExitCode::Error;
    }
    if let Built::NotRemoved { stack, failure } = &report.built {
        context.console.fail(
            &Failure::new(format!("stack {stack} could not be removed: {}", failure.reason())).help(format!(
                "what is left of it stays; mend the cause, then `asagi apply {environment} --prune` goes on"
            )),
        );
        return ExitCode::Error;
    }
    if let Built::Asks { stack, question } = &report.built {
        let (severe, digest) = (question.severe.join(", "), &question.digest);
        let message =
            format!("stack {stack}: its macros make a change set that {severe}; nothing of it was executed");
        context.console.fail(
            &Failure::new(message)
                .help(format!("`asagi apply {environment} --unforeseen {digest}` runs exactly that")),
        );
        return ExitCode::Withheld;
    }
    code
}

/// What a person can choose, a line each.
pub(in crate::cli) fn choices(dilemma: &Dilemma, environment: &str) -> String {
    let lines =
        dilemma.choices(environment).into_iter().map(|(what, command)| format!("{what}: `{command}`"));
    lines.collect::<Vec<_>>().join("\n")
}
