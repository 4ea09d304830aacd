//! What asagi reads in a template is what others read in it: YAML 1.1 for values, tags, quotes and lines, and what is
//! no template at all. Held against cfn-lint's reader.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use asagi::cfn::Template;
use asagi::source::{SourceMap, parse_template};
use serde_json::{Value, json};

use crate::support::{program, repository, said};

/// What cfn-lint makes of each text: `{"read": …}` or `{"refused": …}`.
fn decoded(texts: &BTreeMap<String, String>) -> BTreeMap<String, Value> {
    let mut reader = Command::new(program("python"))
        .arg(repository("tests/peers/decode.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    reader.stdin.take().unwrap().write_all(json!(texts).to_string().as_bytes()).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Plain scalars, each as the value of a property.
const SCALARS: &str = "yes Yes YES on On ON no NO off OFF y n Y true True TRUE tRUE false ~ null Null NULL nULL \
    0 00 08 01234 -017 +017 0o17 012345678901 000000000001 0_ 0_7 1_ _1 1_000 -1_000 1__0 +1 -0 \
    0b101 0b1_0 0b12 0b 0x1F -0x1F 0x_1F 0xG 0x 1:30 -1:30 0:30 9:75 12:30:45 190:20:30 1:2:3 12:30:45.5 \
    1.10 1.0 1. .5 -.5 +.5 01.5 1_000.5 -1_000.5 1.0e+3 1.2.3 10.0.0.0/16 ami-0123 a:b";

/// Plain scalars that cfn-lint's reader, which is Python's, takes otherwise than CloudFormation's, which is Java's; and
/// what asagi takes them for.
fn otherwise() -> [(&'static str, Value, &'static str); 7] {
    let date = "CloudFormation has no dates: what looks like one is text";
    let exponent = "a number without a sign in its exponent is one to CloudFormation's reader";
    let none = "JSON has no such number, and neither has CloudFormation";
    [
        ("2012-10-17", json!("2012-10-17"), date),
        ("2001-12-14t21:59:43Z", json!("2001-12-14t21:59:43Z"), date),
        ("1e3", json!(1000.0), exponent),
        ("1.0e3", json!(1000.0), exponent),
        (".inf", json!(".inf"), none),
        (".nan", json!(".nan"), none),
        ("123456789012345678901234", json!("123456789012345678901234"), "a number would lose digits"),
    ]
}

#[test]
fn plain_scalars_are_what_yaml_1_1_says() {
    let table = |scalars: &mut dyn Iterator<Item = &str>| -> BTreeMap<String, String> {
        scalars.map(|scalar| (scalar.to_owned(), format!("A: {scalar}\n"))).collect()
    };
    let same = table(&mut SCALARS.split_whitespace());
    let theirs = decoded(&same);
    let mut different = Vec::new();
    for (scalar, text) in &same {
        let (ours, theirs) = (&Template::value_of(text).unwrap()["A"], &theirs[scalar]["read"]["A"]);
        // JSON tells 1 from 1.0; what is deployed does not.
        let is_same_number = ours.is_number() && ours.as_f64() == theirs.as_f64();
        if ours != theirs && !is_same_number {
            different.push(format!("{scalar}: asagi {ours}, cfn-lint {theirs}"));
        }
    }
    assert_eq!(different, Vec::<String>::new());
    let theirs = decoded(&table(&mut otherwise().into_iter().map(|(scalar, ..)| scalar)));
    for (scalar, ours, reason) in otherwise() {
        assert_eq!(Template::value_of(&format!("A: {scalar}\n")).unwrap()["A"], ours, "{scalar}");
        assert_ne!(theirs[scalar]["read"]["A"], ours, "{scalar} needs no reason any more: {reason}");
    }
}

/// Texts that both read, and read as the same.
const TEXTS: [(&str, &str); 27] = [
    ("a tag of its own that says nothing", "A: ! \"Ref\"\nB: ! plain\n"),
    ("spaces in a substitution", "A: !Sub  \"a ${ B } ${!c}\"\n"),
    ("spaces in a substitution with a list", "A: !Sub [ \"${ B }\" , { B: 1 } ]\n"),
    ("double quotes over several lines", "A: \"one\n  two\n\n  three\"\n"),
    ("double quotes with an escaped line end", "A: \"one \\\n  two\"\n"),
    ("single quotes over several lines", "A: 'one\n  two\n\n  three'\n"),
    ("a plain scalar over several lines", "A: one\n  two\n\n  three\nB: 1\n"),
    ("a folded block", "A: >-\n  a\n  b\n\n  c\n"),
    ("a folded block that keeps its end", "A: >+\n  a\n   more\n  b\n\nB: 1\n"),
    ("a literal block", "A: |\n  a\n  b\n"),
    ("a literal block with an indent", "A: |2-\n    a\n  b\n"),
    ("escapes", "A: \"\\u00e9\\t\\x41\\n\"\n"),
    ("a tab between values", "A: 1\t\nB:\t2\n"),
    ("a key with a tag that says nothing", "A: { ! \"Ref\": B }\n"),
    ("an anchor", "A: &x { b: 1 }\nB: *x\nC: [*x]\n"),
    ("one document with its marks", "---\nA: 1\n...\n"),
    ("a directive", "%YAML 1.1\n---\nA: yes\n"),
    ("a type said", "A: !!str 012\nB: !!int \"3\"\nC: !!str yes\n"),
    ("numbers in JSON", "{\"A\": 1.10, \"B\": -3, \"C\": [true, null]}"),
    ("tabs in JSON", "{\t\"A\":\t1\n}"),
    ("escapes in JSON", "{\"A\": \"a\\/b \\u6d45\"}"),
    ("a flow mapping", "{A: 1, B: [x, !Ref Y], C: !GetAtt Y.Z}\n"),
    ("an attribute of a nested stack", "A: !GetAtt Nested.Outputs.Id\nB: !GetAtt [Role, Arn]\n"),
    ("short inside short", "A: !Join [\",\", [!Ref B, !Select [0, !GetAZs '']]]\n"),
    ("long inside short", "A: !Base64\n  Fn::Sub: x\n"),
    ("a condition", "A: !If [B, !Condition C, !Ref AWS::NoValue]\n"),
    ("Windows line ends", "A: |\r\n  a\r\n  b\r\nB: \"x\r\n  y\"\r\n"),
];

#[test]
fn texts_are_read_alike() {
    let texts: BTreeMap<_, _> =
        TEXTS.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let theirs = decoded(&texts);
    let mut different = Vec::new();
    for (name, text) in TEXTS {
        let ours = Template::value_of(text).map_err(|error| error.to_string());
        if ours.as_ref().ok() != theirs[name].get("read") {
            different.push(format!("{name}: asagi {ours:?}, cfn-lint {}", theirs[name]));
        }
    }
    assert_eq!(different, Vec::<String>::new());
}

/// Texts that both refuse.
const REFUSED: [(&str, &str); 7] = [
    ("a key twice", "A: 1\nA: 2\n"),
    ("a key twice in JSON", "{\"A\": 1, \"A\": 2}"),
    ("a key twice, deeper, in JSON", "{\"A\": {\"B\": [{\"C\": 1, \"C\": 2}]}}"),
    ("a tab that indents", "A:\n\tB: 1\n"),
    ("two documents", "A: 1\n---\nB: 2\n"),
    ("an alias without its anchor", "A: *x\n"),
    ("a bracket that stays open", "A: [1, 2\n"),
];

/// The text as a team's own template.
fn is_read(text: &str) -> bool {
    let mut map = SourceMap::new();
    let id = map.add("own.yaml", text);
    parse_template(&map, id).is_ok()
}

#[test]
fn texts_that_are_no_template_are_refused() {
    let texts: BTreeMap<_, _> =
        REFUSED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let theirs = decoded(&texts);
    for (name, text) in REFUSED {
        assert!(theirs[name].get("refused").is_some(), "{name}: cfn-lint reads {}", theirs[name]);
        assert!(!is_read(text), "{name}: asagi reads it");
    }
    // The reader that cfn-lint uses passes over a byte order mark, and merges keys; CloudFormation refuses those.
    assert!(!is_read("\u{feff}A: 1\n"));
    assert!(!is_read("A: &x { b: 1 }\nB: { <<: *x, c: 2 }\n"));
    assert!(is_read("A: &x { b: 1 }\nB: *x\n"));
}
