//! `asagi help`: a command's page, or one about the spec, phases or gates.

mod spec;

use std::fmt::Write as _;

use anstyle::Style;
use clap::{Args, CommandFactory};

use super::{Cli, Context, ExitCode, Failure, help};
use crate::diagnostics::nearest;
use crate::resolve;

/// Read about a command, the spec, phases or gates
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi help apply                     a command, as `asagi apply --help`
  asagi help spec                      every key of a spec: what it takes, what holds when nothing is said
  asagi help spec capacity             the keys with that name, and what stands below them
  asagi help phases                    what a rollout does, and the strategies that there are
  asagi help gates                     what must hold before traffic moves")]
pub(super) struct Arguments {
    /// A command, or one of `spec`, `phases`, `gates`
    topic: Option<String>,
    /// Of the spec: a key (`capacity`), or where it stands (`roles.NAME.instances.capacity`)
    key: Option<String>,
}

/// What one may read about beside commands.
const TOPICS: [&str; 3] = ["spec", "phases", "gates"];

const PHASES: &str = include_str!("../../../templates/manual/phases.txt");
const GATES: &str = include_str!("../../../templates/manual/gates.txt");

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let topic = arguments.topic.as_deref();
    if let Some(key) = arguments.key.as_deref().filter(|_| topic != Some("spec")) {
        let topic = topic.unwrap_or_default();
        return Err(Failure::new(format!("`{topic}` has no page about `{key}`"))
            .help("only `asagi help spec KEY` has more"));
    }
    match topic {
        None => page_of(None, context),
        Some("spec") => spec::run(arguments.key.as_deref(), context),
        Some("phases") => document(&phases(), context),
        Some("gates") => document(GATES, context),
        Some(command) => page_of(Some(command), context),
    }
}

fn document(text: &str, context: &mut Context) -> Result<ExitCode, Failure> {
    context.console.document(text)?;
    Ok(ExitCode::Done)
}

fn page_of(command: Option<&str>, context: &mut Context) -> Result<ExitCode, Failure> {
    let mut all = help::grouped(Cli::command());
    all.build();
    let page = match command {
        None => all.render_long_help(),
        Some(name) => match all.find_subcommand_mut(name) {
            Some(found) => found.render_long_help(),
            None => return Err(unknown(name, &all)),
        },
    };
    document(&page.ansi().to_string(), context)
}

fn unknown(topic: &str, all: &clap::Command) -> Failure {
    let known: Vec<&str> = all.get_subcommands().map(clap::Command::get_name).chain(TOPICS).collect();
    let failure = Failure::new(format!("there is no page about `{topic}`"));
    match nearest(topic, known.iter().copied()) {
        Some(near) => failure.help(format!("did you mean `asagi help {near}`?")),
        None => failure.help(format!("there are pages about {}", known.join(", "))),
    }
}

/// The phases, and the strategies with their steps as their files have them.
fn phases() -> String {
    const BOLD: Style = Style::new().bold();
    let mut text = format!("{PHASES}\n{BOLD}Strategies{BOLD:#}\n");
    for (name, file) in resolve::strategy_files() {
        let summary = resolve::named_strategy(name).map(|strategy| strategy.summary).unwrap_or_default();
        let steps: Vec<&str> = file.lines().filter_map(|line| line.strip_prefix("  - ")).collect();
        let _ = writeln!(text, "\n  {BOLD}{name}{BOLD:#}: {summary}");
        let listed: Vec<String> = steps.iter().map(|step| format!("{step},")).collect();
        let mut words: Vec<&str> = listed.iter().map(String::as_str).collect();
        if let (Some(last), Some(step)) = (words.last_mut(), steps.last()) {
            *last = step;
        }
        wrapped(&mut text, words, "    ");
    }
    text
}

/// Lines end before this column.
const WIDTH: usize = 100;

/// A paragraph, broken between words.
fn wrapped<'w>(text: &mut String, words: impl IntoIterator<Item = &'w str>, indent: &str) {
    let mut line = String::new();
    for word in words {
        if !line.is_empty() && indent.len() + line.len() + 1 + word.len() > WIDTH {
            let _ = writeln!(text, "{indent}{line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        let _ = writeln!(text, "{indent}{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFiles;

    #[test]
    fn strategies_are_told_with_their_steps() {
        let text = phases();
        let plain = anstream::adapter::strip_str(&text).to_string();
        let (_, strategies) = plain.split_once("\nStrategies\n").unwrap();
        insta::assert_snapshot!(strategies);
    }

    /// What the page says that a spec may write is read as a spec reads it.
    #[test]
    fn the_rollouts_on_the_page_can_be_written() {
        let examples: Vec<&str> =
            PHASES.split('`').filter_map(|quoted| quoted.strip_prefix("rollout: ")).collect();
        assert_eq!(examples.len(), 3);
        for example in examples {
            let spec = include_str!("../../../environments/poc.yaml");
            let rollout = spec.lines().find(|line| line.trim_start().starts_with("rollout: ")).unwrap();
            let files = ["user-data/poc.sh", "components/poc-web.yaml"].into_iter().fold(
                MemoryFiles::new()
                    .with("environments/poc.yaml", spec.replace(rollout, &format!("    rollout: {example}"))),
                |files, path| files.with(format!("environments/{path}"), "#!/bin/bash\n"),
            );
            let read = crate::ops::load::from_files(&files, "environments/poc.yaml");
            let findings = match &read {
                Ok(loaded) => &loaded.read.findings,
                Err(read) => &read.findings,
            };
            let about: Vec<&str> = findings
                .iter()
                .filter(|found| found.code.as_str().starts_with("ASG02"))
                .map(|found| found.message.as_str())
                .collect();
            assert_eq!(about, [] as [&str; 0], "{example}");
        }
    }
}
