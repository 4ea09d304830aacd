//! Stacks that left the spec, on a plan's page: what goes with each, and what stays.

use anstyle::AnsiColor;

use crate::plan::{Ended, Kept, Leaving, Plan};
use crate::shown;
use crate::words::Shown;

use super::page::dim;

/// A line for each, and below one that is removed what becomes of its resources.
pub(super) fn page(text: &mut Shown, plan: &Plan) {
    for it in plan.leaving.iter().filter(|it| it.goes.is_none()) {
        text.line(shown!("  {}", crate::ops::left_told(&it.name, it.own, &plan.environment)));
    }
    let mut removed: Vec<&Leaving> = plan.removed().collect();
    removed.sort_by_key(|it| it.goes.map(|goes| (goes.after, goes.turn)));
    let levels = plan.levels.len();
    for it in &removed {
        let sign = Shown::from("-").painted(AnsiColor::Red.on_default());
        let when = match it.goes.map_or(levels, |goes| goes.after) {
            0 if levels > 0 => "before all others".to_owned(),
            after if after < levels => format!("after level {after}"),
            _ => "last".to_owned(),
        };
        text.line(shown!(
            "  {:<3}{} {:<36} removed, {}: it is no longer in the spec",
            "",
            sign,
            it.name,
            when
        ));
        ends(text, it);
    }
    roles(text, plan, &removed);
}

/// Resources of a stack that are shown, whatever users feel and what stays first.
const SHOWN: usize = 6;

fn ends(text: &mut Shown, leaving: &Leaving) {
    let losses = leaving.losses();
    let felt = |ended: &Ended| losses.iter().any(|loss| loss.logical_id == ended.logical_id);
    let mut sorted: Vec<&Ended> = leaving.ends.iter().collect();
    sorted.sort_by_key(|ended| (!felt(ended), ended.fate == Kept::Lost));
    let said = sorted.iter().filter(|ended| felt(ended) || ended.fate != Kept::Lost).count();
    let shown = SHOWN.max(said);
    sorted.iter().take(shown).for_each(|ended| text.line(line(ended)));
    if sorted.len() > shown {
        text.line(shown!("       {}", dim(format!("… and {} more", sorted.len() - shown))));
    }
}

fn line(ended: &Ended) -> Shown {
    let (mark, note) = match ended.fate {
        Kept::Lost => (Shown::from("-  ").painted(AnsiColor::Red.on_default()), ""),
        Kept::Snapshot => (Shown::from("-  ").painted(AnsiColor::Red.on_default()), "after a snapshot"),
        Kept::Kept => (Shown::from("   "), "stays in the account"),
    };
    shown!("       {} {} {}  {}", mark, ended.resource_type.as_str(), ended.logical_id.as_str(), dim(note))
}

/// What users lose with a role, and how one is renamed without that.
fn roles(text: &mut Shown, plan: &Plan, removed: &[&Leaving]) {
    let gone: Vec<&str> = plan.leaving.iter().filter_map(role).collect();
    let created = plan.levels.iter().flatten().filter(|stack| stack.create);
    let made: Vec<&str> = created.filter_map(|stack| stack.key.strip_suffix("-traffic")).collect();
    for role in &gone {
        let goes = removed.iter().any(|it| it.key == format!("{role}-traffic"));
        let when = if goes { "from then on" } else { "once it is removed" };
        text.line(shown!(
            "  note: role {} is no longer in the spec: nobody answers on its routes {}",
            *role,
            when
        ));
    }
    if let ([gone, ..], [made, ..]) = (gone.as_slice(), made.as_slice()) {
        text.line(shown!(
            "  note: a role that has another name is another role: {} is removed and {} is made anew, and its users get no \
             answer until its first release is live; to keep answering, add {} beside it with other priorities, move its \
             users, and take {} out of the spec then",
            *gone,
            *made,
            *made,
            *gone
        ));
    }
}

/// The role whose traffic a stack carries.
fn role(stack: &Leaving) -> Option<&str> {
    stack.key.strip_suffix("-traffic").filter(|role| stack.role.as_deref() == Some(*role))
}
