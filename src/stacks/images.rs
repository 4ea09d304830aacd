//! The images stacks, one a layer and role, in the environment that owns the images: what is built, from what, how it
//! is tested, handed out and kept.

use serde::Serialize;
use serde_json::Value;

use super::draft::Draft;
use super::graph::StackKind;
use super::kept::Kept;
use super::{foundation, names, network, notifications};
use crate::model::{
    Architecture, Component, Environment, Images, Layer, LayerKind, ParentImage, Retain, Role, RootVolume,
    content_version,
};

const SOURCE: &str = include_str!("../../templates/stacks/images.yaml.j2");

/// What Image Builder replaces by the time of the build. minijinja has the same braces, so it comes as a value.
const BUILD_DATE: &str = "{{ imagebuilder:buildDate }}";

/// The parameter by which a component asks for the layer's artifact.
const ARTIFACT_PARAMETER: &str = "ArtifactUri";

/// The component that installs an artifact for which no other one asks.
const ARTIFACT_COMPONENT: &str = "app-artifact";

#[derive(Serialize)]
struct Context<'a> {
    /// `idhub-40-web-app`: name of recipe, pipeline and all that belongs to them.
    image: String,
    layer: &'static str,
    role: &'a str,
    project: &'a str,
    version: &'a str,
    recipe_version: String,
    ami_name: String,
    components: Vec<Step<'a>>,
    parent: Parent,
    below: bool,
    root: Root<'a>,
    instance_type: &'a str,
    tags: Vec<Tag<'a>>,
    consumers: Vec<&'a str>,
    registry: String,
    schedule: String,
    timezone: &'a str,
    retention: Kept,
    retain: Keep,
    /// `bucket/key` of the artifact.
    artifact: Option<&'a str>,
}

/// A component in its recipe.
#[derive(Serialize)]
struct Step<'a> {
    id: String,
    full_name: String,
    description: String,
    version: String,
    document: String,
    /// The artifact, where the component asks for it.
    artifact: Option<&'a str>,
}

/// `sub`: the text has `${AWS::Region}` in it.
#[derive(Serialize)]
struct Parent {
    text: String,
    sub: bool,
}

#[derive(Serialize)]
struct Root<'a> {
    device: &'a str,
    size: u32,
}

#[derive(Serialize)]
struct Tag<'a> {
    key: &'a str,
    value: &'a str,
}

#[derive(Serialize, Default)]
struct Keep {
    generations: Option<u32>,
    days: Option<u32>,
    at_least: Option<u32>,
}

/// Key of a layer's stack, `web-images-base`.
pub(super) fn key(role: &Role, layer: LayerKind) -> String {
    format!("{}-images-{}", role.name, layer.as_str())
}

/// Where the registry's parameters lie.
pub(super) fn registry(environment: &Environment) -> String {
    format!("/{}/images", environment.project)
}

/// Accounts other than this one that may launch the images: of a role, or of any.
pub(super) fn consumers<'a>(environment: &'a Environment, role: Option<&'a Role>) -> Vec<&'a str> {
    let roles = environment.roles.iter().filter(|each| role.is_none_or(|role| each.name == role.name));
    let shared = roles.filter_map(|role| role.images.as_ref()).flat_map(|images| &images.share);
    let mut accounts: Vec<&str> = Vec::new();
    for account in environment.image_consumers.iter().chain(shared) {
        if *account != environment.account && !accounts.contains(&account.as_str()) {
            accounts.push(account);
        }
    }
    accounts
}

/// The stacks of every role, in the environment that owns the images; none elsewhere.
pub(super) fn drafts(environment: &Environment) -> Vec<Draft> {
    if !environment.owns_images() {
        return Vec::new();
    }
    let images = environment.roles.iter().filter_map(|role| Some((role, role.images.as_ref()?)));
    images
        .flat_map(|(role, images)| LayerKind::ALL.map(|layer| draft(environment, role, images, layer)))
        .collect()
}

