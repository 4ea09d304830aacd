//! For people: a screen that begins with what matters, unchanged stacks in one line.

use std::collections::BTreeSet;

use anstyle::Style;
use indexmap::IndexMap;

use crate::shown;
use crate::words::Shown;

use super::super::{Awaited, Certainty, Change, Path, PropertyChange, ResourceDiff, StackDiff, ValueChange};
use super::Palette;
use super::following::{followed, uncaused, worth_telling};
use super::remarks::{aside, display_path, note, seen};
use super::value::{CHANGED_HIDDEN, change_line, long_text};

/// So many resources of one type are named in a line.
const NAMED: usize = 4;

/// So many resources that may follow are named.
const FOLLOWING: usize = 6;

/// So many places that are only written otherwise are told.
const WORDINGS: usize = 8;

/// So many resources of one type that follow in the same way are told in one line.
const ALIKE: usize = 3;

/// The diffs of an environment's stacks, in their order; stacks to which the same happens are told once. Every line
/// ends with a line break.
pub fn human(diffs: &[StackDiff], palette: &Palette) -> Shown {
    let mut page = Page { lines: Vec::new(), palette };
    let (blocks, same) = blocks(diffs, palette);
    for block in blocks {
        page.line(0, palette.title, &block.title());
        page.lines.extend(block.lines);
        page.line(0, Style::new(), "");
    }
    if let Some(head) = unchanged(same.len()) {
        page.line(0, palette.quiet, &format!("{head}{}", same.join(", ")));
    }
    while page.lines.last().is_some_and(Shown::is_empty) {
        page.lines.pop();
    }
    page.lines.iter().map(|line| shown!("{}\n", line)).collect()
}

/// What waits for a rollout, role by role. Every line ends with a line break.
pub fn human_roles(roles: &[Awaited], palette: &Palette) -> Shown {
    let mut text = Shown::default();
    for role in roles {
        let (title, lines) = awaited(role, palette);
        text.push(shown!("\n{}\n", title.painted(palette.title)));
        lines.iter().for_each(|line| text.push(shown!("{}\n", line)));
    }
    text
}

/// `web: by a rollout: see …`, and its lines.
pub(super) fn awaited(role: &Awaited, palette: &Palette) -> (Shown, Vec<Shown>) {
    let mut page = Page { lines: Vec::new(), palette };
    for change in &role.changes {
        let line = change_line(&Path::key(&change.name), change.before.as_ref(), change.after.as_ref());
        page.line(2, page.style_of(&line), &line);
    }
    for note in &role.notes {
        page.line(2, palette.quiet, &format!("note: {note}"));
    }
    (Shown::from(format!("{}: {}", role.role, role.how)), page.lines)
}

/// What happens to one stack, or to several alike.
pub(super) struct Block<'a> {
    pub(super) names: Vec<&'a str>,
    summary: String,
    pub(super) lines: Vec<Shown>,
    /// Something is lost, replaced or wrong.
    pub(super) is_severe: bool,
}

impl Block<'_> {
    fn title(&self) -> String {
        format!("{}{}", self.names.join(", "), self.what())
    }

    /// What happens to them, behind their names.
    pub(super) fn what(&self) -> String {
        let alike = match self.names.len() {
            1 => String::new(),
            count => format!(" ({count} stacks alike)"),
        };
        format!("{alike}{}", self.summary)
    }
}

/// Every stack that changes, those alike together, and the names of the others.
pub(super) fn blocks<'a>(diffs: &'a [StackDiff], palette: &Palette) -> (Vec<Block<'a>>, Vec<&'a str>) {
    let (mut blocks, mut same): (Vec<Block<'a>>, Vec<&str>) = (Vec::new(), Vec::new());
    for diff in diffs {
        if diff.says_nothing() {
            same.push(&diff.stack);
            continue;
        }
        let mut page = Page { lines: Vec::new(), palette };
        page.stack(diff);
        let (summary, lines) = (summary(diff), page.lines);
        match blocks.iter_mut().find(|block| block.summary == summary && block.lines == lines) {
            Some(block) => block.names.push(&diff.stack),
            None => {
                let is_severe = is_severe(diff);
                blocks.push(Block { names: vec![&diff.stack], summary, lines, is_severe });
            }
        }
    }
    (blocks, same)
}

fn is_severe(diff: &StackDiff) -> bool {
    let mut happening =
        diff.resources.iter().filter(|it| it.held.is_none() && it.certainty == Certainty::Certain);
    diff.is_removed
        || !diff.problems.is_empty()
        || !diff.refused.is_empty()
        || happening.any(|it| seen(it) > Change::Modify)
}

/// What stands before the names of all that stays; `None` when nothing does.
pub(super) fn unchanged(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 stack unchanged: ".to_owned()),
        count => Some(format!("{count} stacks unchanged: ")),
    }
}

