//! The doors, held: what comes from outside is taken in at few places, and only there. `src/lib.rs` says what is trusted at
//! which of them.

use super::{code_of, sources};

/// What one kind of code does, the words it is known by, and the only places that may have them.
struct Held {
    what: &'static str,
    words: &'static [&'static str],
    places: &'static [&'static str],
}

const HELD: &[Held] = &[
    Held {
        what: "opens, makes, moves or lists files",
        words: &[
            "File::open",
            "File::create",
            "OpenOptions",
            "fs::read",
            "fs::write",
            "fs::rename",
            "fs::remove_",
            "fs::create_dir",
            "fs::copy",
            "fs::hard_link",
            "fs::set_permissions",
            "fs::symlink",
            "fs::{",
            "fs::*",
            "DirBuilder",
            "read_dir(",
            "rustix::",
            "tokio::fs",
            "tempfile::",
        ],
        places: &["workspace/door/"],
    },
    Held {
        what: "looks at paths of the disk",
        words: &[
            "canonicalize(",
            "metadata(",
            ".exists()",
            ".is_dir()",
            ".is_file()",
            ".is_symlink()",
            "read_link(",
            "use std::fs",
            "std::fs::",
            "fs::metadata",
        ],
        places: &["workspace/"],
    },
    Held { what: "reads Git's objects and references", words: &["gix_"], places: &["workspace/git/"] },
    Held {
        what: "asks the process's surroundings",
        words: &[
            "env::var",
            "env::vars",
            "env::args",
            "env::current_dir",
            "env::home_dir",
            "env::temp_dir",
            "use std::env",
        ],
        places: &["workspace/", "cloud/aws/network.rs", "main.rs"],
    },
    Held {
        what: "lets a variable stand for an argument",
        words: &["env = "],
        places: &["cli/options.rs", "cli/diff.rs"],
    },
    Held {
        what: "goes to the network",
        words: &[
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "UnixStream",
            "ToSocketAddrs",
            "tokio::net",
            "aws_config",
            "aws_sdk_",
            "aws_smithy_",
        ],
        places: &["cloud/aws/"],
    },
    Held {
        what: "reads or writes the terminal",
        words: &[
            "io::stdin",
            "io::stdout",
            "io::stderr",
            "println!",
            "eprintln!",
            "print!(",
            "eprint!(",
            "dbg!(",
        ],
        places: &["cli/console.rs"],
    },
    Held {
        what: "takes a foreign text or a secret as it is",
        words: &[".as_given()", "Foreign::as_given", ".reveal()"],
        // What is compared with AWS's own words, sent back, or made a part of a name.
        places: &[
            "words/",
            "cfn/change_set.rs",
            "cloud/aws/",
            "cloud/local/engine/parameters.rs",
            "ops/rollback.rs",
            "plan/readings.rs",
            "plan/record.rs",
            "rollout/change.rs",
            "rollout/hand.rs",
        ],
    },
    Held {
        what: "takes a text for ready to be shown",
        words: &["Shown::rendered(", "Shown::made("],
        // Renderers of others that were given visible text: clap's help, annotate-snippets.
        places: &["words/", "cli/console.rs", "cli/mod.rs", "diagnostics/render/human.rs"],
    },
];

/// What code does that the file may not do.
fn trespasses<'a>(path: &'a str, code: &'a str) -> impl Iterator<Item = String> + 'a {
    let closed = HELD.iter().filter(move |held| !held.places.iter().any(|place| path.starts_with(place)));
    closed.flat_map(move |held| {
        let lines = code.lines().enumerate();
        let found = lines.filter(|(_, line)| held.words.iter().any(|word| has(line, word)));
        found.map(move |(number, line)| {
            let (line, places) = (line.trim(), held.places.join(", "));
            format!("src/{path}:{}: {}, which only {places} may: {line}", number + 1, held.what)
        })
    })
}

