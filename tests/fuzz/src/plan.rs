//! Any text as a plan file, and a sound one with values exchanged, sealed again or not: it is refused in words, or it says
//! exactly what it was written as, and names nothing but an environment.

use std::sync::LazyLock;

use asagi::plan::{MovedGround, NoPlan, PlanFile, digest_of};
use serde_json::{Value, json};

use super::seen::shows_as_itself;
use super::values::edits;

/// A file as `asagi plan --out` writes it, by hand: two stacks, one of them new, and a role.
static SOUND: LazyLock<Value> = LazyLock::new(|| {
    let digest = |text: &str| digest_of("fuzz", &json!(text));
    let stack = |id: Value| json!({ "id": id, "operation": null, "change": digest("change") });
    sealed(json!({
        "version": asagi::plan::VERSION, "asagi": env!("CARGO_PKG_VERSION"), "project": "poc", "environment": "poc",
        "account": "123456789012", "region": "ap-northeast-1", "made": "2026-01-05T00:00:00Z", "digest": digest("plan"),
        "spec": { "network": digest("network"), "roles.web.release": digest("1.0") },
        "files": { "environments/poc.yaml": digest("poc") },
        "stacks": { "poc-poc-network": stack(json!(digest("id"))), "poc-poc-web-blue": stack(Value::Null) },
        "roles": { "web": { "seen": digest("seen"), "phases": digest("phases") } },
        "seal": "",
    }))
});

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    held(&text);
    let sound = PlanFile::parse(&written(&SOUND)).expect("it was written so");
    let mut edited = SOUND.clone();
    edits(&mut edited, data);
    let unsealed = PlanFile::parse(&written(&edited));
    assert!(edited == *SOUND || unsealed.is_err(), "an edited file passes: {edited:?}");
    let edited = sealed(edited);
    if let Some(file) = held(&written(&edited)) {
        against(&sound, &file);
        against(&file, &sound);
    }
}

/// Reads it. What it is refused with can be shown; what is read is what was written, and no path.
fn held(text: &str) -> Option<PlanFile> {
    match PlanFile::parse(text) {
        Ok(file) => {
            assert_eq!(PlanFile::parse(&file.to_text()).as_ref(), Ok(&file));
            let value: Value = serde_json::from_str(text).expect("it was read");
            assert_eq!(serde_json::to_value(&file).ok().as_ref(), Some(&value));
            let name = &file.environment;
            assert!(!name.contains(['/', '\\', '.', '\0', ' ', '\n']) && !name.is_empty(), "{name:?}");
            assert!(file.moved(&file).is_empty());
            Some(file)
        }
        Err(error) => {
            shows_as_itself(asagi::shown!("error: {}", error).as_str());
            assert!(!matches!(error, NoPlan::Form(form) if form == u64::from(asagi::plan::VERSION)));
            None
        }
    }
}

/// Nothing has moved where the digests are one; otherwise something has, and it is told.
fn against(then: &PlanFile, now: &PlanFile) {
    let moved = then.moved(now);
    assert_eq!(moved.is_empty(), then.asagi == now.asagi && then.digest == now.digest, "{moved:?}");
    if then.asagi != now.asagi {
        assert!(matches!(moved.as_slice(), [MovedGround::Asagi { .. }]), "{moved:?}");
    }
}

/// With the seal that belongs to it: whoever edits a file can write that too.
fn sealed(mut file: Value) -> Value {
    if let Value::Object(map) = &mut file {
        map.insert("seal".to_owned(), "".into());
        let seal = digest_of("asagi plan part: file", &Value::Object(map.clone()));
        map.insert("seal".to_owned(), seal.into());
    }
    file
}

fn written(file: &Value) -> String {
    let mut text = serde_json::to_string_pretty(file).expect("JSON can be written");
    text.push('\n');
    text
}
