//! `requiredVersion`: the versions of asagi that an environment may be used with.

use semver::{Version, VersionReq};

use crate::diagnostics::{Diagnostic, Findings};
use crate::source::Node;

use super::codes;

/// Where it stands.
const AT: &str = "/requiredVersion";

/// Tells an environment that wants another asagi than this one.
pub(super) fn required_version(root: &Node, findings: &mut Findings) {
    let Some(wanted) = root.get(AT).and_then(Node::as_str) else { return };
    let this = env!("CARGO_PKG_VERSION");
    let (Ok(wanted), Ok(version)) = (VersionReq::parse(wanted), Version::parse(this)) else {
        let message = format!("`{wanted}` does not say which versions of asagi are meant");
        let error = Diagnostic::error(codes::VERSION, message).primary(root.place(AT), "");
        return findings.push(error.with_help(format!("write `\">={this}\"`, or `\">=0.3, <0.5\"`")));
    };
    if !wanted.matches(&version) {
        let message = format!("this is asagi {this}, and the environment is for `{wanted}`");
        let error = Diagnostic::error(codes::VERSION, message).primary(root.place(AT), "");
        findings.push(error.with_help("install a version that fits"));
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::testing::{alone, brief, poc, small_with};

    /// What is said of that requirement.
    fn said(wanted: &str) -> Vec<String> {
        let resolution =
            poc(&alone(small_with(&[("project: poc", &format!("requiredVersion: {wanted}\nproject: poc"))])));
        brief(&resolution.findings, &resolution.sources)
    }

    #[test]
    fn another_version_is_told_before_anything_else() {
        assert_eq!(said("\">=0.1, <999\""), [""; 0]);
        insta::assert_snapshot!(said("\">=999\"\nnewKey: 1").join("\n"), @"environments/poc.yaml:2:18 ASG0312 this is asagi 0.1.0, and the environment is for `>=999` (install a version that fits)");
        insta::assert_snapshot!(said("newest").join("\n"), @r#"environments/poc.yaml:2:18 ASG0312 `newest` does not say which versions of asagi are meant (write `">=0.1.0"`, or `">=0.3, <0.5"`)"#);
        insta::assert_snapshot!(said("1").join("\n"), @r#"environments/poc.yaml:2:18 ASG0204 expected text for `requiredVersion`, found the integer `1` without quotes (write `"1"`)"#);
    }
}