fn draft(environment: &Environment, role: &Role, images: &Images, layer: LayerKind) -> Draft {
    let kind = StackKind::Images { role: role.name.clone(), layer };
    let mut draft = Draft::new(key(role, layer), kind, "images", context(environment, role, images, layer))
        .output(names::IMAGE_KEY_ARN, foundation::KEY, names::IMAGE_KEY_ARN)
        .output("ExecutionRoleArn", foundation::KEY, names::IMAGE_EXECUTION_ROLE_ARN);
    draft = notifications::topic(network::private_subnets(network::vpc(draft, environment), environment));
    // The parent's registry parameter is written by the pipeline below.
    match images.layer(layer).parent {
        ParentImage::Below(below) => draft.after(&key(role, below)),
        ParentImage::Managed(_) | ParentImage::Ami(_) => draft,
    }
}

fn context<'a>(
    environment: &'a Environment,
    role: &'a Role,
    images: &'a Images,
    kind: LayerKind,
) -> Context<'a> {
    let layer = images.layer(kind);
    let image = format!("{}-{}-{}", environment.project, role.name, kind.short());
    let components = steps(&image, layer);
    let parent = parent(environment, role, images, &layer.parent);
    Context {
        layer: kind.as_str(),
        role: &role.name,
        project: &environment.project,
        version: &layer.version,
        recipe_version: recipe_version(layer, &components, &parent, &role.instances.root_volume),
        ami_name: format!("{image}-v{}-{BUILD_DATE}", layer.version),
        components,
        below: matches!(layer.parent, ParentImage::Below(_)),
        parent,
        root: Root { device: &role.instances.root_volume.device, size: role.instances.root_volume.size },
        instance_type: &images.build.instance_type,
        tags: tags(environment),
        consumers: consumers(environment, Some(role)),
        registry: names::registry_parameter(&environment.project, &role.name, layer),
        schedule: schedule(images, kind),
        timezone: &images.build.timezone,
        retention: environment.retention.into(),
        retain: keep(&images.retain),
        artifact: layer.artifact.as_deref().map(|uri| uri.strip_prefix("s3://").unwrap_or(uri)),
        image,
    }
}

/// The layer's components in their order, something that installs its artifact, and the tests.
fn steps<'a>(image: &str, layer: &'a Layer) -> Vec<Step<'a>> {
    let asked_for = layer.components.iter().any(|component| asks_for_artifact(&component.document));
    let installer =
        layer.artifact.as_ref().filter(|_| !asked_for).and_then(|_| Component::standard(ARTIFACT_COMPONENT));
    let all = installer.into_iter().chain(layer.components.iter().cloned()).chain(Component::tests());
    all.map(|component| Step {
        id: format!("{}Component", names::logical(&component.name)),
        full_name: format!("{image}-{}", component.name),
        description: format!("{} in {image}", component.name),
        artifact: layer.artifact.as_deref().filter(|_| asks_for_artifact(&component.document)),
        version: content_version(&component.version, [component.version.as_str(), form()]),
        document: component.document,
    })
    .collect()
}

/// Whether a component document has the parameter for the artifact.
fn asks_for_artifact(document: &str) -> bool {
    if !document.contains(ARTIFACT_PARAMETER) {
        return false;
    }
    let parsed: Value = serde_yaml::from_str(document).unwrap_or_default();
    let parameters = parsed.get("parameters").and_then(Value::as_array);
    parameters.is_some_and(|all| all.iter().any(|parameter| parameter.get(ARTIFACT_PARAMETER).is_some()))
}

/// The part of the template that writes components and recipe. What it says of them itself goes into their versions
/// too, or a template that changed would ask for another content under a version that is taken.
fn form() -> &'static str {
    SOURCE.split_once("\n  Infrastructure:").map_or(SOURCE, |(form, _)| form)
}

