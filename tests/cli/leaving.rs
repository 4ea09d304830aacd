//! Order from what is deployed, stacks that leave the spec, and environments that go: what every command says of them.

use std::fs;

use crate::repository::Repository;

const SPEC: &str = r#"asagi: v1
project: shop
environment: dev
account: "111122223333"
region: ap-northeast-1
retention: delete
network:
  vpc: vpc-0f1e2d3c4b5a69780
  subnets:
    public: [subnet-0f1e2d3c4b5a697a1, subnet-0f1e2d3c4b5a697c1]
    private: [subnet-0f1e2d3c4b5a697a2, subnet-0f1e2d3c4b5a697c2]
loadBalancer:
  scheme: internal
  certificate: arn:aws:acm:ap-northeast-1:111122223333:certificate/7d1f0c9e-5e0a-4c5b-bb55-1c2f4b7b9e03
notifications: { email: [shop@example.co.jp] }
roles:
  web:
    instances: { type: t3.small, capacity: { min: 2, max: 4 } }
    targetGroup: { port: 80, healthCheck: { path: /, interval: 10, healthy: 2 }, deregistrationDelay: 30 }
    routes:
      - { name: all, priority: 100, paths: ["/*"] }
    alarms:
      - { metric: cpu, critical: 90, for: 5m }
      - { metric: error-rate, critical: 5, for: 5m }
    rollout: { strategy: blue-green, hold: 10m, minRequests: 20 }
    release: { ami: ami-0a1b2c3d4e5f60718 }
"#;

const QUEUE: &str = "Resources: { Queue: { Type: AWS::SQS::Queue } }\n";
const GROUP: &str =
    "{ Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: own, VpcId: vpc-0f1e2d3c4b5a69780 } }";
const SUBNET: &str = "subnet-0f1e2d3c4b5a697a2";

/// A repository with those own stacks, each with its template, and with the lines that the spec has of them.
struct Story {
    repository: Repository,
}

impl Story {
    fn new(stacks: &str, templates: &[(&str, &str)]) -> Self {
        let story = Self { repository: Repository::new() };
        story.spec(stacks, templates);
        story
    }

    /// The spec has these stacks now, and they have these templates.
    fn spec(&self, stacks: &str, templates: &[(&str, &str)]) {
        let stacks = if stacks.is_empty() { String::new() } else { format!("stacks:\n{stacks}") };
        self.repository.write("environments/dev.yaml", &format!("{SPEC}{stacks}"));
        for (name, text) in templates {
            self.repository.write(&format!("environments/stacks/{name}.yaml"), text);
        }
    }

    /// What it says, both streams, and how it ends.
    fn tell(&self, command: &[&str]) -> (String, i32) {
        let mut program = self.repository.asagi(command);
        let start = "2026-11-16T02:00:00+09:00";
        let program = program.env("ASAGI_TARGET", "local").env("ASAGI_LOCAL_START", start);
        let output = program.env("TZ", "Asia/Tokyo").env("NO_COLOR", "1").output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (said, output.status.code().unwrap())
    }

    /// The same, which must end so; gives what it says.
    fn ends(&self, command: &[&str], code: i32) -> String {
        let (said, ended) = self.tell(command);
        assert_eq!(ended, code, "{command:?}: {said}");
        said
    }

    fn apply(&self) -> String {
        self.ends(&["apply", "dev", "--yes", "--wait", "0s"], 0)
    }

    /// The level at which a plan changes a stack.
    fn level(&self, stack: &str) -> u32 {
        let plan = self.ends(&["plan", "dev"], 0);
        let line = plan.lines().find(|line| line.contains(&format!("~ shop-dev-{stack} ")));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        number.unwrap_or_else(|| panic!("{stack}: {plan}"))
    }

    /// What goes wrong on the target from now on.
    fn fault(&self, fault: &str) {
        let path = ".asagi/local/111122223333/ap-northeast-1/world.json";
        let mut world: serde_json::Value = serde_json::from_str(&self.repository.read(path)).unwrap();
        world["faults"] = serde_json::from_str(fault).unwrap();
        self.repository.write(path, &world.to_string());
    }

    fn change_sets(&self) -> usize {
        let journal = self.repository.path(".asagi/journal/shop-dev.jsonl");
        fs::read_to_string(journal).unwrap_or_default().lines().count()
    }
}

