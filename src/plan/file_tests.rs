//! A plan's digest leaves nothing out, and nothing that can be done to its file makes another plan of it.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::file::{Ground, MovedGround, NoPlan, PlanFile};
use super::plan::{Plan, VERSION, lasting};
use super::{Inputs, Record, RoleState, SlotState, build_plan};
use crate::model::{Approval, Slot, Window, example};
use crate::source::digest_of;
use crate::stacks::lower;

/// A first creation with a window and an approval, and a role of which something is seen.
fn plan() -> Plan {
    let mut environment = example::prod();
    environment.protection.window =
        Some(Window { days: vec![1, 2], from: 120, to: 360, timezone: "Asia/Tokyo".to_owned() });
    let slot = |weight, desired| SlotState {
        deployed: true,
        weight,
        image: Some("ami-1".to_owned()),
        min: desired,
        max: desired,
        desired,
        healthy: desired,
        shifted: 0,
        refilled: false,
    };
    let record = Record { phase: Record::COMPLETE.to_owned(), to: Some(Slot::Blue), ..Record::default() };
    let seen = RoleState { record, blue: slot(100, 4), green: slot(0, 0), ..RoleState::absent("web") };
    let graph = lower(&environment).unwrap();
    let inputs = Inputs {
        environment: &environment,
        graph: &graph,
        spec_digest: "sha256:0",
        deployed: &IndexMap::new(),
        roles: &IndexMap::from([("web".to_owned(), seen)]),
        readings: &super::Readings::default(),
        deferred: &[],
        left: &[],
        prune: false,
        again: false,
        now: "2026-11-16T02:00:00Z".parse().unwrap(),
    };
    let mut plan = build_plan(&inputs).unwrap();
    // Every kind of value, and no more than can be tried out one by one.
    plan.levels.truncate(1);
    plan.roles[0].phases.truncate(3);
    plan.roles[0].predicted.truncate(3);
    for stack in plan.levels.iter_mut().flatten() {
        stack.template.truncate(80);
        stack.predicted.truncate(1);
        stack.arguments.truncate(3);
    }
    plan.pins.truncate(12);
    plan.unchanged.truncate(2);
    plan.roles.truncate(1);
    plan.roles[0].predicted.iter_mut().flatten().for_each(|changes| changes.truncate(1));
    plan
}

fn file(plan: &Plan) -> PlanFile {
    let parts = |name: &str| IndexMap::from([(name.to_owned(), "0".to_owned())]);
    PlanFile::of(plan, Ground { spec: parts("protection.approval"), files: parts("environments/prod.yaml") })
}

