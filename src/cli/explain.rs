//! `asagi explain`: a rule's page, or all of them as one reference.

use std::fmt::Write as _;

use anstyle::Style;
use clap::Args;

use crate::check::{self, Rule, reference};

use super::options::PageFormat;
use super::outputs;
use super::{Context, ExitCode, Failure};

/// Explain a finding: what it means, why it hurts, how it is mended
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi explain ASG0319
  asagi explain                             every rule, a line each
  asagi explain --all --format markdown     the whole reference, as schemas/rules.md has it
  asagi explain ASG0319 --format json       for programs
  asagi explain stacks                      what stacks give to others, for parameters of your own
  asagi explain stacks prod                 the same of an environment, your own stacks among them")]
pub(super) struct Arguments {
    /// The code that a finding names, such as ASG0319; or `stacks`
    code: Option<String>,
    /// Of `stacks`: the environment, its file's stem or path
    #[arg(requires = "code", conflicts_with = "all")]
    environment: Option<String>,
    /// Every rule's page
    #[arg(long, conflicts_with = "code")]
    all: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: PageFormat,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let environment = arguments.environment.as_deref();
    if arguments.code.as_deref() == Some("stacks") {
        return stacks(environment, arguments.format, context);
    }
    if let Some(environment) = environment {
        return Err(Failure::new(format!("a rule is the same in `{environment}` and everywhere else"))
            .help(format!("`asagi explain stacks {environment}` lists what its stacks give")));
    }
    let one = arguments.code.as_deref().map(rule).transpose()?;
    let chosen = one.map_or(check::RULES, std::slice::from_ref);
    let text = match (arguments.format, one) {
        (PageFormat::Json, _) => {
            context.console.json(&reference::json(chosen))?;
            return Ok(ExitCode::Done);
        }
        (PageFormat::Markdown, Some(rule)) => reference::page(rule),
        (PageFormat::Markdown, None) => reference::markdown(chosen),
        (PageFormat::Human, None) if !arguments.all => {
            chosen.iter().map(|rule| format!("{}  {}\n", rule.code, rule.title)).collect()
        }
        (PageFormat::Human, _) => chosen.iter().map(page).collect::<Vec<_>>().join("\n\n"),
    };
    context.console.document(&text)?;
    Ok(ExitCode::Done)
}

fn stacks(environment: Option<&str>, format: PageFormat, context: &mut Context) -> Result<ExitCode, Failure> {
    if format == PageFormat::Json {
        let Some(environment) = environment else {
            return Err(Failure::new("as JSON there are the stacks of an environment alone")
                .help("`asagi explain stacks ENV --format json`"));
        };
        let document = outputs::document(environment, context)?;
        context.console.json(&document)?;
        return Ok(ExitCode::Done);
    }
    let page = outputs::page(environment, context)?;
    let page = match format {
        PageFormat::Markdown => format!("```text\n{page}```\n"),
        PageFormat::Human | PageFormat::Json => page,
    };
    context.console.document(&page)?;
    Ok(ExitCode::Done)
}

fn rule(code: &str) -> Result<&'static Rule, Failure> {
    check::explain(code).ok_or_else(|| {
        Failure::new(format!("there is no page about `{code}`"))
            .help("`asagi explain` lists the rules that have one; other findings say all there is to say")
    })
}

fn page(rule: &Rule) -> String {
    const BOLD: Style = Style::new().bold();
    let Rule { code, title, docs, .. } = rule;
    let mut text = format!("{BOLD}{code}: {title}{BOLD:#} ({})\n\n{}\n", rule.severities(), docs.trim());
    let examples = [("This fails:", rule.fails), ("This is mended:", rule.mended)];
    for (head, example) in examples.into_iter().filter(|(_, example)| !example.is_empty()) {
        let _ = writeln!(text, "\n{BOLD}{head}{BOLD:#}\n");
        for line in example.trim_matches('\n').lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}