/// Whether a line has those words, not as the end of others: `my_fs::read` has no `fs::read`.
fn has(line: &str, word: &str) -> bool {
    let starts_a_word = word.starts_with(|c: char| c.is_alphanumeric());
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !starts_a_word || before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

/// A pattern that takes the sentence out of a call's error: what a service said, as it said it.
fn takes_a_sentence(line: &str) -> bool {
    line.split("CloudError::").skip(1).any(|rest| {
        let bound = rest.split_once('(').and_then(|(_, inside)| inside.split_once(')'));
        bound.is_some_and(|(name, rest)| {
            let is_name =
                name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains(['(', '!', '.']);
            is_name && (rest.contains("=>") || rest.contains(" = ") || rest.contains("if "))
        })
    })
}

/// Code without that of tests: files of tests, and the module of tests that a file ends with.
fn of_the_program(path: &str, code: &str) -> String {
    let is_test = path.split('/').any(|part| part.contains("tests") || part == "testing.rs");
    let end = if is_test { Some(0) } else { code.find("#[cfg(test)]\nmod tests {") };
    code.get(..end.unwrap_or(code.len())).unwrap_or_default().to_owned()
}

#[test]
fn only_doors_take_in_what_is_outside() {
    let mut found = Vec::new();
    for file in sources() {
        let code = of_the_program(&file.path, &code_of(&file.text));
        found.extend(trespasses(&file.path, &code));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn only_targets_take_the_sentence_of_a_service_as_it_is() {
    for (line, taken) in [
        ("Err(CloudError::AccessDenied(why)) if busy => tell(&why),", true),
        ("Err(CloudError::Validation(reason)) => reason,", true),
        ("if let CloudError::Busy(sentence) = &error {", true),
        ("Err(error @ CloudError::AccessDenied(_)) => error.to_string(),", false),
        ("Err(CloudError::Busy(message))", false),
        ("None => Err(CloudError::NotFound(format!(\"stack {name}\"))),", false),
        ("CloudError::NotFound(_) => None,", false),
    ] {
        assert_eq!(takes_a_sentence(line), taken, "{line}");
    }
    let mut found = Vec::new();
    for file in sources().into_iter().filter(|file| !file.path.starts_with("cloud/")) {
        let code = of_the_program(&file.path, &code_of(&file.text));
        let lines = code.lines().enumerate().filter(|(_, line)| takes_a_sentence(line));
        found
            .extend(lines.map(|(number, line)| format!("src/{}:{}: {}", file.path, number + 1, line.trim())));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_trespass_is_told() {
    let told = |path: &str, code: &str| trespasses(path, &code_of(code)).collect::<Vec<_>>();
    for (path, code, what) in [
        ("ops/load.rs", "let text = std::fs::read_to_string(path)?;", "opens"),
        ("cloud/aws/network.rs", "let text = fs::read(path);", "opens"),
        ("workspace/git/small.rs", "File::open(path)?.take(9)", "opens"),
        ("cli/context.rs", "if !path.exists() {", "looks at paths"),
        ("plan/file.rs", "use std::fs;", "looks at paths"),
        ("ops/diff.rs", "let store = gix_odb::Store::at(path);", "reads Git's"),
        ("stacks/engine.rs", "std::env::var(\"HOME\")", "asks the process's"),
        ("cli/status.rs", "#[arg(long, env = \"ASAGI_X\")]", "lets a variable"),
        ("cloud/local/mod.rs", "TcpStream::connect(address)", "goes to the network"),
        ("cli/target.rs", "writeln!(std::io::stderr(), \"x\")", "reads or writes the terminal"),
        ("cli/status.rs", "Shown::rendered(&reason)", "takes a text for ready"),
    ] {
        let found = told(path, code);
        assert!(found.iter().any(|one| one.contains(what)), "{path}: {code}: {found:?}");
    }
    for (path, code) in [
        ("workspace/door/unix.rs", "rustix::fs::open(path, flags, mode)"),
        ("workspace/files.rs", "std::fs::canonicalize(root)"),
        ("ops/load.rs", "// std::fs::read(path)\nlet it = \"fs::write\"; my_fs::read(path);"),
    ] {
        assert_eq!(told(path, code), [""; 0], "{path}: {code}");
    }
    assert_eq!(of_the_program("cli/tests/mod.rs", "fs::read(x)"), "");
    assert_eq!(of_the_program("cli/a.rs", "a\n#[cfg(test)]\nmod tests {\nfs::read(x)"), "a\n");
}
