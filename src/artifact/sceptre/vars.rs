//! Var files: what phases move, as Sceptre is given it. The first creates everything; the others are a release of a
//! role, phase by phase, for each way it can go.

use indexmap::IndexMap;
use serde_json::json;

use super::super::ArtifactError;
use super::{asked, render};
use crate::model::{Environment, Release, Role, Slot};
use crate::plan::{self, Move, Moved, Phase, Record};
use crate::stacks::{Argument, StackGraph, names};

/// Parameters of stacks, by key; `None` is what only the account knows, to be given with `--var`.
type Vector = IndexMap<String, IndexMap<String, Option<String>>>;

/// One var file.
#[derive(Debug)]
pub(in crate::artifact) struct VarFile {
    /// `vars/web/blue-to-green/05-shift-10.yaml`
    pub(in crate::artifact) path: String,
    /// What launching it does.
    pub(in crate::artifact) title: String,
    /// Its text.
    pub(in crate::artifact) text: String,
    /// What has to be given with `--var`: stack and parameter.
    pub(in crate::artifact) asked: Vec<(String, String)>,
}

/// All var files.
pub(super) fn files(environment: &Environment, graph: &StackGraph) -> Result<Vec<VarFile>, ArtifactError> {
    let title = "creates everything, once; later it would put weights and sizes back to the first day's";
    let mut files =
        vec![file("vars/bootstrap.yaml".to_owned(), title, &bootstrap(graph, |_| true), |_| ELSEWHERE)?];
    for role in &environment.roles {
        let Some(release) = &role.release else { continue };
        for from in [None, Some(Slot::Blue), Some(Slot::Green)] {
            files.extend(way(graph, role, release, from)?);
        }
    }
    Ok(files)
}

/// What phases move, as it is created.
fn bootstrap(graph: &StackGraph, wanted: impl Fn(&str) -> bool) -> Vector {
    let mut vector = Vector::new();
    for stack in graph.stacks.values().filter(|stack| wanted(&stack.key)) {
        let moved = stack.arguments.iter().filter_map(|(name, argument)| match argument {
            Argument::Phase { bootstrap } => Some((name.clone(), Some(bootstrap.clone()))),
            asked if asked::is_asked(asked) => Some((name.clone(), asked::first(asked).map(str::to_owned))),
            _ => None,
        });
        let moved: IndexMap<_, _> = moved.collect();
        if !moved.is_empty() {
            vector.insert(stack.key.clone(), moved);
        }
    }
    vector
}

/// One release from a slot to the other, or the first release, which goes to blue.
fn way(
    graph: &StackGraph,
    role: &Role,
    release: &Release,
    from: Option<Slot>,
) -> Result<Vec<VarFile>, ArtifactError> {
    let rolls_in_place = role.rollout.strategy.is_in_place();
    let to = match from {
        Some(from) if rolls_in_place => from,
        Some(from) => from.other(),
        None => Slot::Blue,
    };
    let folder = match from {
        Some(from) if from == to => format!("vars/{}/{from}", role.name),
        Some(from) => format!("vars/{}/{from}-to-{to}", role.name),
        None => format!("vars/{}/first", role.name),
    };
    let route = plan::Route { from, to, image: release.ami.clone(), guarded: false };
    let record = Record {
        release: Some(release.clone()),
        strategy: Some(role.rollout.strategy.name.clone()),
        from,
        to: Some(to),
        ..Record::default()
    };
    let mut walk = Walk { role, route: &route, state: start(graph, role, from), record };
    let mut files = Vec::new();
    for phase in &plan::phases(role, &route) {
        for (suffix, moves) in parts(role, phase) {
            let path = format!("{folder}/{:02}-{}{suffix}.yaml", files.len() + 1, phase.name);
            files.push(file(path, &phase.title, &walk.step(phase, moves), meaning)?);
        }
    }
    if let Some(from) = from.filter(|from| *from != to) {
        let title = format!("everyone back to {from}: the way back from every traffic phase");
        files.push(file(format!("{folder}/00-back.yaml"), &title, &walk.back(from), meaning)?);
        let title = format!("empty {to} again: after `00-back.yaml`, once {to} has no connections left");
        files.push(file(format!("{folder}/00-empty.yaml"), &title, &walk.empty(to), meaning)?);
    }
    Ok(files)
}

/// The moves of a phase in runs that may go together. Sceptre orders stacks by what they depend on, which is not the
/// order of moves: sizes before or after traffic are a file of their own.
fn parts<'a>(role: &Role, phase: &'a Phase) -> Vec<(&'static str, &'a [Move])> {
    let traffic = role.traffic_stack();
    let is_traffic = |step: &Move| step.stack == traffic;
    let runs: Vec<&[Move]> = phase.moves.chunk_by(|a, b| is_traffic(a) == is_traffic(b)).collect();
    let several = runs.len() > 1;
    let suffix = |run: &[Move]| if several && !run.iter().any(is_traffic) { "-sizes" } else { "" };
    runs.into_iter().map(|run| (suffix(run), run)).collect()
}

