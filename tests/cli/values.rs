//! Values of parameters of a team's own stacks that are read elsewhere: named where they are told, shown nowhere.

use crate::repository::{Repository, run};

const TEMPLATE: &str = "Parameters:
  Vpc: { Type: String }
  Size: { Type: Number }
  Commit: { Type: String }
  Count: { Type: Number }
  Motd: { Type: String }
Resources:
  Note:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Name: /shop/note, Value: !Sub '${Vpc} ${Size} ${Commit} ${Count} ${Motd}' }
";

/// Another environment in the same account, and a stack of this one that takes something of everything.
fn repository() -> Repository {
    let repository = Repository::new();
    let size = "Resources:\n  Size: { Type: AWS::SSM::Parameter, Properties: { Type: String, Name: /shop/size, Value: '7' } }\nOutputs: { Name: { Value: !Ref Size } }\n";
    repository.write("environments/size.yaml", size);
    repository.write("environments/app.cfn.yaml", TEMPLATE);
    repository.write("environments/motd.txt", "hello\n");
    let dev = repository.read("environments/dev.yaml");
    let shared = dev.replace("environment: dev", "environment: shared");
    repository.write(
        "environments/shared.yaml",
        &format!("{shared}stacks: {{ size: {{ template: ./size.yaml }} }}\n"),
    );
    let values = "      Vpc: { output: network.VpcId, environment: shared }
      Size: { ssm: /shop/size }
      Commit: { env: SHOP_COMMIT }
      Count: { previous: true, first: 2 }
      Motd: { file: ./motd.txt }
";
    let own = format!("stacks:\n  app:\n    template: ./app.cfn.yaml\n    parameters:\n{values}");
    repository.write("environments/dev.yaml", &format!("{dev}{own}"));
    repository
}

fn note(repository: &Repository) -> String {
    let world = repository.read(".asagi/local/111122223333/ap-northeast-1/world.json");
    let world: serde_json::Value = serde_json::from_str(&world).unwrap();
    let versions = world["parameters"]["/shop/note"].as_array().unwrap();
    versions.last().unwrap()["value"].as_str().unwrap().to_owned()
}

const COMMIT: &str = "c0ffee-is-told-nowhere";

