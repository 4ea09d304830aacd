//! Whether what the images lock says can be: its AMI ids go to CloudFormation as they stand, and its names into records.

use jiff::civil::Date;

use super::codes;
use crate::diagnostics::{Diagnostic, Findings, nearest};
use crate::model::{LayerKind, Lock, LockedImages, is_ami_id};
use crate::source::{Document, Span, pointer};
use crate::words::brief;

/// The most characters of a name in the lock: no project, role, release or build needs more.
const LONGEST: usize = 64;

/// Reports every name, build and AMI id of the lock that can be none, and every build that is there twice.
pub(super) fn entries(lock: &Lock, document: &Document, findings: &mut Findings) {
    let look = Look { document, findings };
    look.projects(lock);
}

struct Look<'a> {
    document: &'a Document,
    findings: &'a mut Findings,
}

impl Look<'_> {
    fn projects(mut self, lock: &Lock) {
        for (project, roles) in &lock.projects {
            let at = pointer(["projects", project]);
            self.key(&at, project, is_name(project), "project", NAME);
            for (role, releases) in roles {
                let at = format!("{at}{}", pointer([role]));
                self.key(&at, role, is_name(role), "role", NAME);
                for (release, builds) in releases {
                    let at = format!("{at}{}", pointer([release]));
                    self.key(
                        &at,
                        release,
                        is_version(release),
                        "release",
                        "write `major.minor`, such as `1.6`",
                    );
                    self.builds(&at, builds);
                }
            }
        }
    }

    fn builds(&mut self, at: &str, builds: &[LockedImages]) {
        let mut seen: std::collections::BTreeMap<&str, String> = std::collections::BTreeMap::new();
        for (index, one) in builds.iter().enumerate() {
            let at = format!("{at}/{index}");
            let place = format!("{at}/build");
            if let Some((problem, help)) = build(&one.build) {
                self.tell(self.document.place(&place), format!("`{}` {problem}", brief(&one.build)), help);
            } else if let Some(first) = seen.insert(&one.build, place.clone()) {
                let message = format!("build `{}` is there twice", one.build);
                let error = Diagnostic::error(codes::LOCK, message).primary(self.document.place(&place), "");
                let error = error.secondary(self.document.place(&first), "first here");
                self.findings
                    .push(error.with_help(format!("name the newer one `{}.2`, or remove one", one.build)));
            }
            self.images(&format!("{at}/images"), one);
        }
    }

    fn images(&mut self, at: &str, build: &LockedImages) {
        let layers = LayerKind::ALL.map(LayerKind::as_str);
        for (index, (layer, ami)) in build.images.iter().enumerate() {
            let at = format!("{at}{}", pointer([layer]));
            if !layers.contains(&layer.as_str()) {
                let help = match nearest(layer, layers) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("layers are `{}`", layers.join("`, `")),
                };
                self.key(&at, layer, false, "layer", &help);
            }
            if !is_ami_id(ami) {
                let message = format!("`{}` is no AMI id", brief(ami));
                self.tell(self.document.place(&at), message, AMI);
            } else if let Some((first, _)) = build.images.iter().take(index).find(|(_, other)| *other == ami)
            {
                // Each layer is made of the one below, so the same image twice was written by hand.
                let message =
                    format!("`{first}` and `{layer}` of build `{}` are the same image", brief(&build.build));
                let help = "each layer is an image of its own: run `asagi images lock`, or restore the line from git";
                self.tell(self.document.place(&at), message, help);
            }
        }
    }

    fn key(&mut self, at: &str, name: &str, is_right: bool, what: &str, help: &str) {
        if !is_right {
            let place = self.document.root.key_span(at).unwrap_or_else(|| self.document.place(at));
            self.tell(place, format!("`{}` is no name of a {what}", brief(name)), help);
        }
    }

    fn tell(&mut self, place: Span, message: String, help: &str) {
        self.findings.push(Diagnostic::error(codes::LOCK, message).primary(place, "").with_help(help));
    }
}

const NAME: &str =
    "write lower-case letters, digits and single hyphens, beginning with a letter, as the spec does";
const AMI: &str = "write `ami-` and 8 to 17 hexadecimal digits, or run `asagi images lock`";

/// What is wrong with the name of a build, and what to write. It is a day, `2026-11-11` or `2026-11-11.2`, or a plain name.
fn build(name: &str) -> Option<(&'static str, &'static str)> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || name.len() > LONGEST || !name.chars().all(plain) {
        return Some((
            "is no name of a build",
            "write the day it was built, `2026-11-11`, or at most 64 letters, digits, `.`, `-` and `_`",
        ));
    }
    let year = name.get(..4).is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
    let looks_like_a_day = year && name.get(4..5) == Some("-");
    if !looks_like_a_day {
        return None;
    }
    let day = name.split('.').next().unwrap_or_default();
    let number = name.strip_prefix(day).and_then(|rest| rest.strip_prefix('.'));
    let is_number = number.is_none_or(|number| number.parse::<u32>().is_ok_and(|number| number > 0));
    let is_day = day.len() == "2026-11-11".len() && day.parse::<Date>().is_ok();
    (!is_day || !is_number).then_some((
        "is no day",
        "write a day that there is, `2026-11-11`; its second build is `2026-11-11.2`",
    ))
}

/// As the spec names projects and roles.
fn is_name(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.len() <= LONGEST && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('-').all(word)
}