/// Every value below, by its pointer.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, value)| {
            pointers(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
        }),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, item)| pointers(item, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

fn all_pointers(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    pointers(value, "", &mut found);
    found.retain(|at| !at.is_empty());
    found
}

/// The same without what stands there.
fn without(value: &Value, at: &str) -> Value {
    let mut value = value.clone();
    let (above, key) = at.rsplit_once('/').unwrap();
    match value.pointer_mut(above).unwrap() {
        Value::Object(entries) => drop(entries.shift_remove(&key.replace("~1", "/").replace("~0", "~"))),
        Value::Array(items) => drop(items.remove(key.parse().unwrap())),
        _ => unreachable!(),
    }
    value
}

/// The same with something else there, of the same type where there are others of it, and of others.
fn others(value: &Value, at: &str) -> Vec<Value> {
    let here = value.pointer(at).unwrap();
    let near = match here {
        Value::Null => json!(false),
        Value::Bool(it) => json!(!it),
        Value::Number(it) => json!(it.as_u64().unwrap_or(0) + 1),
        Value::String(it) => json!(format!("{it}\u{200b}")),
        Value::Array(items) => items.iter().chain([&json!(0)]).cloned().collect(),
        Value::Object(entries) => {
            let mut entries = entries.clone();
            entries.insert("another".to_owned(), json!(0));
            entries.into()
        }
    };
    let path = json!("../../../../etc/cron.d/x");
    let put = |new: Value| {
        let mut value = value.clone();
        *value.pointer_mut(at).unwrap() = new;
        value
    };
    [near, json!("none"), json!(1e308), json!(u64::MAX), json!(null), json!([]), json!({}), path]
        .into_iter()
        .filter(|new| new != here)
        .map(put)
        .collect()
}

#[test]
fn every_value_of_a_plan_is_in_its_digest_but_time_and_live_sizes() {
    let plan = plan();
    let whole = serde_json::to_value(&plan).unwrap();
    let digest = |value: Value| digest_of(&format!("asagi plan {VERSION}"), &lasting(value));
    let whole_digest = plan.digest();
    assert_eq!(digest(whole.clone()), whole_digest);
    let moves = |at: &str| {
        at == "/made"
            || at.starts_with("/roles/0/seen/") && {
                ["blue/desired", "blue/healthy", "green/desired", "green/healthy"]
                    .iter()
                    .any(|it| at.ends_with(it))
            }
    };
    let (mut tries, mut left_out) = (0, Vec::new());
    for at in all_pointers(&whole) {
        let changed = others(&whole, &at).into_iter().take(1).chain([without(&whole, &at)]);
        let same = changed.filter(|changed| digest(changed.clone()) == whole_digest).count();
        if moves(&at) {
            left_out.push(at);
        } else {
            assert_eq!(same, 0, "{at}");
        }
        tries += 2;
    }
    assert!(tries > 500, "{tries}");
    assert_eq!(left_out.len(), 5, "{left_out:?}");
}

#[test]
fn a_plan_made_again_is_the_same_plan() {
    let (first, mut again) = (plan(), plan());
    again.made = "2026-11-17T17:00:00Z".parse().unwrap();
    again.roles[0].seen.blue.desired = 9;
    again.roles[0].seen.green.healthy = 1;
    assert_eq!(first.digest(), again.digest());
    assert_eq!(file(&first).moved(&file(&again)), []);
    again.approval = Approval::None;
    assert_ne!(first.digest(), again.digest());
}

#[test]
fn a_file_is_read_as_it_was_written() {
    let file = file(&plan());
    let text = file.to_text();
    assert_eq!(PlanFile::parse(&text), Ok(file));
    assert!(text.len() < 16 * 1024, "{}", text.len());
    for secret in ["Foundation of", "AWSTemplateFormatVersion", "ops@example.co.jp"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

/// Whether that text would let a plan run: it is read, and nothing has moved.
fn runs(text: &str, now: &PlanFile) -> bool {
    PlanFile::parse(text).is_ok_and(|file| file.moved(now).is_empty())
}

#[test]
fn whatever_is_done_to_a_file_it_never_runs() {
    let now = file(&plan());
    let text = now.to_text();
    let mut tries = 0;
    let mut never = |changed: &str| {
        tries += 1;
        // Blanks between values say nothing.
        let same = serde_json::from_str::<Value>(changed).is_ok_and(|it| it == json!(now));
        assert!(same || !runs(changed, &now), "{changed}");
    };
    for at in 0..text.len() {
        never(text.get(..at).unwrap_or_default());
        let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        for other in ["", "0", "\"", "\u{202e}", ","] {
            never(&format!("{before}{other}{after}"));
        }
    }
    let whole = json!(now);
    for at in all_pointers(&whole) {
        for changed in others(&whole, &at).into_iter().chain([without(&whole, &at)]) {
            never(&changed.to_string());
        }
    }
    assert!(tries > 10_000, "{tries}");
}

/// Who edits a file can also seal it again: then it must be the plan of now, or it does not run.
#[test]
fn a_seal_of_ones_own_opens_nothing() {
    let now = file(&plan());
    let whole = json!(now);
    let mut tries = 0;
    for at in all_pointers(&whole) {
        for changed in others(&whole, &at).into_iter().chain([without(&whole, &at)]) {
            let Ok(mut forged) = serde_json::from_value::<PlanFile>(changed) else { continue };
            forged = forged.sealed();
            let changes_digest = forged.digest != now.digest || forged.asagi != now.asagi;
            assert!(!changes_digest || !runs(&forged.to_text(), &now), "{at}");
            tries += 1;
        }
    }
    assert!(tries > 100, "{tries}");
    let path = PlanFile { environment: "../prod".to_owned(), ..now.clone() }.sealed();
    let why = PlanFile::parse(&path.to_text()).unwrap_err().to_string();
    assert_eq!(why, "this file was edited after it was made: `environment` is no name of one");
}

#[test]
fn what_is_no_plan_is_told() {
    let text = file(&plan()).to_text();
    let deep = "[".repeat(100_000);
    let cases = [
        ("", "not a plan file: EOF while parsing a value at line 1 column 0"),
        ("{}", "not a plan file: it has no version"),
        ("[]", "not a plan file: it has no version"),
        ("plan", "not a plan file: expected value at line 1 column 1"),
        (deep.as_str(), "not a plan file: recursion limit exceeded at line 1 column 128"),
        (r#"{"version":1,"levels":[]}"#, "a plan file of form 1; this asagi makes form 2"),
        (r#"{"version":3}"#, "a plan file of form 3; this asagi makes form 2"),
        (
            r#"{"version":2,"version":2}"#,
            "not a plan file: the key `version` stands twice at line 1 column 25",
        ),
        (r#"{"version":2}"#, "this file was edited after it was made: missing field `asagi`"),
    ];
    for (text, expected) in cases {
        assert_eq!(PlanFile::parse(text).unwrap_err().to_string(), expected);
    }
    let unknown = text.replacen('{', "{\"approval\":\"none\",", 1);
    let why = PlanFile::parse(&unknown).unwrap_err().to_string();
    assert!(why.starts_with("this file was edited after it was made: unknown field `approval`"), "{why}");
    let other = text.replacen("2026-11-16T02:00:00Z", "2026-11-16T02:00:01Z", 1);
    assert!(matches!(PlanFile::parse(&other), Err(NoPlan::Edited(_))));
}

#[test]
fn what_moved_is_named() {
    let plan = plan();
    let then = file(&plan);
    let moved = |change: &dyn Fn(&mut Plan)| {
        let mut now = plan.clone();
        change(&mut now);
        then.moved(&file(&now))
    };
    let name = "idhub-40-prod-web-traffic".to_owned();
    let pinned =
        |now: &mut Plan| now.pins[&"idhub-40-prod-web-traffic".to_owned()].stack = Some("arn".to_owned());
    assert_eq!(moved(&pinned), [MovedGround::Created(name)]);
    let seen = |now: &mut Plan| now.roles[0].seen.record.phase = "shift-10".to_owned();
    assert_eq!(moved(&seen), [MovedGround::Seen("web".to_owned())]);
    let phases = |now: &mut Plan| drop(now.roles[0].phases.pop());
    assert_eq!(moved(&phases), [MovedGround::Phases("web".to_owned())]);
    assert_eq!(moved(&|now| now.approval = Approval::None), [MovedGround::Otherwise]);
    let other = |now: &mut Plan| now.asagi = "9.9.9".to_owned();
    let (then_asagi, now_asagi) = (plan.asagi.clone(), "9.9.9".to_owned());
    assert_eq!(moved(&other), [MovedGround::Asagi { then: then_asagi, now: now_asagi }]);
    let template = |now: &mut Plan| now.levels[0][0].template.push(' ');
    let key = plan.levels[0][0].name.clone();
    assert_eq!(moved(&template), [MovedGround::StackPlan(key)]);
    let mut other_spec = file(&Plan { spec: "sha256:1".to_owned(), ..plan.clone() });
    other_spec.spec["protection.approval"] = "1".to_owned();
    assert_eq!(then.moved(&other_spec), [MovedGround::Spec("protection.approval".to_owned())]);
}