/// Before the first phase: the slot that users are on runs, the other one is empty.
fn start(graph: &StackGraph, role: &Role, from: Option<Slot>) -> Vector {
    let slots = Slot::ALL.map(|slot| role.slot_stack(slot));
    let mut state =
        bootstrap(graph, |key| key == role.traffic_stack() || slots.iter().any(|slot| slot == key));
    for slot in &slots {
        for name in [names::IMAGE_ID, names::MIN_SIZE, names::MAX_SIZE] {
            set(&mut state, slot, name, None);
        }
    }
    if let Some(from) = from {
        let max = role.instances.capacity.max.to_string();
        set(&mut state, &role.slot_stack(from), names::MAX_SIZE, Some(max));
        // A phase that moves no traffic sends all this too: users stay where they are, and so does the record, which
        // tells what they are on.
        let traffic = state.entry(role.traffic_stack()).or_default();
        everyone_to(from, traffic);
        traffic.insert(names::ROLLOUT_RECORD.to_owned(), None);
    }
    state
}

fn everyone_to(slot: Slot, traffic: &mut IndexMap<String, Option<String>>) {
    let shares = Slot::ALL.map(|other| (names::weight(other), if other == slot { "100" } else { "0" }));
    for (name, value) in traffic {
        if let Some((_, share)) = shares.iter().find(|(weight, _)| name.ends_with(weight.as_str())) {
            *value = Some((*share).to_owned());
        }
    }
}

fn set(state: &mut Vector, stack: &str, name: &str, value: Option<String>) {
    state.entry(stack.to_owned()).or_default().insert(name.to_owned(), value);
}

struct Walk<'a> {
    role: &'a Role,
    route: &'a plan::Route,
    state: Vector,
    /// Without times: a file that is rendered twice has the same bytes.
    record: Record,
}

impl Walk<'_> {
    /// What the stacks of those moves are sent, all of it, and the state after it.
    fn step(&mut self, phase: &Phase, moves: &[Move]) -> Vector {
        for step in moves {
            for (name, value) in &step.parameters {
                let value = match value {
                    // Sceptre reads other stacks' outputs itself.
                    Moved::Output { .. } => continue,
                    Moved::To(text) => Some(text.clone()),
                    Moved::LiveSize { .. } if name == names::MIN_SIZE && self.route.from.is_some() => None,
                    Moved::LiveSize { least } => Some(least.to_string()),
                    Moved::Record => Some(self.record_after(&phase.name)),
                };
                set(&mut self.state, &step.stack, name, value);
            }
        }
        let own = |step: &&Move| step.parameters.values().any(|value| !matches!(value, Moved::Output { .. }));
        let moved = moves.iter().filter(own).map(|step| &step.stack);
        moved.filter_map(|key| Some((key.clone(), self.state.get(key)?.clone()))).collect()
    }

    fn back(&self, from: Slot) -> Vector {
        let key = self.role.traffic_stack();
        let mut traffic = self.state.get(&key).cloned().unwrap_or_default();
        everyone_to(from, &mut traffic);
        traffic.insert(names::STICKINESS_SECONDS.to_owned(), Some("0".to_owned()));
        let record = Record { phase: Record::ROLLED_BACK.to_owned(), held: false, ..self.record.clone() };
        traffic.insert(names::ROLLOUT_RECORD.to_owned(), Some(record.to_text()));
        Vector::from([(key, traffic)])
    }

    /// Nothing is left to pay for in the slot that everything was taken back from.
    fn empty(&self, slot: Slot) -> Vector {
        let key = self.role.slot_stack(slot);
        let mut sizes = self.state.get(&key).cloned().unwrap_or_default();
        for name in [names::MIN_SIZE, names::MAX_SIZE] {
            sizes.insert(name.to_owned(), Some("0".to_owned()));
        }
        Vector::from([(key, sizes)])
    }

    fn record_after(&mut self, phase: &str) -> String {
        (self.record.phase, self.record.held) = self.record.after(phase);
        self.record.to_text()
    }
}

/// Of a team's own stacks.
const ELSEWHERE: &str = "a value that the spec reads elsewhere: the README says how";

fn file(
    path: String,
    title: &str,
    vector: &Vector,
    meaning: fn(&str) -> &'static str,
) -> Result<VarFile, ArtifactError> {
    let stacks = vector.iter().map(|(key, parameters)| {
        let known = parameters.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let known: IndexMap<_, _> = known.collect();
        let unknown = parameters.iter().filter(|(_, value)| value.is_none());
        let asked = unknown.map(
            |(name, _)| json!({ "meaning": meaning(name), "option": format!("--var stacks.{key}.{name}=…") }),
        );
        json!({ "key": key, "known": known, "asked": asked.collect::<Vec<_>>() })
    });
    let context = json!({ "title": title, "stacks": stacks.collect::<Vec<_>>() });
    let text = render::quoted("vars.yaml", &context)?;
    let unknown = |(key, parameters): (&String, &IndexMap<String, Option<String>>)| {
        let names = parameters.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| name.clone());
        names.map(|name| (key.clone(), name)).collect::<Vec<_>>()
    };
    let asked = vector.iter().flat_map(unknown).collect();
    Ok(VarFile { path, title: title.to_owned(), text, asked })
}

/// What a parameter that only the account knows is, and where it is read.
fn meaning(name: &str) -> &'static str {
    match name {
        names::IMAGE_ID => "the AMI its instances run now: the stack's own parameter",
        names::MIN_SIZE => {
            "instances of the slot that users are on, now: DesiredCapacity of its group, for both slots"
        }
        _ => "what it is now: the stack's own parameter",
    }
}