/// A recipe cannot be changed, so its version follows from all that goes into it.
fn recipe_version(layer: &Layer, steps: &[Step<'_>], parent: &Parent, root: &RootVolume) -> String {
    let size = root.size.to_string();
    let mut content = vec![form(), layer.recipe_version.as_str(), &parent.text, &root.device, &size];
    for step in steps {
        content.extend([step.full_name.as_str(), &step.version, step.artifact.unwrap_or_default()]);
    }
    content_version(&layer.version, content)
}

fn parent(environment: &Environment, role: &Role, images: &Images, parent: &ParentImage) -> Parent {
    let text = match parent {
        ParentImage::Below(below) => {
            let layer = images.layer(*below);
            format!("ssm:{}", names::registry_parameter(&environment.project, &role.name, layer))
        }
        ParentImage::Ami(id) => id.clone(),
        ParentImage::Managed(name) => {
            let image = format!("{name}-{}", architecture(role.instances.architecture));
            let text =
                format!("arn:${{AWS::Partition}}:imagebuilder:${{AWS::Region}}:aws:image/{image}/x.x.x");
            return Parent { text, sub: true };
        }
    };
    Parent { text, sub: false }
}

/// How the names of Amazon's managed images end.
fn architecture(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::X86_64 => "x86",
        Architecture::Arm64 => "arm64",
    }
}

fn schedule(images: &Images, kind: LayerKind) -> String {
    let [base, middleware, application] = &images.build.schedules;
    let expression = match kind {
        LayerKind::Base => base,
        LayerKind::Middleware => middleware,
        LayerKind::Application => application,
    };
    if expression.contains('(') { expression.clone() } else { format!("cron({expression})") }
}

fn keep(retain: &Retain) -> Keep {
    match *retain {
        Retain::Generations(generations) => Keep { generations: Some(generations), ..Keep::default() },
        Retain::Days { days, at_least } => {
            Keep { days: Some(days), at_least: Some(at_least), ..Keep::default() }
        }
    }
}

