//! Findings and what a person or a program gets to see of them.

use proptest::prelude::*;
use serde_json::json as object;

use super::{Paint, human, human_one, json, junit, sarif};
use crate::diagnostics::{Code, Diagnostic, Examined, Findings, Report};
use crate::source::{SourceMap, Span, parse};
use crate::words::Shown;

/// The span of the first `needle` in a file.
fn find(map: &SourceMap, path: &str, needle: &str) -> Span {
    let id = map.find(path).expect(path);
    let start = map.get(id).and_then(|file| file.text.find(needle)).expect(needle);
    Span::new(id, start, start + needle.len())
}

/// The document of one environment that has these findings.
fn document(findings: &Findings, sources: &SourceMap) -> serde_json::Value {
    let ignored = Findings::new();
    let path = "environments/prod.yaml";
    let examined = Examined { name: "prod", path, sources, findings, ignored: &ignored, policy: &[] };
    json(&Report::of([examined], None))
}

fn shadowed_route() -> (SourceMap, Diagnostic) {
    let mut map = SourceMap::new();
    map.add("environments/prod.yaml", "routes:\n  - { name: api, priority: 200, paths: [\"/api/*\"] }\n");
    map.add("environments/base.yaml", "x: 1\nroutes:\n  - { name: all, priority: 100, paths: [\"/*\"] }\n");
    let message = "route `api` can never match: route `all` with priority 100 takes every path first";
    let diagnostic = Diagnostic::error(Code::new("ASG0312"), message)
        .primary(find(&map, "environments/prod.yaml", "200"), "evaluated after `all`")
        .secondary(find(&map, "environments/base.yaml", "100"), "matches first")
        .with_help("give `api` a priority below 100");
    (map, diagnostic)
}