/// ` (new stack): 1 to add`.
fn summary(diff: &StackDiff) -> String {
    let note = match (diff.is_new, diff.is_removed) {
        (true, _) => " (new stack)",
        (_, true) => " (the stack is removed)",
        _ => "",
    };
    format!("{note}: {}", counts(diff))
}

struct Page<'a> {
    lines: Vec<Shown>,
    palette: &'a Palette,
}

impl Page<'_> {
    fn line(&mut self, indent: usize, style: Style, text: &str) {
        let text = format!("{:indent$}{text}", "");
        self.lines.push(Shown::from(text.trim_end()).painted(style));
    }

    fn stack(&mut self, diff: &StackDiff) {
        for problem in diff.problems.iter().chain(&diff.refused) {
            self.line(2, self.palette.removed, &format!("! {}: {}", problem.pointer, problem.message));
        }
        for line in diff.text.iter().flat_map(|text| text.lines()) {
            self.line(2, self.style_of(line), line);
        }
        let (held, happening): (Vec<_>, Vec<_>) = diff.resources.iter().partition(|it| it.held.is_some());
        let (certain, possible): (Vec<_>, Vec<_>) =
            happening.into_iter().partition(|it| it.certainty == Certainty::Certain);
        if diff.is_new || diff.is_removed {
            self.by_type(&certain);
        } else {
            self.changing(&certain);
        }
        self.follow(&worth_telling(&certain, possible));
        self.held(&held);
        for moved in &diff.moved {
            self.line(2, self.palette.changed, &moved.to_string());
        }
        if !diff.is_new && !diff.is_removed {
            self.values("parameters", &uncaused(diff));
            self.values("conditions", &diff.conditions);
            self.values("outputs", &diff.outputs);
            self.values("tags of the stack", &diff.tags);
            self.wording(diff);
        }
    }

    /// The resources of a whole stack: those of the same type and fate in one line.
    fn by_type(&mut self, resources: &[&ResourceDiff]) {
        let mut kinds: IndexMap<(&str, Change, String), Vec<&str>> = IndexMap::new();
        for resource in resources {
            let kind = (resource.resource_type.as_str(), resource.change, note(resource));
            kinds.entry(kind).or_default().push(&resource.logical_id);
        }
        for ((resource_type, change, note), names) in kinds {
            let (mark, style) = self.mark(change);
            let count = if names.len() > 1 { format!(" ×{}", names.len()) } else { String::new() };
            let more = if names.len() > NAMED { ", …" } else { "" };
            let names: Vec<_> = names.into_iter().take(NAMED).collect();
            self.line(2, style, &format!("{mark} {resource_type}{count} {}{more}{note}", names.join(", ")));
        }
    }

    /// Resources that change; several of a type that only follow the same others are one line.
    fn changing(&mut self, resources: &[&ResourceDiff]) {
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for resource in resources {
            if told.contains(resource.logical_id.as_str()) {
                continue;
            }
            let followed = followed(resource);
            let alike = |it: &&&ResourceDiff| {
                it.resource_type == resource.resource_type
                    && it.change == Change::Modify
                    && self::followed(it) == followed
            };
            let alike: Vec<_> = resources.iter().filter(alike).map(|it| it.logical_id.as_str()).collect();
            if followed.is_empty() || resource.change != Change::Modify || alike.len() < ALIKE {
                self.resource(resource);
                continue;
            }
            let (mark, style) = self.mark(Change::Modify);
            let (count, names, of) = (alike.len(), alike.join(", "), &resource.resource_type);
            self.line(2, style, &format!("{mark} {of} ×{count} {names}"));
            let causes: Vec<_> = followed.into_iter().collect();
            self.line(6, Style::new(), &format!("what they refer to: {}", causes.join(", ")));
            told.extend(alike);
        }
    }

    fn resource(&mut self, resource: &ResourceDiff) {
        let ResourceDiff { logical_id, resource_type, change, .. } = resource;
        let (mark, style) = self.mark(seen(resource));
        let note = note(resource);
        self.line(2, style, &format!("{mark} {resource_type} {logical_id}{note}"));
        if !matches!(change, Change::Add | Change::Remove) {
            self.properties(resource);
        }
    }

    fn properties(&mut self, resource: &ResourceDiff) {
        for change in &resource.properties {
            let aside = aside(change, resource.stays.is_some());
            self.property(change, &aside);
        }
        for lookup in &resource.lookups {
            self.line(6, self.palette.quiet, &format!("may be looked up anew with it: {lookup}"));
        }
    }

    fn mark(&self, change: Change) -> (&'static str, Style) {
        match change {
            Change::Add => ("+", self.palette.added),
            Change::Remove => ("-", self.palette.removed),
            Change::Modify => ("~", self.palette.changed),
            Change::MayReplace => ("-/+?", self.palette.replaced),
            Change::Replace => ("-/+", self.palette.replaced),
        }
    }

    fn property(&mut self, change: &PropertyChange, aside: &str) {
        let path = display_path(change);
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        let long = before.zip(after).and_then(|(before, after)| long_text(&change.path, before, after));
        let Some(lines) = long else {
            let mut line = change_line(&path, before, after);
            if change.certainty == Certainty::Possible {
                line = line.replace(CHANGED_HIDDEN, "hidden, perhaps changed");
            }
            self.line(6, self.style_of(&line), &format!("{line}{aside}"));
            return;
        };
        self.line(6, self.palette.changed, &format!("~ {path}:{aside}"));
        for line in lines {
            self.line(10, self.style_of(&line), &line);
        }
    }

    fn style_of(&self, line: &str) -> Style {
        match line.chars().next() {
            Some('+') => self.palette.added,
            Some('-') => self.palette.removed,
            Some('~') => self.palette.changed,
            _ => Style::new(),
        }
    }

    /// Resources that change only if something else turns out to move: one line.
    fn follow(&mut self, resources: &[&ResourceDiff]) {
        if resources.is_empty() {
            return;
        }
        let name = |resource: &&ResourceDiff| match resource.change {
            Change::Modify => resource.logical_id.clone(),
            _ if resource.reordered.is_empty() => format!("{} (may be replaced)", resource.logical_id),
            _ => {
                let (id, lists) = (&resource.logical_id, resource.reordered.join(", "));
                format!("{id} (may be replaced: {lists} is in another order)")
            }
        };
        let names: Vec<_> = resources.iter().take(FOLLOWING).map(name).collect();
        let more = match resources.len().saturating_sub(FOLLOWING) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        self.line(2, self.palette.quiet, &format!("may follow: {}{more}", names.join(", ")));
    }

    fn held(&mut self, resources: &[&ResourceDiff]) {
        for resource in resources {
            let reason = resource.held.as_deref().unwrap_or_default();
            let ResourceDiff { resource_type, logical_id, .. } = resource;
            self.line(2, self.palette.quiet, &format!("= {resource_type} {logical_id}, {reason}"));
            self.properties(resource);
        }
    }

    /// What is only written otherwise, the first of it.
    fn wording(&mut self, diff: &StackDiff) {
        let (shown, more) = diff.wording.split_at(diff.wording.len().min(WORDINGS));
        let alone = if diff.is_empty() { ", taken along with the next change of the stack" } else { "" };
        self.values(&format!("written otherwise{alone}"), shown);
        if !more.is_empty() {
            self.line(6, self.palette.quiet, &format!("and {} more", more.len()));
        }
    }

    fn values(&mut self, title: &str, changes: &[ValueChange]) {
        let changes: Vec<_> =
            changes.iter().filter(|change| change.certainty == Certainty::Certain).collect();
        if changes.is_empty() {
            return;
        }
        self.line(2, Style::new(), title);
        for change in changes {
            let line = change_line(&Path::key(&change.name), change.before.as_ref(), change.after.as_ref());
            self.line(6, self.style_of(&line), &line);
        }
    }
}

/// `1 to add, 2 to change`.
fn counts(diff: &StackDiff) -> String {
    if diff.text.is_some() {
        return "compared as text".to_owned();
    }
    let count = |change: Change| {
        let happening =
            diff.resources.iter().filter(|it| it.held.is_none() && it.certainty == Certainty::Certain);
        happening.filter(|it| seen(it) == change).count()
    };
    let words = [
        (Change::Add, "to add"),
        (Change::Modify, "to change"),
        (Change::MayReplace, "to change or replace"),
        (Change::Replace, "to replace"),
        (Change::Remove, "to remove"),
    ];
    let counted = words.iter().map(|(change, word)| (count(*change), word)).filter(|(count, _)| *count > 0);
    let counted: Vec<_> = counted.map(|(count, word)| format!("{count} {word}")).collect();
    if counted.is_empty() { "no resource changes".to_owned() } else { counted.join(", ") }
}
