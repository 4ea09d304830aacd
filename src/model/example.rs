//! Two environments made by hand, for tests: a production with networks of others, and a small one that makes all.

use indexmap::IndexMap;

use super::*;

/// `idhub-40` in production: existing VPC, two roles, everything protected.
pub(crate) fn prod() -> Environment {
    Environment {
        network: Network::Existing(ExistingNetwork {
            vpc: Input::Value("vpc-0a1b2c3d".to_owned()),
            public: Input::Value(texts(["subnet-0a1b2c3d0a1b2c301", "subnet-0a1b2c3d0a1b2c302"])),
            private: Input::Value(texts(["subnet-0a1b2c3d0a1b2c311", "subnet-0a1b2c3d0a1b2c312"])),
        }),
        notifications: Notifications {
            email: texts(["ops@example.co.jp"]),
            slack: Some(SlackChannel { workspace: "T0123ABCD".to_owned(), channel: "C0123ABCD".to_owned() }),
            pagerduty_secret: Some("ops/pagerduty".to_owned()),
            stack_events: None,
        },
        roles: vec![role("web", Capacity { min: 4, max: 12 }), role("hlp", Capacity { min: 2, max: 4 })],
        ..environment("prod", "123456789012", Retention::Retain)
    }
}

/// `idhub-40`'s proof of concept: owns the images, makes its own VPC, one role, nothing kept.
pub(crate) fn poc() -> Environment {
    Environment {
        roles: vec![role("web", Capacity { min: 2, max: 4 })],
        ..environment("poc", "210987654321", Retention::Delete)
    }
}

fn environment(name: &str, account: &str, retention: Retention) -> Environment {
    let keep = retention == Retention::Retain;
    Environment {
        project: "idhub-40".to_owned(),
        name: name.to_owned(),
        account: account.to_owned(),
        region: "ap-northeast-1".to_owned(),
        tags: IndexMap::from([("System".to_owned(), "idhub".to_owned())]),
        tag_policy: IndexMap::new(),
        quotas: Quotas::default(),
        images_owner: "poc".to_owned(),
        images_owner_account: "210987654321".to_owned(),
        image_consumers: texts(["123456789012"]),
        retention,
        network: Network::Created(created_network()),
        load_balancer: LoadBalancer::Created(created_load_balancer(account, keep)),
        notifications: Notifications { email: texts(["dev@example.co.jp"]), ..Notifications::default() },
        policy: IndexMap::new(),
        protection: Protection {
            approval: if keep { Approval::Manual } else { Approval::None },
            window: None,
            promote_from: None,
            strategies: Vec::new(),
            guard: super::Guard::WhereLong,
            termination: keep,
        },
        roles: Vec::new(),
        stacks: Vec::new(),
        template_bucket: None,
        permissions_boundary: None,
        patch_scan: "cron(0 2 ? * WED#1 *)".to_owned(),
    }
}

fn created_network() -> CreatedNetwork {
    let pair = |zone, public: &str, private: &str| SubnetPair {
        zone,
        public: public.to_owned(),
        private: private.to_owned(),
    };
    CreatedNetwork {
        cidr: "10.0.0.0/16".to_owned(),
        subnets: vec![pair(0, "10.0.0.0/20", "10.0.128.0/20"), pair(1, "10.0.16.0/20", "10.0.144.0/20")],
        nat_per_zone: false,
        endpoints: texts(["s3", "ssm", "ssmmessages"]),
    }
}

fn created_load_balancer(account: &str, keep: bool) -> CreatedLoadBalancer {
    CreatedLoadBalancer {
        scheme: Scheme::InternetFacing,
        certificate: Some(Input::Value(format!(
            "arn:aws:acm:ap-northeast-1:{account}:certificate/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
        ))),
        access_logs: AccessLogs::Create { days: 90 },
        deletion_protection: keep,
        idle_timeout: 60,
        ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06".to_owned(),
        allowed: texts(["0.0.0.0/0"]),
        web_acl: None,
    }
}

/// A role with its standard alarms, cohorts and the `blue-green` strategy, and a locked release.
pub(crate) fn role(name: &str, capacity: Capacity) -> Role {
    Role {
        name: name.to_owned(),
        images: Some(images(name)),
        instances: instances(name, capacity),
        target_group: target_group(),
        routes: vec![route(
            if name == "web" { 100 } else { 50 },
            if name == "web" { "/*" } else { "/help/*" },
        )],
        cohorts: standard_cohorts(),
        alarms: standard_alarms(),
        rollout: Rollout { strategy: blue_green(), min_requests: 1000, expected_requests: Some(600.0) },
        release: Some(Release {
            name: "1.6".to_owned(),
            build: "2026-11-11".to_owned(),
            ami: "ami-0a1b2c3d4e5f60718".to_owned(),
        }),
        wanted_release: Some("1.6".to_owned()),
    }
}

fn instances(role: &str, capacity: Capacity) -> Instances {
    Instances {
        instance_type: "m7i.large".to_owned(),
        architecture: Architecture::X86_64,
        capacity,
        scaling: Scaling { cpu: 60.0 },
        root_volume: RootVolume { size: 30, device: "/dev/xvda".to_owned() },
        user_data: "#!/bin/sh\nset -eu\nsystemctl start idhub-\"${ROLE:-web}\"\n".to_owned(),
        permissions: Permissions {
            parameters: vec![format!("/idhub-40/{role}/*")],
            secrets: vec![format!("idhub-40/{role}/*")],
            buckets: vec!["idhub-artifacts/config/*".to_owned()],
        },
        warmup: 180,
    }
}

