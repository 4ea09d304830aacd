//! `asagi explain`: a rule's page.

use std::fmt::Write as _;

use anstyle::Style;
use clap::Args;

use crate::check::{self, Rule};

use super::{Context, ExitCode, Failure};

/// Explain a finding: what it means, why it hurts, how it is mended
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi explain ASG0319
  asagi explain              every rule, a line each")]
pub(super) struct Arguments {
    /// The code that a finding names, such as ASG0319
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let text = match &arguments.code {
        None => check::RULES.iter().map(|rule| format!("{}  {}\n", rule.code, rule.title)).collect(),
        Some(code) => match check::explain(&code.to_ascii_uppercase()) {
            Some(rule) => page(rule),
            None => {
                return Err(Failure::new(format!("there is no page about `{code}`")).help(
                    "`asagi explain` lists the rules that have one; other findings say all there is to say",
                ));
            }
        },
    };
    context.console.data(&text)?;
    Ok(ExitCode::Done)
}

fn page(rule: &Rule) -> String {
    const BOLD: Style = Style::new().bold();
    let mut text = format!("{BOLD}{}: {}{BOLD:#}\n\n{}\n", rule.code, rule.title, rule.docs.trim());
    for (head, example) in [("This fails:", rule.fails), ("This is mended:", rule.mended)] {
        let _ = writeln!(text, "\n{BOLD}{head}{BOLD:#}\n");
        for line in example.trim_matches('\n').lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}
