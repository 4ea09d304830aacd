//! A repository of many environments, shaped like the project's own and the same in every run.

use std::fs;
use std::path::Path;

/// How many stacks each environment has.
pub(crate) const STACKS: usize = 12;

/// Writes a repository of that many environments below `root`: projects of two, one that builds the images in a VPC of
/// others and one that runs them in its own, with two stacks of its own. Beside them the lock that pins the images.
pub(crate) fn write(root: &Path, environments: usize) {
    let folder = root.join("environments");
    for (path, text) in SHARED {
        put(&folder.join(path), text);
    }
    let mut lock = "asagi: v1\nprojects:\n".to_owned();
    for number in 0..environments {
        let project = format!("p{:04}", number / 2);
        if number % 2 == 0 {
            put(&folder.join(format!("base-{project}.yaml")), &fill(BASE, &project, number));
            put(&folder.join(format!("{project}-dev.yaml")), &fill(DEV, &project, number));
            lock.push_str(&fill(LOCK, &project, number));
        } else {
            put(&folder.join(format!("{project}-prod.yaml")), &fill(PROD, &project, number));
        }
    }
    put(&folder.join("images.lock.yaml"), &lock);
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

fn fill(text: &str, project: &str, number: usize) -> String {
    let account = format!("{:012}", 100_000_000_000 + number);
    let text = text.replace("PROJECT", project).replace("ACCOUNT", &account);
    text.replace("SECOND", &(number % 250).to_string())
}

/// Files that the specs name: the project's own.
const SHARED: [(&str, &str); 4] = [
    ("components/web.yaml", include_str!("../../environments/components/poc-web.yaml")),
    ("components/falcon.yaml", include_str!("../../environments/components/falcon.yaml")),
    ("user-data/web.sh", include_str!("../../environments/user-data/web.sh")),
    ("stacks/sessions.yaml", include_str!("../../environments/stacks/sessions.yaml")),
];

const BASE: &str = r#"
asagi: v1
project: PROJECT
region: ap-northeast-1
tags: { System: PROJECT, Owner: PROJECT-team }
images: { owner: dev }
roles:
  web:
    images:
      base: { version: "1.0", parent: amazon-linux-2023, components: [os-patches, ssm-agent, cis] }
      middleware: { version: "2.3", components: [nginx, cloudwatch-agent, ./components/falcon.yaml] }
      application: { version: "1.6", artifact: s3://PROJECT-artifacts/web-1.6.tar.gz, components: [./components/web.yaml] }
      build: { schedule: "2nd Wed 03:00 Asia/Tokyo", instanceType: t3.medium }
    instances:
      type: m7i.large
      capacity: { min: 2, max: 4 }
      scaling: { cpu: 60 }
      userData: ./user-data/web.sh
      permissions: { parameters: [/PROJECT/web/*], secrets: [PROJECT/web/*] }
    targetGroup:
      port: 8080
      healthCheck: { path: /health, interval: 15, healthy: 2, unhealthy: 3 }
      deregistrationDelay: 60
    routes:
      - { name: api, priority: 100, paths: ["/api/*"] }
      - { name: all, priority: 200, paths: ["/*"] }
    alarms: standard
    rollout: { strategy: blue-green, minRequests: 300 }
"#;

const DEV: &str = r#"
asagi: v1
extends: base-PROJECT.yaml
environment: dev
account: "ACCOUNT"
retention: delete
network:
  vpc: vpc-0f1e2d3c4b5a69780
  subnets:
    public: [subnet-0f1e2d3c4b5a697a1, subnet-0f1e2d3c4b5a697c1]
    private: [subnet-0f1e2d3c4b5a697a2, subnet-0f1e2d3c4b5a697c2]
loadBalancer:
  scheme: internal
  certificate: arn:aws:acm:ap-northeast-1:ACCOUNT:certificate/7d1f0c9e-5e0a-4c5b-bb55-1c2f4b7b9e03
notifications: { email: [dev@example.co.jp] }
roles:
  web:
    release: "1.6"
    rollout: { strategy: immediate, hold: 1h }
"#;

const PROD: &str = r#"
asagi: v1
extends: base-PROJECT.yaml
environment: prod
account: "ACCOUNT"
retention: retain
network: { cidr: 10.SECOND.0.0/16, nat: single, endpoints: [s3, ssm, ssmmessages] }
loadBalancer:
  scheme: internet-facing
  certificate: arn:aws:acm:ap-northeast-1:ACCOUNT:certificate/0f1e2d3c-4b5a-4968-8776-5a4b3c2d1e0f
  accessLogs: { create: true, days: 400 }
notifications:
  email: [ops@example.co.jp]
  slack: { workspace: T01EXAMPLE9, channel: C01PRODUCT9 }
protection:
  approval: manual
  window: { days: [Mon, Tue, Wed, Thu], from: "02:00", to: "06:00", timezone: Asia/Tokyo }
  promoteFrom: dev
roles:
  web:
    instances: { capacity: { min: 4, max: 12 } }
    release: "1.5"
    rollout: { strategy: blue-green, hold: 24h, expectedRequests: 6000 }
stacks:
  sessions:
    template: ./stacks/sessions.yaml
    parameters:
      EngineVersion: "8.0"
      NodeType: cache.r7g.large
      VpcId: { output: network.VpcId }
      SubnetIds: { output: network.PrivateSubnetIds }
      ClientCidr: 10.SECOND.0.0/16
  preferences:
    template: ./stacks/sessions.yaml
    parameters:
      EngineVersion: "8.0"
      NodeType: cache.t4g.small
      VpcId: { output: network.VpcId }
      SubnetIds: { output: network.PrivateSubnetIds }
      ClientCidr: 10.SECOND.0.0/16
"#;

const LOCK: &str = r#"  PROJECT:
    web:
      "1.5":
        - build: "2026-10-14"
          images: { base: ami-0a3c5e7f9b1d20461, middleware: ami-0b4d6f8a0c2e31572, application: ami-0c5e7a9b1d3f42683 }
      "1.6":
        - build: "2026-11-11"
          images: { base: ami-0d6f8b0c2e4a53794, middleware: ami-0e7a9c1d3f5b648a5, application: ami-0f8b0d2e4a6c759b6 }
"#;