#[test]
fn values_are_read_when_planned_and_shown_nowhere() {
    let repository = repository();
    let asagi = |arguments: &[&str], commit: Option<&str>| {
        let mut command = repository.asagi(&[arguments, &["--target", "local"][..]].concat());
        command.env_remove("SHOP_COMMIT").envs(commit.map(|commit| ("SHOP_COMMIT", commit)));
        command
    };
    // What is not there is told before anything is done, all of it.
    let (_, err) = run(asagi(&["plan", "dev"], None), 1);
    insta::assert_snapshot!(err, @r"
    error: parameter Vpc of app takes output VpcId of shop-shared-network, and there is no stack shop-shared-network; parameter Size of app takes SSM parameter /shop/size, which is not there; parameter Commit of app takes environment variable SHOP_COMMIT, which is not set
      help: apply what makes shop-shared-network first; make the parameter /shop/size first; set SHOP_COMMIT in the environment that asagi runs in
    ");
    run(asagi(&["apply", "shared", "--yes"], None), 0);
    let (_, err) = run(asagi(&["plan", "dev"], None), 1);
    insta::assert_snapshot!(err, @r"
    error: parameter Commit of app takes environment variable SHOP_COMMIT, which is not set
      help: set SHOP_COMMIT in the environment that asagi runs in
    ");

    let (page, _) = run(asagi(&["plan", "dev", "--out", "dev.plan"], Some(COMMIT)), 0);
    let named: Vec<_> =
        page.lines().filter(|line| line.starts_with("       ")).take(4).map(str::trim).collect();
    insta::assert_snapshot!(named.join("\n"), @r"
    Vpc is output VpcId of shop-shared-network
    Size is SSM parameter /shop/size
    Commit is environment variable SHOP_COMMIT
    Count is its previous value
    ");
    let (json, _) = run(asagi(&["plan", "dev", "--format", "json"], Some(COMMIT)), 0);
    // Another value is another plan.
    let (_, err) = run(asagi(&["apply", "dev.plan", "--yes"], Some("another")), 4);
    assert!(err.contains("the plan is stale"), "{err}");
    let (out, told) = run(asagi(&["apply", "dev.plan", "--yes"], Some(COMMIT)), 0);
    let vpc = note(&repository);
    let (vpc, rest) = vpc.split_once(' ').unwrap();
    assert!(vpc.starts_with("vpc-"), "{vpc}");
    assert_eq!(rest, format!("7 {COMMIT} 2 hello"));

    // Nothing has moved; a value that has is told by its place alone.
    let (again, _) = run(asagi(&["plan", "dev"], Some(COMMIT)), 0);
    assert!(again.contains("nothing to do"), "{again}");
    let (moved, _) = run(asagi(&["plan", "dev"], Some("another-is-told-nowhere")), 0);
    let lines: Vec<_> = moved.lines().skip(2).take(5).map(str::trim_end).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    stacks
      1  ~ shop-dev-app                         1 to modify
           ~   AWS::SSM::Parameter Note  Value
           Vpc is output VpcId of shop-shared-network
           Size is SSM parameter /shop/size
    ");
    let (diff, said) =
        run(asagi(&["diff", "dev", "--format", "markdown"], Some("another-is-told-nowhere")), 0);
    let file = repository.read("dev.plan");
    for text in [page, json, file, out, told, moved, diff] {
        assert!(!text.contains("is-told-nowhere"), "{text}");
    }
    insta::assert_snapshot!(said, @"parameter Commit of app takes environment variable SHOP_COMMIT, which only `asagi plan` and `asagi apply` read");
}

/// Sceptre sends every parameter each time: what it cannot read is asked for, and passed over until it is given.
#[test]
fn sceptre_asks_for_what_it_cannot_read() {
    let repository = repository();
    run(repository.asagi(&["render", "dev"]), 0);
    let config = repository.read("rendered/shop/dev/config/dev/app.yaml");
    let parameters = config.split_once("parameters:\n").unwrap().1;
    insta::assert_snapshot!(parameters, @r#"
      "Vpc": !stack_output_external "shop-shared-network::VpcId"
      "Motd": "hello"
    {% if phase is none %}
      "Size": ""
      "Commit": ""
      "Count": "2"
    {% else %}
      "Size": {{ phase["Size"] | string | tojson }}
      "Commit": {{ phase["Commit"] | string | tojson }}
      "Count": {{ phase["Count"] | string | tojson }}
    {% endif %}
    "#);
    let readme = repository.read("rendered/shop/dev/README.md");
    let asked = readme.split_once("## What is read elsewhere").unwrap().1.split_once("## See").unwrap().0;
    insta::assert_snapshot!(asked.trim(), @r#"
    Sceptre reads no SSM parameter, and sends every parameter each time, so these values are given with `--var` whenever their
    stack is launched; without them `launch` passes over it. The options stand before `launch`, beside `--var-file` the first
    time. What is read of the stack itself is written instead before there is one.

    ```console
    sceptre \
      --var "stacks.app.Size=$(aws ssm get-parameter --name /shop/size --region ap-northeast-1 --query Parameter.Value --output text)" \
      --var "stacks.app.Commit=$SHOP_COMMIT" \
      --var "stacks.app.Count=$(aws cloudformation describe-stacks --stack-name shop-dev-app --region ap-northeast-1 --query "Stacks[0].Parameters[?ParameterKey=='Count'].ParameterValue" --output text)" \
      launch dev/app.yaml
    ```
    "#);
}

/// What CloudFront takes stands in another Region than everything else.
#[test]
fn a_stack_stands_in_its_own_region_and_gives_to_others() {
    let repository = Repository::new();
    let topic = "Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref AWS::Region } } }\nOutputs: { Arn: { Value: !Ref Topic } }\n";
    let site = "Parameters: { Arn: { Type: String } }\nResources:\n  Note: { Type: AWS::SSM::Parameter, Properties: { Type: String, Name: /shop/note, Value: !Ref Arn } }\n";
    repository.write("environments/topic.yaml", topic);
    repository.write("environments/site.yaml", site);
    let own = "stacks:
  site: { template: ./site.yaml, parameters: { Arn: { output: shield.Arn } } }
  shield: { template: ./topic.yaml, region: us-east-1 }
";
    let dev = repository.read("environments/dev.yaml");
    repository.write("environments/dev.yaml", &format!("{dev}{own}"));
    let asagi =
        |arguments: &[&str]| run(repository.asagi(&[arguments, &["--target", "local"][..]].concat()), 0).0;
    let page = asagi(&["plan", "dev"]);
    let lines: Vec<_> =
        page.lines().filter(|line| line.contains("shield") || line.contains("site")).map(str::trim).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
      2  + shop-dev-shield                      1 to add; in us-east-1
      3  + shop-dev-site                        1 to add
    ");
    asagi(&["apply", "dev", "--yes"]);
    let there: Vec<String> = repository.files(".asagi/local").into_iter().map(|(path, _)| path).collect();
    let stands =
        |path: &str| there.iter().any(|found| found == &format!(".asagi/local/111122223333/{path}.json"));
    assert!(stands("us-east-1/stacks/shop-dev-shield") && !stands("ap-northeast-1/stacks/shop-dev-shield"));
    assert!(stands("ap-northeast-1/stacks/shop-dev-site") && !stands("us-east-1/stacks/shop-dev-site"));
    assert!(note(&repository).starts_with("arn:aws:sns:us-east-1:"), "{}", note(&repository));
    for (arguments, expected) in [
        (&["plan", "dev"][..], "nothing to do"),
        (&["diff", "dev"][..], "shop-dev-shield"),
        (&["status", "dev"][..], "live"),
    ] {
        let told = asagi(arguments);
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
    // An edit there is compared with what stands there.
    repository
        .write("environments/topic.yaml", &topic.replace("!Ref AWS::Region", "!Sub '${AWS::Region} alarms'"));
    let diff = asagi(&["diff", "dev"]);
    assert!(diff.contains("DisplayName: us-east-1 → us-east-1 alarms"), "{diff}");
    run(repository.asagi(&["render", "dev"]), 0);
    let config = repository.read("rendered/shop/dev/config/dev/shield.yaml");
    assert!(config.contains("\nregion: \"us-east-1\"\n"), "{config}");
}
