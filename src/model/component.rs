//! The components that come with asagi, and versions that follow from content.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::Component;

/// Name and document of each component that a spec can name without a path, in the order of the layers.
const STANDARD: [(&str, &str); 9] = [
    ("os-patches", include_str!("../../templates/components/os-patches.yaml")),
    ("ssm-agent", include_str!("../../templates/components/ssm-agent.yaml")),
    ("cis", include_str!("../../templates/components/cis.yaml")),
    ("apache", include_str!("../../templates/components/apache.yaml")),
    ("nginx", include_str!("../../templates/components/nginx.yaml")),
    ("java-17", include_str!("../../templates/components/java-17.yaml")),
    ("tomcat-10", include_str!("../../templates/components/tomcat-10.yaml")),
    ("cloudwatch-agent", include_str!("../../templates/components/cloudwatch-agent.yaml")),
    ("app-artifact", include_str!("../../templates/components/app-artifact.yaml")),
];

/// What every image must pass before it is handed out (requirement 1, section 2): boot, connectivity, security.
const TESTS: [(&str, &str); 3] = [
    ("test-boot", include_str!("../../templates/components/test-boot.yaml")),
    ("test-connectivity", include_str!("../../templates/components/test-connectivity.yaml")),
    ("test-security", include_str!("../../templates/components/test-security.yaml")),
];

/// All of them, the tests last.
static SHIPPED: LazyLock<Vec<Component>> = LazyLock::new(|| {
    STANDARD.iter().chain(&TESTS).map(|(name, document)| Component::shipped(name, document)).collect()
});

/// Largest number that Image Builder takes in a version is 2³⁰ − 1.
/// <https://docs.aws.amazon.com/imagebuilder/latest/userguide/ibhow-semantic-versioning.html>
const VERSION_BITS: u32 = 30;

impl Component {
    /// Version of asagi's own components; the last number of it follows from the document.
    const STANDARD_VERSION: &str = "1.0";

    /// The component of that name that comes with asagi.
    pub fn standard(name: &str) -> Option<Self> {
        SHIPPED.iter().take(STANDARD.len()).find(|component| component.name == name).cloned()
    }

    /// Names of the components that come with asagi, in the order of the layers.
    pub fn standard_names() -> impl Iterator<Item = &'static str> {
        STANDARD.iter().map(|(name, _)| *name)
    }

    /// The tests that every layer's recipe ends with. They count towards the twenty components of a recipe.
    pub fn tests() -> impl Iterator<Item = Self> {
        SHIPPED.iter().skip(STANDARD.len()).cloned()
    }

    /// Whether it came with asagi, just as it is.
    pub fn is_shipped(&self) -> bool {
        SHIPPED.contains(self)
    }

    fn shipped(name: &str, document: &str) -> Self {
        Self {
            name: name.to_owned(),
            document: document.to_owned(),
            version: content_version(Self::STANDARD_VERSION, [document]),
        }
    }
}

/// `major.minor` and a third number that follows from the content: the same content has the same version, any other
/// another. It says nothing of which is newer. A third number of the version itself is left out.
pub fn content_version<'a>(version: &str, content: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in content {
        // The length first, so that no two lists of parts read the same.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let number = digest.iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    let mut nodes = version.split('.');
    let mut node = || nodes.next().filter(|node| !node.is_empty()).unwrap_or("0");
    format!("{}.{}.{}", node(), node(), number >> (u32::BITS - VERSION_BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Image Builder takes no longer text in a template.
    /// <https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateComponent.html>
    const DATA_LIMIT: usize = 16_000;

    #[test]
    fn every_component_is_a_document_that_image_builder_takes() {
        for (name, document) in STANDARD.into_iter().chain(TESTS) {
            assert!(document.chars().count() <= DATA_LIMIT, "{name} is too long");
            let parsed: serde_json::Value =
                serde_yaml::from_str(document).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(parsed["name"], name);
            assert_eq!(parsed["schemaVersion"], 1.0, "{name}");
            assert!(parsed["description"].as_str().is_some_and(|text| text.len() <= 1024), "{name}");
            let phases: Vec<&str> = parsed["phases"]
                .as_array()
                .unwrap()
                .iter()
                .map(|phase| phase["name"].as_str().unwrap())
                .collect();
            let tested = if name.starts_with("test-") {
                phases == ["test"]
            } else {
                phases.starts_with(&["build", "validate"])
            };
            assert!(tested, "{name} has the phases {phases:?}");
        }
    }

    #[test]
    fn steps_have_unique_names_and_known_actions() {
        const ACTIONS: [&str; 4] = ["CreateFile", "ExecuteBash", "Reboot", "S3Download"];
        for (name, document) in STANDARD.into_iter().chain(TESTS) {
            let parsed: serde_json::Value = serde_yaml::from_str(document).unwrap();
            for phase in parsed["phases"].as_array().unwrap() {
                let steps = phase["steps"].as_array().unwrap();
                let mut names: Vec<&str> = steps.iter().map(|step| step["name"].as_str().unwrap()).collect();
                names.sort_unstable();
                names.dedup();
                assert_eq!(names.len(), steps.len(), "{name}: {names:?}");
                for step in steps {
                    assert!(
                        ACTIONS.contains(&step["action"].as_str().unwrap()),
                        "{name}: {}",
                        step["action"]
                    );
                }
            }
        }
    }

    #[test]
    fn a_version_follows_from_the_content() {
        let version = content_version("1.0", ["a", "bc"]);
        assert_eq!(version, content_version("1.0.7", ["a", "bc"]));
        assert_ne!(version, content_version("1.0", ["ab", "c"]), "parts keep their borders");
        assert_ne!(version, content_version("1.1", ["a", "bc"]));
        let patch: u32 = version.strip_prefix("1.0.").unwrap().parse().unwrap();
        assert!(patch < 1 << VERSION_BITS, "{version}");
    }

    #[test]
    fn standard_components_are_found_by_name() {
        assert!(Component::standard_names().all(|name| Component::standard(name).is_some()));
        assert_eq!(Component::standard("falcon"), None);
    }
}