#[test]
fn a_first_creation_that_failed_is_told_as_missing_and_mended() {
    let story = Story::new("", &[]);
    story.apply();
    story.spec("  own: { template: ./stacks/own.yaml }\n", &[("own", QUEUE)]);
    story.fault(
        r#"[{"resourceFails":{"stack":"shop-dev-own","logicalId":"Queue","reason":"limit exceeded","times":1}}]"#,
    );
    let failed = story.ends(&["apply", "dev", "--yes", "--wait", "0s"], 1);
    assert!(failed.contains("delete what is left of it with `asagi mend dev`"), "{failed}");
    let diff = story.ends(&["diff", "dev", "--detailed-exitcode"], 2);
    assert!(diff.contains("shop-dev-own (new stack): 1 to add"), "{diff}");
    assert!(
        diff.contains("shop-dev-own is ROLLBACK_COMPLETE: its creation failed; `asagi mend dev`"),
        "{diff}"
    );
    story.ends(&["mend", "dev", "--yes"], 0);
    story.apply();
    story.ends(&["diff", "dev", "--detailed-exitcode"], 0);
}

/// By a parameter, by an import, by `Fn::GetStackOutput`: whoever uses it lets go before it is removed.
#[test]
fn a_consumer_lets_go_before_the_producer_removes() {
    let gives = |export: &str| {
        format!(
            "Resources: {{ Group: {GROUP}, Other: {{ Type: AWS::SQS::Queue }} }}\nOutputs:\n  Group: {{ Value: !GetAtt Group.GroupId{export} }}\n"
        )
    };
    let takes = |value: &str| {
        format!(
            "Resources:\n  Card: {{ Type: AWS::EC2::NetworkInterface, Properties: {{ SubnetId: {SUBNET}, GroupSet: [{value}] }} }}\n"
        )
    };
    let parameter = format!("Parameters: {{ Group: {{ Type: String }} }}\n{}", takes("!Ref Group"));
    let import = takes("!ImportValue shop-group");
    let both = "  alpha: { template: ./stacks/alpha.yaml }\n  bravo: { template: ./stacks/bravo.yaml";
    let fed = format!("{both}, parameters: {{ Group: {{ output: alpha.Group }} }} }}\n");
    let plain = format!("{both} }}\n");
    let own = format!(
        "Resources:\n  Group: {GROUP}\n{}",
        takes("!GetAtt Group.GroupId").replace("Resources:\n", "")
    );
    for (spec, export, before) in
        [(&fed, "", &parameter), (&plain, ", Export: { Name: shop-group }", &import)]
    {
        let story = Story::new(spec, &[("alpha", &gives(export)), ("bravo", before)]);
        story.apply();
        story.spec(&plain, &[("alpha", QUEUE), ("bravo", &own)]);
        assert!(story.level("bravo") < story.level("alpha"), "{export}");
        let told = story.apply();
        let (bravo, alpha) = ("UPDATE_COMPLETE shop-dev-bravo", "UPDATE_COMPLETE shop-dev-alpha");
        assert!(told.find(bravo).unwrap() < told.find(alpha).unwrap(), "{told}");
        story.ends(&["plan", "dev", "--detailed-exitcode"], 0);
    }
}

#[test]
fn a_value_that_is_the_same_by_chance_makes_no_order() {
    let named = "Parameters: { Name: { Type: String, Default: production } }\nResources: { Queue: { Type: AWS::SQS::Queue } }\nOutputs: { Name: { Value: !Ref Name } }\n";
    let spec = "  alpha: { template: ./stacks/own.yaml }\n  bravo: { template: ./stacks/own.yaml }\n";
    let story = Story::new(spec, &[("own", named)]);
    story.apply();
    story.spec(
        spec,
        &[(
            "own",
            &named
                .replace("Outputs", "  Other: { Type: AWS::SNS::Topic }\nOutputs")
                .replace(
                    "Resources: { Queue: { Type: AWS::SQS::Queue } }",
                    "Resources:\n  Queue: { Type: AWS::SQS::Queue }",
                )
                .replace("production", "staging-2"),
        )],
    );
    assert_eq!(story.level("alpha"), story.level("bravo"));
}