#[test]
fn places_in_several_files_are_shown_together() {
    let (map, diagnostic) = shadowed_route();
    insta::assert_snapshot!(human_one(&diagnostic, &map, Paint::Plain).as_str(), @r##"
    error[ASG0312]: route `api` can never match: route `all` with priority 100 takes every path first
     --> environments/prod.yaml:2:28
      |
    2 |   - { name: api, priority: 200, paths: ["/api/*"] }
      |                            ^^^ evaluated after `all`
      |
     ::: environments/base.yaml:3:28
      |
    3 |   - { name: all, priority: 100, paths: ["/*"] }
      |                            --- matches first
      |
      = help: give `api` a priority below 100
    "##);
}

#[test]
fn marks_line_up_under_full_width_text() {
    let mut map = SourceMap::new();
    map.add("本番.yaml", "説明: 社内ポータル本番環境, 名前: 浅葱 # 青緑\n");
    let diagnostic = Diagnostic::warning(Code::new("ASG0401"), "`浅葱` is not a tag AWS accepts")
        .primary(find(&map, "本番.yaml", "浅葱"), "only ASCII")
        .with_note("資源の名前は英数字だけ");
    insta::assert_snapshot!(human_one(&diagnostic, &map, Paint::Plain).as_str(), @r##"
    warning[ASG0401]: `浅葱` is not a tag AWS accepts
     --> 本番.yaml:1:21
      |
    1 | 説明: 社内ポータル本番環境, 名前: 浅葱 # 青緑
      |                                   ^^^^ only ASCII
      |
      = note: 資源の名前は英数字だけ
    "##);
}

#[test]
fn a_finding_without_a_place_is_its_message() {
    let diagnostic =
        Diagnostic::note(Code::new("ASG0301"), "nothing to check").with_help("add an environment");
    insta::assert_snapshot!(human_one(&diagnostic, &SourceMap::new(), Paint::Plain).as_str(), @r##"
    note[ASG0301]: nothing to check
     |
     = help: add an environment
    "##);
}

#[test]
fn colour_adds_only_colour() {
    let (map, diagnostic) = shadowed_route();
    let coloured = human_one(&diagnostic, &map, Paint::Colour);
    assert!(coloured.as_str().contains("\u{1b}["));
    assert_eq!(
        anstream::adapter::strip_str(coloured.as_str()).to_string(),
        human_one(&diagnostic, &map, Paint::Plain).as_str()
    );
}

#[test]
fn control_characters_of_the_user_do_not_reach_the_terminal() {
    let mut map = SourceMap::new();
    map.add("a.yaml", "name: \u{1b}[2Jx\n");
    let diagnostic = Diagnostic::error(Code::new("ASG0101"), "bad \u{1b}[2J name")
        .primary(find(&map, "a.yaml", "x"), "here \u{1b}[2J")
        .with_help("not \u{1b}[2J");
    assert!(!human_one(&diagnostic, &map, Paint::Plain).as_str().contains('\u{1b}'));
}

#[test]
fn syntax_and_type_errors_become_findings_with_codes() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Spec {
        #[allow(dead_code, reason = "only read")]
        version: Option<String>,
        #[allow(dead_code, reason = "only read")]
        scheme: Option<Scheme>,
    }
    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Scheme {
        Internal,
        InternetFacing,
    }
    let mut map = SourceMap::new();
    let mut findings = Findings::new();
    for text in [
        "version: '1'\nversion: '2'\n",
        "version: 1.10\n",
        "versoin: '1'\n",
        "scheme: internetfacing\n",
        "scheme: public\n",
        "version: [\n",
    ] {
        let id = map.add(format!("{}.yaml", findings.len()), text);
        let doc = findings.keep(parse(&map, id));
        doc.and_then(|doc| findings.keep(doc.deserialize::<Spec>()));
    }
    assert_eq!(findings.len(), 6);
    insta::assert_snapshot!(human(&findings, &map, Paint::Plain).as_str(), @r##"
    error[ASG0102]: key `version` is there twice
     --> 0.yaml:2:1
      |
    1 | version: '1'
      | ------- first here
    2 | version: '2'
      | ^^^^^^^
      |
      = help: remove one of the two

    error[ASG0204]: expected text for `version`, found the number `1.10` without quotes
     --> 1.yaml:1:10
      |
    1 | version: 1.10
      |          ^^^^
      |
      = help: write `"1.10"`

    error[ASG0201]: unknown key `versoin` in the file
     --> 2.yaml:1:1
      |
    1 | versoin: '1'
      | ^^^^^^^
      |
      = help: did you mean `version`?

    error[ASG0203]: unknown value `internetfacing` for `scheme`
     --> 3.yaml:1:9
      |
    1 | scheme: internetfacing
      |         ^^^^^^^^^^^^^^
      |
      = help: did you mean `internet-facing`?

    error[ASG0203]: unknown value `public` for `scheme`
     --> 4.yaml:1:9
      |
    1 | scheme: public
      |         ^^^^^^
      |
      = help: known here: `internal`, `internet-facing`

    error[ASG0101]: `[` is never closed
     --> 5.yaml:1:10
      |
    1 | version: [
      |          ^
      |
      = help: close it, or quote the text that begins with it
    "##);
}

#[test]
fn programs_get_the_same_with_positions() {
    let (map, diagnostic) = shadowed_route();
    let findings: Findings = [diagnostic.with_note("see the listener")].into_iter().collect();
    assert_eq!(
        document(&findings, &map)["environments"][0],
        object!({
            "environment": "prod",
            "path": "environments/prod.yaml",
            "policy": [],
            "findings": [{
                "code": "ASG0312",
                "severity": "error",
                "message": "route `api` can never match: route `all` with priority 100 takes every path first",
                "places": [
                    {
                        "file": "environments/prod.yaml", "line": 2, "column": 28, "endLine": 2, "endColumn": 31,
                        "label": "evaluated after `all`", "primary": true,
                    },
                    {
                        "file": "environments/base.yaml", "line": 3, "column": 28, "endLine": 3, "endColumn": 31,
                        "label": "matches first", "primary": false,
                    },
                ],
                "help": "give `api` a priority below 100",
                "notes": ["see the listener"],
                "fingerprint": "1353b8925f72",
                "known": false,
            }],
        })
    );
}

#[test]
fn a_quotation_shows_no_secret_and_no_words_do() {
    let mut map = SourceMap::new();
    let text = "db: { password: hunter2222, size: \"l\u{202e}arge\" }\r\nkey: |\n  -----BEGIN PRIVATE KEY-----\n  MII\n  -----END PRIVATE KEY-----\nown: { Pw: S3cret, A: b }\n";
    let id = map.add("a\n::error::.yaml", text);
    let at = |what: &str| text.find(what).unwrap();
    map.hide(Span::new(id, at("S3cret"), at("S3cret") + 6));
    let span = |what: &str| Span::new(id, at(what), at(what) + what.len());
    let findings: Findings = [
        Diagnostic::error(Code::new("ASG0101"), "`hunter2222` is no size\n::error::x")
            .primary(span("\"l\u{202e}arge\""), "S3cret\n::"),
        Diagnostic::error(Code::new("ASG0102"), "b").primary(span("key"), "").secondary(span("A: b"), "here"),
    ]
    .into_iter()
    .collect();
    let examined = Examined {
        name: "a",
        path: "a.yaml",
        sources: &map,
        findings: &findings,
        ignored: &Findings::new(),
        policy: &[],
    };
    let report = Report::of([examined], None);
    let human: Vec<_> =
        report.found.iter().map(|found| human_one(&found.diagnostic, &map, Paint::Plain)).collect();
    insta::assert_snapshot!(Shown::join(human, "\n").as_str(), @r##"
    error[ASG0101]: `****` is no size\n::error::x
     --> a\n::error::.yaml:1:29
      |
    1 | db: { password: ****, size: "l\u{202e}arge" }
      |                             ^^^^^^^^^^^^^^^ ****\n::

    error[ASG0102]: b
     --> a\n::error::.yaml:2:1
      |
    2 | key: |
      | ^^^
    ...
    6 | own: { Pw: ****, A: b }
      |                  ---- here
    "##);
    for text in [json(&report).to_string(), sarif(&report, &[]).to_string(), junit(&report, true)] {
        assert!(!text.contains("hunter") && !text.contains("S3cret") && !text.contains("MII"), "{text}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::error")), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_place_in_any_text_can_be_shown(text in "[a浅\u{1b}é\u{301}\t\r\n: ]{0,40}", start in 0..50usize, length in 0..50usize) {
        let mut map = SourceMap::new();
        let id = map.add("any.yaml", text);
        let diagnostic = Diagnostic::error(Code::new("ASG0101"), "here")
            .primary(Span::new(id, start, start + length), "this")
            .secondary(Span::at(id, length), "that");
        let shown = human_one(&diagnostic, &map, Paint::Plain);
        prop_assert!(shown.as_str().starts_with("error[ASG0101]: here\n"));
        document(&[diagnostic].into_iter().collect(), &map);
    }
}
