//! The standard components that specs call by name.

/// Name and Image Builder document of every standard component, by name.
const STANDARD: [(&str, &str); 12] = [
    ("apache", include_str!("../../templates/components/apache.yaml")),
    ("app-artifact", include_str!("../../templates/components/app-artifact.yaml")),
    ("cis", include_str!("../../templates/components/cis.yaml")),
    ("cloudwatch-agent", include_str!("../../templates/components/cloudwatch-agent.yaml")),
    ("java-17", include_str!("../../templates/components/java-17.yaml")),
    ("nginx", include_str!("../../templates/components/nginx.yaml")),
    ("os-patches", include_str!("../../templates/components/os-patches.yaml")),
    ("ssm-agent", include_str!("../../templates/components/ssm-agent.yaml")),
    ("test-boot", include_str!("../../templates/components/test-boot.yaml")),
    ("test-connectivity", include_str!("../../templates/components/test-connectivity.yaml")),
    ("test-security", include_str!("../../templates/components/test-security.yaml")),
    ("tomcat-10", include_str!("../../templates/components/tomcat-10.yaml")),
];

/// The document of the standard component of that name.
pub fn standard_component(name: &str) -> Option<&'static str> {
    STANDARD.iter().find(|(known, _)| *known == name).map(|(_, document)| *document)
}

/// The names there are.
pub(super) fn names() -> Vec<&'static str> {
    STANDARD.iter().map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_is_a_document_of_its_name() {
        let mut sorted = names();
        sorted.sort_unstable();
        assert_eq!(sorted, names());
        for (name, document) in STANDARD {
            assert!(document.contains("schemaVersion: 1.0"), "{name}");
            assert!(document.contains(&format!("name: {name}\n")), "{name}");
            assert!(document.len() <= 16_000, "{name}");
        }
    }
}