#[test]
fn opposite_orders_are_told_before_any_call() {
    let gives = |id: &str| {
        format!("Resources: {{ {id}: {GROUP} }}\nOutputs: {{ {id}: {{ Value: !GetAtt {id}.GroupId }} }}\n")
    };
    let takes = format!(
        "Parameters: {{ Group: {{ Type: String }} }}\nResources:\n  Card: {{ Type: AWS::EC2::NetworkInterface, Properties: {{ SubnetId: {SUBNET}, GroupSet: [!Ref Group] }} }}\n"
    );
    let spec = |output: &str| {
        format!(
            "  alpha: {{ template: ./stacks/alpha.yaml }}\n  bravo: {{ template: ./stacks/bravo.yaml, parameters: {{ Group: {{ output: alpha.{output} }} }} }}\n"
        )
    };
    let story = Story::new(&spec("One"), &[("alpha", &gives("One")), ("bravo", &takes)]);
    story.apply();
    let before = story.change_sets();
    story.spec(&spec("Two"), &[("alpha", &gives("Two"))]);
    for command in [&["plan", "dev"][..], &["apply", "dev", "--yes"]] {
        let said = story.ends(command, 1);
        assert!(
            said.contains("bravo comes before alpha, since shop-dev-bravo uses One of shop-dev-alpha"),
            "{said}"
        );
        assert!(said.contains("make two commits of it"), "{said}");
    }
    assert_eq!(story.change_sets(), before, "nothing was called");
}

#[test]
fn a_stack_that_leaves_the_spec_is_told_by_every_command() {
    let spec = "  alpha: { template: ./stacks/own.yaml }\n  bravo: { template: ./stacks/own.yaml }\n";
    let story = Story::new(spec, &[("own", QUEUE)]);
    story.apply();
    story.spec("  alpha: { template: ./stacks/own.yaml }\n", &[]);
    let told = "shop-dev-bravo is deployed and no longer in the spec: `asagi apply dev --prune` removes it";
    for (command, code) in [
        (&["plan", "dev"][..], 0),
        (&["plan", "dev", "--detailed-exitcode"], 2),
        (&["diff", "dev", "--detailed-exitcode"], 2),
        (&["diff", "dev", "--format", "markdown"], 0),
        (&["status", "dev"], 0),
        (&["apply", "dev", "--yes"], 0),
    ] {
        let said = story.ends(command, code);
        assert!(said.contains(told) && !said.contains("nothing to do"), "{command:?}: {said}");
    }
    let json = story.ends(&["diff", "dev", "--format", "json"], 0);
    assert!(json.contains("\"shop-dev-bravo\""), "{json}");
    // A plan that removes it is kept as one, and run as one.
    let hint = story.ends(&["plan", "dev", "--prune", "--out", "dev.plan"], 0);
    assert!(hint.contains("`asagi apply dev.plan --prune` runs that or nothing"), "{hint}");
    let stale = story.ends(&["apply", "dev.plan", "--yes"], 4);
    assert!(stale.contains("the plan of that file removes stacks that left the spec"), "{stale}");
    let said = story.ends(&["apply", "dev.plan", "--yes", "--prune"], 0);
    assert!(
        said.contains("DELETE_COMPLETE shop-dev-bravo") || said.contains("shop-dev-bravo is removed"),
        "{said}"
    );
    story.ends(&["diff", "dev", "--detailed-exitcode"], 0);
    assert!(story.ends(&["plan", "dev", "--prune"], 0).contains("nothing to do"));
}

