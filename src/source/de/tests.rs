//! A text, a type, and what comes out: the value, or the error with its place.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::source::{TypeErrorKind, testing::load};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Role {
    release: Option<String>,
    port: u16,
    #[serde(default)]
    subnets: Vec<String>,
    #[serde(default)]
    encrypted: bool,
    scheme: Option<Scheme>,
    #[serde(default)]
    ratio: Option<f64>,
    #[serde(default)]
    rules: BTreeMap<u16, Rollout>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Scheme {
    Internal,
    InternetFacing,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Rollout {
    Immediate,
    Canary { weight: u8 },
    Named(String),
}

#[derive(Debug, Deserialize)]
struct Spec {
    #[allow(dead_code, reason = "only read")]
    roles: BTreeMap<String, Role>,
}

#[test]
fn values_of_every_kind_are_read() {
    let (_, doc) = load(concat!(
        "release: '1.6'\nport: 8080\nsubnets: [a, b]\nencrypted: true\nscheme: internet-facing\nratio: 1\n",
        "rules: { 1: immediate, 2: { canary: { weight: 10 } }, 3: { named: x } }\n",
    ));
    let role: Role = doc.deserialize().expect("fits");
    assert_eq!(
        role,
        Role {
            release: Some("1.6".into()),
            port: 8080,
            subnets: vec!["a".into(), "b".into()],
            encrypted: true,
            scheme: Some(Scheme::InternetFacing),
            ratio: Some(1.0),
            rules: BTreeMap::from([
                (1, Rollout::Immediate),
                (2, Rollout::Canary { weight: 10 }),
                (3, Rollout::Named("x".into())),
            ]),
        }
    );
}

/// `pointer @ text at the place: message (help)` for a role `web` with these lines.
fn error(lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    let (map, doc) = load(&format!("roles:\n  web:\n{lines}"));
    let error = doc.deserialize::<Spec>().expect_err("does not fit");
    let help = error.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
    format!("{} @ {}: {error}{help}", error.pointer, map.text(error.span))
}

#[test]
fn every_misfit_has_its_place_and_its_words() {
    for (lines, expected) in [
        (
            "port: 1\nrelease: 1.10",
            "/roles/web/release @ 1.10: expected text for `release`, found the number `1.10` without quotes \
             (write `\"1.10\"`)",
        ),
        (
            "port: 1\nsubnets: [a, 7]",
            "/roles/web/subnets/1 @ 7: expected text for item 2 of `subnets`, found the integer `7` without \
             quotes (write `\"7\"`)",
        ),
        (
            "port: '80'",
            "/roles/web/port @ '80': expected an integer for `port`, found the text `80` (write `80`)",
        ),
        (
            "port: 70000",
            "/roles/web/port @ 70000: expected an integer up to 65535 for `port`, found the integer `70000`",
        ),
        (
            "port: -1",
            "/roles/web/port @ -1: expected an integer of 0 or more for `port`, found the integer `-1`",
        ),
        ("port: 1.5", "/roles/web/port @ 1.5: expected an integer for `port`, found the number `1.5`"),
        ("port:", "/roles/web/port @ port: expected an integer for `port`, found nothing"),
        (
            "port: !Ref x",
            "/roles/web/port @ x: expected a value without a tag for `port`, found the tag `!Ref`",
        ),
        (
            "port: 1\nencrypted: yes",
            "/roles/web/encrypted @ yes: expected `true` or `false` for `encrypted`, found the text `yes` \
             (write `true`)",
        ),
        (
            "port: 1\nsubnets:\n  a: 1\n  b: 2",
            "/roles/web/subnets @ subnets: expected a list for `subnets`, found a mapping",
        ),
        ("encrypted: true", "/roles/web @ web: missing key `port` in `web`"),
        ("port: 1\nprot: 2", "/roles/web/prot @ prot: unknown key `prot` in `web`"),
        ("port: 1\nscheme: public", "/roles/web/scheme @ public: unknown value `public` for `scheme`"),
        (
            "port: 1\nrules: { a: immediate }",
            "/roles/web/rules @ a: expected an integer as key for `rules`, found `a`",
        ),
        (
            "port: 1\nrules: { 1: canary }",
            "/roles/web/rules/1 @ canary: expected a value for `canary` for `1`, found its name alone",
        ),
        (
            "port: 1\nrules: { 1: { canary: { weight: 300 } } }",
            "/roles/web/rules/1/canary/weight @ 300: expected an integer up to 255 for `weight`, found the \
             integer `300`",
        ),
    ] {
        let expected = expected.replace("/roles/web/prot @", "/roles/web @");
        assert_eq!(error(lines), expected, "{lines}");
    }
}

#[test]
fn an_empty_file_and_a_missing_root_key_have_a_place_too() {
    let (map, doc) = load("");
    let error = doc.deserialize::<Spec>().expect_err("nothing there");
    assert_eq!(error.to_string(), "expected a mapping for the file, found nothing");
    assert_eq!(map.start(error.span).line, 1);
    let (map, doc) = load("# a comment\nother: 1\n");
    let error = doc.deserialize::<Spec>().expect_err("no roles");
    assert_eq!(error.kind, TypeErrorKind::MissingKey { key: "roles" });
    assert_eq!(map.text(error.span), "other");
}
