//! What people do past asagi: they move weights, write records, change sizes, and run change sets of their own.

use asagi::cfn::{ChangeSetType, CreateChangeSet, ParameterValue, RollbackConfiguration};
use asagi::cloud::CloudFormation;
use asagi::cloud::local::Fault;

use super::block;
use super::session::Session;

/// A change set is made, and executed, within these.
const SECONDS: std::time::Duration = std::time::Duration::from_secs(10);

impl Session {
    /// Everyone's weights as somebody moves them past CloudFormation: green's share.
    pub(crate) fn weights_by_hand(&mut self, green: u32) {
        let name = format!("{}-web-traffic", self.prefix);
        let traffic = block(self.cloud.local.describe_stack(&name)).unwrap().unwrap();
        let resources = block(self.cloud.local.describe_stack_resources(&name)).unwrap();
        let rule = resources.into_iter().find(|it| it.logical_id == "AllRule").and_then(|it| it.physical_id);
        let weights = [("BlueTargetGroupArn", 100 - green), ("GreenTargetGroupArn", green)];
        let weights = weights.map(|(output, weight)| (traffic.outputs[output].clone(), weight)).into();
        let fault = Fault::WeightsMoved { rule: rule.unwrap(), weights };
        self.inject(&format!("green gets {green} % by hand"), fault);
        self.cloud.forget();
    }

    /// The record as somebody writes it past CloudFormation.
    pub(crate) fn record_by_hand(&mut self) {
        let name = format!("{}-web-traffic", self.prefix);
        let traffic = block(self.cloud.local.describe_stack(&name)).unwrap().unwrap();
        let record = r#"{"v":1,"phase":"complete","from":"green","to":"blue"}"#;
        self.cloud.local.put_parameter(&traffic.outputs["RecordParameterName"], record).unwrap();
        self.say("! the record is written by hand");
    }

    /// Everyone's and all cohorts' weights by a change set of the traffic stack that is not asagi's: green's share. Nothing
    /// watches it, and the record stays what it was, unless one is given.
    pub(crate) fn shift_by_another_tool(&mut self, green: u32, record: Option<&str>) {
        let weight = |name: &str| match record {
            _ if name.ends_with("BlueWeight") => Some((100 - green).to_string()),
            _ if name.ends_with("GreenWeight") => Some(green.to_string()),
            Some(record) if name == "RolloutRecord" => Some(record.to_owned()),
            _ => None,
        };
        let done = self.by_another_tool("web-traffic", weight, |_| {});
        self.say(&format!("! another tool gives green {green} %{}", done.err().unwrap_or_default()));
        self.cloud.forget();
    }

    /// Texts of a stack's template by a change set that is not asagi's.
    pub(crate) fn edit_by_another_tool(&mut self, stack: &str, edits: &[(&str, &str)]) {
        let mut template = block(self.cloud.local.get_template(&format!("{}-{stack}", self.prefix))).unwrap();
        for (from, to) in edits {
            assert!(template.contains(from), "`{from}` in {template}");
            template = template.replace(from, to);
        }
        let done = self.by_another_tool(stack, |_| None, |request| request.template = Some(template));
        self.say(&format!("! another tool edits {stack}{}", done.err().unwrap_or_default()));
    }

    /// Where a stack stands.
    pub(crate) fn look_at_stack(&mut self, stack: &str) {
        let found = block(self.cloud.local.describe_stack(&format!("{}-{stack}", self.prefix))).unwrap();
        let status = found.map_or("absent".to_owned(), |stack| stack.status.to_string());
        self.say(&format!("{}  {stack} is {status}", self.clock()));
    }

    /// What the var file of a phase of the rendered Sceptre project makes of the traffic stack, from blue to green.
    pub(crate) fn shift_by_sceptre(&mut self, phase: &str) {
        let loaded = self.loaded();
        let files = asagi::artifact::files(&loaded.environment, &loaded.graph, "").unwrap();
        let is_it =
            |path: &str| path.contains("/blue-to-green/") && path.ends_with(&format!("-{phase}.yaml"));
        let vars = files.into_iter().find(|it| is_it(&it.path)).unwrap();
        let file = vars.path.rsplit('/').next().unwrap_or_default().to_owned();
        let text = String::from_utf8(vars.bytes).unwrap();
        let said = |name: &str| {
            let key = format!("\"{name}\": ");
            let line = text.lines().find_map(|line| line.trim().strip_prefix(&key))?;
            Some(serde_json::from_str::<String>(line).unwrap())
        };
        let done = self.by_another_tool("web-traffic", said, |_| {});
        self.say(&format!("! sceptre launch, with {file}{}", done.err().unwrap_or_default()));
    }

    /// A change set of a stack that is not asagi's, executed, and some seconds.
    fn by_another_tool(
        &self,
        stack: &str,
        value: impl Fn(&str) -> Option<String>,
        edit: impl FnOnce(&mut CreateChangeSet),
    ) -> Result<(), String> {
        let local = &self.cloud.local;
        let found = block(local.describe_stack(&format!("{}-{stack}", self.prefix))).unwrap().unwrap();
        let settled = |name: &String| {
            let value = value(name).map_or(ParameterValue::Previous, ParameterValue::Value);
            (name.clone(), value)
        };
        let token = format!("another-tool-{}", self.clock().replace([':', ' '], "-"));
        let mut request = CreateChangeSet {
            stack_name: found.name.clone(),
            name: token.clone(),
            kind: ChangeSetType::Update,
            template: None,
            template_bucket: None,
            revert_drift: false,
            parameters: found.parameters.keys().map(settled).collect(),
            tags: found.tags.clone(),
            notification_topics: found.notification_topics.clone(),
            capabilities: vec!["CAPABILITY_NAMED_IAM".to_owned()],
            rollback_configuration: RollbackConfiguration::default(),
            role_arn: None,
            description: "by hand".to_owned(),
            client_token: token.clone(),
        };
        edit(&mut request);
        let told = |error: asagi::cloud::CloudError| format!(": {error}");
        let id = block(local.create_change_set(&request)).map_err(told)?;
        local.advance(SECONDS).map_err(told)?;
        block(local.execute_change_set(&id, &token)).map_err(told)?;
        local.advance(SECONDS).map_err(told)
    }
}
