//! The first help a person reads: commands by what they are for, and a day's examples.

use std::fmt::Write as _;

use clap::Command;

/// Which command is for what. A command that is missing here is shown under `Other`.
pub(super) const GROUPS: [(&str, &[&str]); 5] = [
    ("Write a spec", &["init", "check", "fmt", "schema", "explain"]),
    ("See what it becomes", &["render", "diff", "graph", "runbook", "iam-policy"]),
    ("Roll out", &["plan", "apply", "status", "rollback", "history", "simulate"]),
    ("Keep", &["images", "drift", "mend", "destroy"]),
    ("Learn", &["help", "completions"]),
];

pub(super) const EXAMPLES: &str = "\
Examples:
  asagi check                         check every environment, offline
  asagi render                        write templates and the Sceptre project to rendered/
  asagi render --check                exit 2 when rendered/ is stale
  asagi check prod --format json      findings for programs

An environment is named by its file's stem (prod) or by path (environments/prod.yaml).

Exit codes: 0 done, 1 error, 2 changes or stale output, 3 findings, 4 plan is stale, 5 approval or window
missing, 6 a gate failed and traffic was taken back, 7 taking it back failed, 130 cancelled";

/// Heading of what goes wrong on an embedded target that is kept.
pub(super) const WRONG_THERE: &str = "What goes wrong, on the embedded target";

/// The command with its subcommands grouped in the help.
pub(super) fn grouped(command: Command) -> Command {
    let list = commands(&command);
    let template = format!(
        "{{about}}\n\n{{usage-heading}} asagi [OPTIONS] <COMMAND>\n\n{list}Global options:\n{{options}}\n\n{EXAMPLES}"
    );
    let command = command.help_template(template);
    ["apply", "rollback"].into_iter().fold(command, |all, name| all.mut_subcommand(name, quieter))
}

/// What goes wrong on the embedded target is in the long help alone: on a bad night nobody wants to read it.
fn quieter(command: Command) -> Command {
    command.mut_args(|argument| {
        let wrong = argument.get_help_heading() == Some(WRONG_THERE);
        argument.hide_short_help(wrong)
    })
}

fn commands(command: &Command) -> String {
    let grouped = |name: &str| GROUPS.iter().any(|(_, names)| names.contains(&name));
    let all = command.get_subcommands().map(Command::get_name);
    let other: Vec<&str> = all.filter(|name| !grouped(name)).collect();
    let mut text = String::new();
    for (heading, names) in GROUPS.iter().copied().chain([("Other", other.as_slice())]) {
        let lines: Vec<String> = names.iter().filter_map(|name| line(command, name)).collect();
        if !lines.is_empty() {
            let _ = writeln!(text, "{heading}:\n{}", lines.concat());
        }
    }
    text
}

fn line(command: &Command, name: &str) -> Option<String> {
    let about = command.find_subcommand(name)?.get_about()?;
    Some(format!("  {name:<12} {about}\n"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_command_has_a_group_and_an_example_of_its_own() {
        for command in super::super::Cli::command().get_subcommands() {
            let name = command.get_name();
            assert!(GROUPS.iter().any(|(_, names)| names.contains(&name)), "`{name}` has no group");
            assert!(command.get_after_help().is_some(), "`{name}` shows no example");
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        grouped(super::super::Cli::command()).debug_assert();
    }
}