/// The environment's tags; those that say what an image is are the template's own.
fn tags(environment: &Environment) -> Vec<Tag<'_>> {
    const OWN: [&str; 5] = ["Project", "Role", "Layer", "Version", "RecipeVersion"];
    let tags = environment.tags.iter().filter(|(key, _)| !OWN.contains(&key.as_str()));
    tags.map(|(key, value)| Tag { key, value }).collect()
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;
    use crate::model::example;
    use crate::stacks::RenderedStack;

    fn stack(environment: &Environment, key: &str) -> RenderedStack {
        let draft = drafts(environment).into_iter().find(|draft| draft.key == key);
        let draft = draft.unwrap_or_else(|| panic!("no stack {key}"));
        draft.render(environment).unwrap_or_else(|error| panic!("{error}"))
    }

    fn properties(stack: &RenderedStack, id: &str) -> Value {
        Value::Object(stack.template.resources[id].properties.clone())
    }

    fn with_images(change: impl FnOnce(&mut Images)) -> Environment {
        let mut environment = example::poc();
        change(environment.roles[0].images.as_mut().unwrap());
        environment
    }

    #[test]
    fn images_are_named_by_their_build() {
        let stack = stack(&example::poc(), "web-images-application");
        let distribution = &properties(&stack, "Distribution")["Distributions"][0];
        let name = &distribution["AmiDistributionConfiguration"]["Name"];
        assert_eq!(name, "idhub-40-web-app-v1.6-{{ imagebuilder:buildDate }}");
        let registry = &distribution["SsmParameterConfigurations"][0]["ParameterName"];
        assert_eq!(registry, "/idhub-40/images/web/application/1.6");
    }

    #[test]
    fn each_layer_is_built_on_what_the_layer_below_registered() {
        let environment = example::poc();
        let parent = |key: &str| properties(&stack(&environment, key), "Recipe")["ParentImage"].to_string();
        assert!(parent("web-images-base").contains(":aws:image/amazon-linux-2023-x86/x.x.x"));
        assert_eq!(parent("web-images-middleware"), r#""ssm:/idhub-40/images/web/base/1.0""#);
        assert_eq!(parent("web-images-application"), r#""ssm:/idhub-40/images/web/middleware/2.3""#);
        let after = stack(&environment, "web-images-application").depends_on;
        assert!(after.contains(&"web-images-middleware".to_owned()), "{after:?}");
    }

    #[test]
    fn whatever_goes_into_a_recipe_moves_its_version() {
        let version = |environment: &Environment| {
            properties(&stack(environment, "web-images-application"), "Recipe")["Version"].to_string()
        };
        let before = version(&example::poc());
        assert!(before.starts_with("\"1.6."), "{before}");
        let changed = [
            with_images(|images| images.application.components[0].version = "1.0.9".to_owned()),
            with_images(|images| {
                images.application.artifact = Some("s3://idhub-artifacts/other.war".to_owned())
            }),
            with_images(|images| images.middleware.version = "2.4".to_owned()),
            with_images(|images| images.application.components.clear()),
        ];
        for environment in changed {
            assert_ne!(version(&environment), before);
        }
        // Where and when it is built changes no image.
        assert_eq!(
            version(&with_images(|images| images.build.instance_type = "m7i.large".to_owned())),
            before
        );
    }

    #[test]
    fn the_artifact_reaches_the_component_that_asks_for_it() {
        let shipped = stack(&example::poc(), "web-images-application");
        let first = &properties(&shipped, "Recipe")["Components"][0]["Parameters"][0];
        assert_eq!(first["Value"][0], "s3://idhub-artifacts/web-1.6.war");
        assert!(shipped.text.contains("  AppArtifactComponent:\n"), "{}", shipped.text);

        let document =
            "name: own\nschemaVersion: 1.0\nparameters:\n  - ArtifactUri:\n      type: string\nphases: []\n";
        let own = with_images(|images| images.application.components[0].document = document.to_owned());
        let text = stack(&own, "web-images-application").text;
        assert!(!text.contains("AppArtifactComponent") && text.contains("Name: ArtifactUri"), "{text}");
    }

    #[test]
    fn hostile_tags_stay_text() {
        let tags = [
            ("\"}\n  Evil: {Type: x", "${AWS::AccountId}\n- !Ref Topic"),
            ("{{ 7 * 7 }}", "{% raw %}"),
            ("Role", "root"),
        ];
        let tags: IndexMap<String, String> =
            tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let environment = Environment { tags: tags.clone(), ..example::poc() };
        let stack = stack(&environment, "web-images-base");
        let distribution = &properties(&stack, "Distribution")["Distributions"][0];
        let written = &distribution["AmiDistributionConfiguration"]["AmiTags"];
        for (key, value) in tags.iter().filter(|(key, _)| *key != "Role") {
            assert_eq!(written[key], **value, "{}", stack.text);
        }
        assert_eq!(written["Role"], "web", "what an image is stays asagi's to say");
    }

    #[test]
    fn images_are_kept_by_number_or_by_age() {
        let filter = |environment: &Environment| {
            properties(&stack(environment, "web-images-base"), "Retention")["PolicyDetails"][0]["Filter"]
                .to_string()
        };
        assert_eq!(filter(&example::poc()), r#"{"Type":"COUNT","Value":10}"#);
        let by_age = with_images(|images| images.retain = Retain::Days { days: 30, at_least: 3 });
        assert_eq!(filter(&by_age), r#"{"Type":"AGE","Value":30,"Unit":"DAYS","RetainAtLeast":3}"#);
    }

    #[test]
    fn only_the_owner_builds() {
        assert_eq!(drafts(&example::poc()).len(), 3);
        assert!(drafts(&example::prod()).is_empty());
    }
}