/// As the spec names releases: `major.minor`.
fn is_version(text: &str) -> bool {
    let number = |part: &str| {
        let digits = !part.is_empty() && part.len() <= 9 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits && (part == "0" || !part.starts_with('0'))
    };
    text.split_once('.').is_some_and(|(major, minor)| number(major) && number(minor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::testing::{SMALL, alone, brief, poc, small_with};

    fn found(lock: &str) -> Vec<String> {
        let resolution = poc(&alone(SMALL).with("environments/images.lock.yaml", lock));
        brief(&resolution.findings, &resolution.sources)
    }

    #[test]
    fn one_image_for_two_layers_is_told() {
        let images = "{ base: ami-0a1b2c31, middleware: ami-0a1b2c32, application: ami-0a1b2c32 }";
        let lock = format!(
            "asagi: v1\nprojects: {{ poc: {{ web: {{ \"1.0\": [{{ build: x, images: {images} }}] }} }} }}\n"
        );
        assert_eq!(
            found(&lock),
            [
                "environments/images.lock.yaml:2:116 ASG0310 `middleware` and `application` of build `x` are the same image \
                 (each layer is an image of its own: run `asagi images lock`, or restore the line from git)"
            ]
        );
    }

    fn of_build(build: &str) -> Vec<String> {
        found(&format!("asagi: v1\nprojects:\n  poc:\n    web:\n      \"1.0\":\n        - {build}\n"))
    }

    #[test]
    fn what_is_no_ami_id_is_told_where_it_stands() {
        for ami in [
            "not-an-ami",
            "ami-1",
            "\"\"",
            "ami-",
            "AMI-0a1b2c3d",
            "ami-0A1B2C3D",
            "ami-0a1b2c3d4e5f607180",
            "\"ami-0a1b2c3d\\n\"",
            "\" ami-0a1b2c3d\"",
            "\"{{resolve:ssm:/attacker/ami}}\"",
            "ami-0a1b2c3g",
            "\"ami-0a1b2c3d\\e[2J\"",
            "snap-0a1b2c3d",
        ] {
            let lines =
                of_build(&format!("{{ build: x, images: {{ base: ami-0a1b2c3d, application: {ami} }} }}"));
            assert!(
                lines.iter().any(|line| line.starts_with("environments/images.lock.yaml:6:66 ASG0310 `")
                    && line.contains("is no AMI id")),
                "{ami}: {lines:#?}"
            );
        }
        assert_eq!(of_build("{ build: x, images: { application: ami-0a1b2c3d4e5f60718 } }"), [""; 0]);
    }

    #[test]
    fn an_ami_id_is_to_the_lock_what_it_is_to_a_spec() {
        for ami in [
            "ami-0a1b2c3d",
            "ami-0a1b2c3d4e5f60718",
            "ami-0a1b2c3d4",
            "ami-0a1b2c",
            "ami-0a1b2c3d4e5f607180",
            "ami-x",
            "i-0a1b2c3d",
        ] {
            let spec = small_with(&[("ami-0a1b2c3d4e5f60718", ami)]);
            let is_right = poc(&alone(spec)).findings.is_empty();
            assert_eq!(is_right, is_ami_id(ami), "{ami}");
        }
    }

    #[test]
    fn days_are_days_and_builds_are_there_once() {
        for (name, is_right) in [
            ("2026-11-11", true),
            ("2026-11-11.2", true),
            ("2024-02-29", true),
            ("42", true),
            ("web-1.6_b", true),
            ("2026-02-29", false),
            ("2026-13-01", false),
            ("2026-1-1", false),
            ("2026-11-11.x", false),
            ("2026-11-11.0", false),
            ("2026-", false),
            ("{{resolve:ssm:/a}}", false),
            ("", false),
            ("a b", false),
            ("../x", false),
            ("日", false),
        ] {
            assert_eq!(build(name).is_none(), is_right, "{name}");
        }
        let twice = "asagi: v1\nprojects:\n  poc:\n    web:\n      \"1.0\":\n        - { build: \"2026-11-11\", images: {} }\n        - { build: \"2026-11-11\", images: {} }\n";
        assert_eq!(
            found(twice),
            [
                "environments/images.lock.yaml:7:20 ASG0310 build `2026-11-11` is there twice (name the newer one `2026-11-11.2`, or remove one)"
            ]
        );
    }

    #[test]
    fn names_in_the_lock_are_those_of_a_spec() {
        let lock = "asagi: v1\nprojects:\n  \"../poc\":\n    Web:\n      latest:\n        - { build: x, images: { applicatoin: ami-0a1b2c3d } }\n";
        insta::assert_snapshot!(found(lock).join("\n"), @"
        environments/images.lock.yaml:3:3 ASG0310 `../poc` is no name of a project (write lower-case letters, digits and single hyphens, beginning with a letter, as the spec does)
        environments/images.lock.yaml:4:5 ASG0310 `Web` is no name of a role (write lower-case letters, digits and single hyphens, beginning with a letter, as the spec does)
        environments/images.lock.yaml:5:7 ASG0310 `latest` is no name of a release (write `major.minor`, such as `1.6`)
        environments/images.lock.yaml:6:33 ASG0310 `applicatoin` is no name of a layer (did you mean `application`?)
        ");
        let long = format!("asagi: v1\nprojects: {{ {}: {{}} }}\n", "a".repeat(1 << 20));
        assert!(found(&long)[0].len() < 300);
    }
}
