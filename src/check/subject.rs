//! What rules look at.

use std::sync::Arc;

use crate::diagnostics::{Code, Diagnostic};
use crate::model::{Environment, Lock, Metric, Origins, Role, Route, Sibling};
use crate::source::{Node, SourceMap, Span, pointer};

/// A resolved environment, with what is needed to judge it and to point at its text.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// What is judged.
    pub environment: &'a Environment,
    /// Where its values came from.
    pub origins: &'a Origins,
    /// The other environments beside it.
    pub siblings: &'a [Arc<Sibling>],
    /// The images lock beside it.
    pub lock: &'a Lock,
    /// Every file that was read for it.
    pub sources: &'a SourceMap,
}

impl<'a> Subject<'a> {
    /// An error at a pointer of the spec.
    pub(super) fn error(&self, code: Code, pointer: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, message).primary(self.place(pointer), "")
    }

    /// A warning at a pointer of the spec.
    pub(super) fn warning(&self, code: Code, pointer: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(code, message).primary(self.place(pointer), "")
    }

    /// Where a pointer's value stands, or where one would write it.
    pub(super) fn place(&self, pointer: &str) -> Span {
        self.origins.place(pointer)
    }

    /// `/roles/web` and what follows: `rest` is a pointer.
    pub(super) fn role(role: &Role, rest: &str) -> String {
        format!("{}{rest}", pointer(["roles", &role.name]))
    }

    /// Where a role's steps come from: its own steps, or the name of its strategy.
    pub(super) fn steps(&self, role: &Role) -> String {
        let own = Self::role(role, "/rollout/steps");
        if self.origins.written(&own) { own } else { Self::role(role, "/rollout/strategy") }
    }

    /// Where one of a role's steps is written, by its index in the model; a bake stands in the step that moves.
    pub(super) fn step(&self, role: &Role, index: usize) -> String {
        let at = self.steps(role);
        let mut before = 0;
        for (number, item) in
            self.origins.root().get(&at).map(Node::items).unwrap_or_default().iter().enumerate()
        {
            let moves = ["shift", "route"].iter().any(|key| item.entry(key).is_some());
            before += if moves && item.entry("bake").is_some() { 2 } else { 1 };
            if index < before {
                return format!("{at}/{number}");
            }
        }
        at
    }

    /// A line, from 1, of a script or document that was read beside the spec, by its text.
    pub(super) fn line_of(&self, text: &str, line: usize) -> Option<Span> {
        let (source, _) = self.sources.iter().find(|(_, file)| &*file.text == text)?;
        let lines = || {
            text.split_inclusive('\n').scan(0, |at, line| {
                let start = *at;
                *at += line.len();
                Some((start, line.trim_end()))
            })
        };
        let (start, line) = lines().nth(line.checked_sub(1)?)?;
        Some(Span { source, start, end: start + line.len() })
    }

    /// All routes by rising priority: role, route, pointer. As many as a load balancer can have; a rule of its own tells
    /// of more.
    pub(super) fn routes_by_priority(&self) -> Vec<(&'a str, &'a Route, String)> {
        const MOST: usize = 200;
        let of_role =
            |role: &'a Role| self.routes(role).into_iter().map(|(route, at)| (role.name.as_str(), route, at));
        let mut all: Vec<_> = self.environment.roles.iter().flat_map(of_role).collect();
        all.sort_by_key(|(_, route, _)| route.priority);
        all.truncate(MOST);
        all
    }

    /// Where a role's alarm on that metric is written: its entry in a list of one's own, or where that would stand.
    pub(super) fn alarm(&self, role: &Role, metric: Metric) -> String {
        let at = Self::role(role, "/alarms");
        let items = self.origins.root().get(&at).map(Node::items).unwrap_or_default();
        let of_metric = |item: &Node| item.get("/metric").and_then(Node::as_str) == Some(metric.as_str());
        items.iter().position(of_metric).map_or_else(|| at.clone(), |index| format!("{at}/{index}"))
    }

    /// A role's routes with their pointers. The model has them by priority, the spec as they were written.
    pub(super) fn routes(&self, role: &'a Role) -> Vec<(&'a Route, String)> {
        let at = Self::role(role, "/routes");
        let items = self.origins.root().get(&at).map(Node::items).unwrap_or_default();
        let priority =
            |item: &Node| item.get("/priority").and_then(Node::raw).and_then(|raw| raw.parse::<u32>().ok());
        let mut written: Vec<_> =
            items.iter().enumerate().map(|(index, item)| (priority(item), index)).collect();
        written.sort_by_key(|(priority, _)| *priority);
        role.routes.iter().zip(written).map(|(route, (_, index))| (route, format!("{at}/{index}"))).collect()
    }
}
