//! Any bytes as a file: the text is read or refused, and every place is inside of it.

use asagi::diagnostics::render::{Paint, human, json, junit, sarif};
use asagi::diagnostics::{Baseline, Diagnostic, Examined, Findings, Report};
use asagi::source::{Kind, Node, SourceMap, Span, Tags, parse};

pub fn run(data: &[u8]) {
    let mut map = SourceMap::new();
    let read = map.add_bytes("fuzz.yaml", data);
    match read.and_then(|id| parse(&map, id)) {
        Ok(document) => {
            inside_all(&map, &document.root);
            for tags in [Tags::Ignore, Tags::CloudFormation] {
                document.root.to_json(tags);
            }
            let over = Node::merge(document.root.clone(), document.root.clone());
            inside_all(&map, &over);
        }
        Err(error) => findings_are_inside(&[Diagnostic::from(error)].into_iter().collect(), &map),
    }
}

fn inside_all(map: &SourceMap, node: &Node) {
    assert!(inside(map, node.span), "{:?}", node.span);
    match &node.kind {
        Kind::Scalar { .. } => {}
        Kind::Sequence(items) => items.iter().for_each(|item| inside_all(map, item)),
        Kind::Mapping(entries) => {
            for entry in entries {
                assert!(inside(map, entry.key_span), "{:?}", entry.key_span);
                inside_all(map, &entry.value);
            }
        }
    }
}

fn inside(map: &SourceMap, span: Span) -> bool {
    map.get(span.source).is_some_and(|file| file.text.get(span.start..span.end).is_some())
}

/// Every place of every finding is inside of its file, and every finding can be shown in every format.
pub fn findings_are_inside(findings: &Findings, map: &SourceMap) {
    for finding in findings {
        assert!(finding.span().is_some(), "{finding:?}");
        for label in &finding.labels {
            assert!(inside(map, label.span), "{finding:?}");
        }
        assert!(!finding.message.is_empty() && !finding.message.ends_with('.'), "{finding:?}");
    }
    human(findings, map, Paint::Plain);
    let ignored = Findings::new();
    let path = "environments/fuzz.yaml";
    let examined = Examined { name: "fuzz", path, sources: map, findings, ignored: &ignored, policy: &[] };
    let report = Report::of([examined], None);
    let baseline = Baseline::of(&report.found);
    let again = Report::of([examined], Some(&baseline));
    assert_eq!(again.new_ones().count(), 0, "a baseline knows what it was made of");
    json(&again);
    sarif(&again, &[]);
    junit(&again, true);
}