fn target_group() -> TargetGroup {
    TargetGroup {
        port: 8080,
        protocol: "HTTP".to_owned(),
        protocol_version: "HTTP1".to_owned(),
        health_check: HealthCheck {
            path: "/health".to_owned(),
            interval: 15,
            timeout: 5,
            healthy: 2,
            unhealthy: 3,
            matcher: "200".to_owned(),
        },
        deregistration_delay: 60,
        slow_start: 0,
    }
}

/// One route that takes these paths.
pub(crate) fn route(priority: u32, path: &str) -> Route {
    Route {
        name: "all".to_owned(),
        priority,
        paths: texts([path]),
        hosts: Vec::new(),
        headers: IndexMap::new(),
        methods: Vec::new(),
        query: Vec::new(),
        source: Vec::new(),
    }
}

/// `verification` by a header, `pilot` by a header or a cookie.
pub(crate) fn standard_cohorts() -> Vec<Cohort> {
    let header =
        |name: &str, value: &str| CohortMatch::Header { name: name.to_owned(), values: texts([value]) };
    let cookie = CohortMatch::Cookie { name: "canary-user".to_owned(), value: "enabled".to_owned() };
    vec![
        Cohort { name: "verification".to_owned(), matches: vec![header("X-Blue-Verification", "true")] },
        Cohort { name: "pilot".to_owned(), matches: vec![header("X-Canary-Group", "pilot"), cookie] },
    ]
}

/// The table of standard alarms (requirement 1, section 5).
pub(crate) fn standard_alarms() -> Vec<Alarm> {
    let table = [
        (Metric::Cpu, 70.0, 80.0, 5),
        (Metric::Memory, 85.0, 90.0, 5),
        (Metric::Disk, 80.0, 85.0, 10),
        (Metric::ResponseTime, 2.0, 5.0, 3),
        (Metric::ErrorRate, 0.1, 1.0, 5),
        (Metric::HealthyHosts, 1.0, 0.5, 3),
    ];
    let alarm = |metric, level, threshold, minutes| Alarm {
        metric,
        level,
        threshold,
        lasting: Period::minutes(minutes),
    };
    let both = |(metric, warning, critical, minutes)| {
        [
            alarm(metric, AlarmLevel::Warning, warning, minutes),
            alarm(metric, AlarmLevel::Critical, critical, minutes),
        ]
    };
    table.into_iter().flat_map(both).collect()
}

/// 10 %, 50 %, 100 %, with a day to go back in.
pub(crate) fn blue_green() -> Strategy {
    let bake = |minutes| {
        let criteria = vec![Criterion::ErrorRate, Criterion::ResponseTime];
        Step::Bake(Bake { time: Period::minutes(minutes), criteria })
    };
    let shift = |percent| Step::Shift { percent, sticky: None };
    let mut steps =
        vec![Step::Provision, Step::Verify, shift(10), bake(15), shift(50), bake(15), shift(100), bake(30)];
    steps.extend([Step::Hold(Period::hours(24)), Step::Retire]);
    Strategy { name: "blue-green".to_owned(), steps }
}

fn images(role: &str) -> Images {
    let layer = |kind, version: &str, parent, components| Layer {
        kind,
        version: version.to_owned(),
        recipe_version: format!("{version}.0"),
        parent,
        components,
        artifact: (kind == LayerKind::Application)
            .then(|| format!("s3://idhub-artifacts/{role}-{version}.war")),
    };
    Images {
        base: layer(
            LayerKind::Base,
            "1.0",
            ParentImage::Managed("amazon-linux-2023".to_owned()),
            standard(&["os-patches", "ssm-agent", "cis"]),
        ),
        middleware: layer(
            LayerKind::Middleware,
            "2.3",
            ParentImage::Below(LayerKind::Base),
            standard(&["apache", "java-17", "tomcat-10", "cloudwatch-agent"]),
        ),
        application: layer(
            LayerKind::Application,
            "1.6",
            ParentImage::Below(LayerKind::Middleware),
            vec![component("idhub-web", "systemctl enable idhub")],
        ),
        build: Build {
            schedules: ["0 3 ? * wed#2 *", "0 5 ? * wed#2 *", "0 7 ? * wed#2 *"].map(str::to_owned),
            timezone: "Asia/Tokyo".to_owned(),
            instance_type: "t3.medium".to_owned(),
        },
        retain: Retain::Generations(10),
        share: Vec::new(),
    }
}

fn standard(names: &[&str]) -> Vec<Component> {
    names.iter().filter_map(|name| Component::standard(name)).collect()
}

fn component(name: &str, command: &str) -> Component {
    let document = format!(
        "name: {name}\nschemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n      - name: run\n        \
         action: ExecuteBash\n        inputs:\n          commands:\n            - {command}\n"
    );
    Component { name: name.to_owned(), document, version: "1.0.0".to_owned() }
}

fn texts<const N: usize>(all: [&str; N]) -> Vec<String> {
    all.map(str::to_owned).to_vec()
}
