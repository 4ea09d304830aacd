//! Image Builder: a new pipeline, or one with a new recipe, builds its image a while later and writes the parameters
//! that its distribution configuration names.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Deployed, World, later, text};
use crate::cloud::local::ids;

/// How long a build takes, in seconds: 25 minutes. Plausible, not AWS's.
const BUILD_SECONDS: u64 = 1_500;

/// An image pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pipeline {
    pub(crate) recipe: String,
    /// ARN of the distribution configuration.
    pub(crate) distribution: String,
    /// When the running build ends.
    pub(crate) ready: Option<Timestamp>,
    pub(crate) builds: u64,
}

impl World {
    pub(super) fn put_distribution(&mut self, resource: &Deployed<'_>) {
        let listed = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
        let names: Vec<String> = listed(resource.get("Distributions"))
            .iter()
            .flat_map(|distribution| listed(distribution.get("SsmParameterConfigurations")))
            .filter_map(|configuration| text(configuration.get("ParameterName")))
            .collect();
        self.distributions.insert(resource.physical_id.to_owned(), names);
    }

    pub(super) fn put_pipeline(&mut self, resource: &Deployed<'_>) {
        let part = |property: &str| text(resource.get(property)).unwrap_or_default();
        let ready = later(self.now, BUILD_SECONDS);
        let recipe = part("ImageRecipeArn");
        let pipeline = self.pipelines.entry(resource.physical_id.to_owned()).or_insert_with(|| Pipeline {
            recipe: String::new(),
            distribution: String::new(),
            ready: None,
            builds: 0,
        });
        if pipeline.recipe != recipe {
            pipeline.ready = Some(ready);
        }
        pipeline.recipe = recipe;
        pipeline.distribution = part("DistributionConfigurationArn");
    }

    pub(super) fn images_due(&self) -> impl Iterator<Item = Timestamp> {
        self.pipelines.values().filter_map(|pipeline| pipeline.ready)
    }

    pub(super) fn build_images(&mut self) {
        let now = self.now;
        let mut written = Vec::new();
        for (arn, pipeline) in &mut self.pipelines {
            if pipeline.ready.is_none_or(|ready| ready > now) {
                continue;
            }
            pipeline.ready = None;
            pipeline.builds += 1;
            let seed = format!("{arn} {} build {}", pipeline.recipe, pipeline.builds);
            let image = format!("ami-0{}", ids::hex(&seed, 16));
            let names = self.distributions.get(&pipeline.distribution).cloned().unwrap_or_default();
            written.extend(names.into_iter().map(|name| (name, image.clone())));
        }
        let by = format!(
            "arn:aws:sts::{}:assumed-role/AWSServiceRoleForImageBuilder/Ec2ImageBuilder",
            self.account
        );
        for (name, image) in written {
            self.put_parameter(&name, &image, &by);
        }
    }
}
