//! `asagi history`: who rolled out what, when.

use clap::Args;

use crate::model::Zone;
use crate::ops::HistoryLine;
use crate::shown;
use crate::words::Shown;

use super::context::known_role;
use super::place::PlaceArguments;
use super::{Context, ExitCode, Failure, Format};

/// Show who rolled out what, when: the last hundred steps of every role
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi history prod
  asagi history prod --role web --format json > web-history.json
  asagi history --project idhub-40 --name prod    without a checkout")]
pub(super) struct Arguments {
    #[command(flatten)]
    place: PlaceArguments,
    /// Only this role
    #[arg(long)]
    role: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let (place, target) = context.place(&arguments.place)?;
    let known = place.roles(&target)?;
    known_role(arguments.role.as_deref(), &known)?;
    let roles = match &arguments.role {
        Some(role) => vec![role.clone()],
        None => known,
    };
    let lines = target.wait(crate::ops::history(target.cloud(), &place.identity, &roles))?;
    match arguments.format {
        Format::Json => context.console.json(&serde_json::json!({ "version": 1, "history": lines }))?,
        Format::Human => context.console.data(human(&lines, &place.zone()))?,
    }
    Ok(ExitCode::Done)
}

fn human(lines: &[HistoryLine], zone: &Zone) -> Shown {
    let mut text = Shown::default();
    for line in lines {
        let at = zone.told_to_the_second(line.at);
        let release = line.release.as_ref().map_or("", |release| release.name.as_str());
        let way = match (line.from, line.to) {
            (Some(from), Some(to)) => format!("{from} → {to}"),
            (None, Some(to)) => format!("→ {to}"),
            _ => String::new(),
        };
        let by = line.by.clone().unwrap_or_default();
        let reason = line.reason.as_ref().map(|reason| shown!("  {}", reason)).unwrap_or_default();
        text.line(
            shown!(
                "{}  {:<8} {:<14} {:<10} {:<14} {}{}",
                at,
                line.role,
                line.phase,
                release,
                way,
                by,
                reason
            )
            .trim_end(),
        );
    }
    if text.is_empty() {
        text.line("no release has been rolled out yet");
    }
    text
}