/// A name and tags alone do not make a stack asagi's.
#[test]
fn what_no_run_of_asagi_made_is_left_alone() {
    let spec = "  alpha: { template: ./stacks/own.yaml }\n";
    let story = Story::new(spec, &[("own", QUEUE)]);
    story.apply();
    // Another environment of the project has the same beginning.
    story.spec("", &[]);
    let other =
        story.repository.read("environments/dev.yaml").replace("environment: dev", "environment: dev-two");
    story.repository.write("environments/dev-two.yaml", &other);
    story.ends(&["apply", "dev-two", "--yes", "--wait", "0s"], 0);
    let said = story.ends(&["apply", "dev", "--yes", "--prune"], 0);
    assert!(said.contains("shop-dev-alpha") && !said.contains("dev-two"), "{said}");
    story.ends(&["plan", "dev-two", "--detailed-exitcode"], 0);
    // The same name and tags, by another tool.
    story.spec(spec, &[]);
    story.apply();
    story.spec("", &[]);
    let path = ".asagi/local/111122223333/ap-northeast-1/stacks/shop-dev-alpha.json";
    story.repository.write(path, &story.repository.read(path).replace("-by-", "-of-"));
    let alone =
        "shop-dev-alpha has the tags of this environment, is not in its spec, and no run of asagi made it";
    for command in [
        &["plan", "dev", "--detailed-exitcode"][..],
        &["apply", "dev", "--yes", "--prune"],
        &["status", "dev"],
    ] {
        let said = story.ends(command, 0);
        assert!(said.contains(alone) && !said.contains("is removed"), "{command:?}: {said}");
    }
    let listed = story.ends(&["destroy", "dev"], 5);
    assert!(listed.contains("shop-dev-alpha is left alone"), "{listed}");
    let taken = story.ends(&["apply", "dev", "--yes", "--prune", "--adopt", "shop-dev-alpha"], 0);
    assert!(taken.contains("shop-dev-alpha is removed"), "{taken}");
}

#[test]
fn an_environment_goes_in_reversed_order_and_asks_for_what_holds_data() {
    let table = "Resources:\n  Kept: { Type: AWS::SNS::Topic, DeletionPolicy: Retain }\n  Users:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]\n      KeySchema: [{ AttributeName: id, KeyType: HASH }]\n";
    let story = Story::new("  data: { template: ./stacks/data.yaml }\n", &[("data", table)]);
    story.apply();
    let refused = story.ends(&["destroy", "dev", "--yes"], 5);
    assert!(refused.contains("shop-dev-data/Users (AWS::DynamoDB::Table)"), "{refused}");
    assert!(refused.contains("stays in the account\n  AWS::SNS::Topic Kept of shop-dev-data"), "{refused}");
    let command = refused.lines().find_map(|line| line.split_once("`asagi destroy dev ")?.1.split_once('`'));
    let allowed: Vec<&str> = command.unwrap_or_else(|| panic!("{refused}")).0.split(' ').collect();
    let nobody = story.ends(&[&["destroy", "dev"][..], &allowed].concat(), 5);
    let told =
        "nobody agreed to destroy dev, 10 stacks in account 111122223333, ap-northeast-1: nothing was done";
    assert!(nobody.contains(told), "{nobody}");
    // Where nobody can read what a spec protects a person types the name; where there is none the stacks tell.
    story.repository.write("environments/dev.yaml", &format!("{SPEC}roles: [\n"));
    let nobody = story.ends(&[&["destroy", "dev", "--yes"][..], &allowed].concat(), 5);
    assert!(nobody.contains("a person types its name where this is asked"), "{nobody}");
    fs::remove_file(story.repository.path("environments/dev.yaml")).unwrap();
    let said = story.ends(&[&["destroy", "dev", "--yes"][..], &allowed].concat(), 0);
    let place =
        |stack: &str| said.find(&format!("{stack} is removed")).unwrap_or_else(|| panic!("{stack}: {said}"));
    let order = ["web-alarms", "web-blue", "web-traffic", "load-balancer", "security", "foundation"];
    let places: Vec<usize> = order.iter().map(|stack| place(&format!("shop-dev-{stack}"))).collect();
    assert!(places.is_sorted(), "{said}");
    story.repository.write("environments/dev.yaml", SPEC);
    let gone = story.ends(&["destroy", "dev", "--yes"], 0);
    assert!(gone.contains("nothing of it is in account 111122223333"), "{gone}");
}

#[test]
fn a_protected_environment_is_not_destroyed() {
    let story = Story::new("", &[]);
    story.apply();
    let locked = SPEC.replace("scheme: internal", "scheme: internal\n  deletionProtection: true");
    let protected =
        locked.replace("roles:\n", "protection: { approval: manual, termination: true }\nroles:\n");
    story.repository.write("environments/dev.yaml", &protected);
    let said = story.ends(&["destroy", "dev", "--yes"], 5);
    assert!(said.contains("dev is protected: the spec says `protection.approval: manual`"), "{said}");
    assert!(said.contains("sets `protection: { approval: none, termination: false }`"), "{said}");
    assert!(!said.contains("is removed"), "{said}");
}
