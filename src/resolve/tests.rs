//! Specs in, models and findings out.

use super::resolve;
use super::testing::{Repository, SMALL, alone, brief, poc, shown, small_with};
use crate::model::{Network, Step};
use crate::source::{Files, MemoryFiles};

/// The brief findings of one text.
fn found(text: impl Into<Vec<u8>>) -> Vec<String> {
    let resolution = poc(&alone(text));
    brief(&resolution.findings, &resolution.sources)
}

/// The brief findings of `SMALL`, changed.
fn changed(changes: &[(&str, &str)]) -> Vec<String> {
    found(small_with(changes))
}

#[test]
fn every_example_resolves() {
    for name in ["dev", "stg", "prod", "poc"] {
        let resolution = resolve(&Repository, &format!("environments/{name}.yaml"));
        let shown = shown(&resolution.findings, &resolution.sources);
        assert!(resolution.findings.is_empty(), "{name}\n{shown}");
        let environment = resolution.environment.unwrap();
        assert_eq!(environment.name, name);
        assert!(
            environment.roles.iter().all(|role| role.release.is_some()),
            "{name} has releases that are not locked"
        );
    }
}

#[test]
fn the_proof_of_concept_in_full() {
    let resolution = resolve(&Repository, "environments/poc.yaml");
    let mut environment = resolution.environment.unwrap();
    for role in &mut environment.roles {
        for layer in role
            .images
            .iter_mut()
            .flat_map(|images| [&mut images.base, &mut images.middleware, &mut images.application])
        {
            // Their texts and versions change as the components are written; their own tests cover them.
            layer.recipe_version = layer.version.clone();
            layer.components.iter_mut().for_each(|component| {
                component.document = String::new();
                component.version = String::new();
            });
        }
        role.instances.user_data = role.instances.user_data.lines().next().unwrap_or_default().to_owned();
    }
    insta::assert_debug_snapshot!("poc", environment);
}

#[test]
fn environments_share_images_of_one_owner() {
    let environment = |name| resolve(&Repository, &format!("environments/{name}.yaml")).environment.unwrap();
    for name in ["dev", "stg", "prod"] {
        let environment = environment(name);
        assert_eq!(environment.images_owner, "dev");
        assert_eq!(environment.images_owner_account, "111122223333");
        assert_eq!(environment.image_consumers, ["123456789012", "222233334444"], "{name}");
    }
    let layers = |name| environment(name).roles.into_iter().map(|role| role.images).collect::<Vec<_>>();
    assert_eq!(layers("dev"), layers("prod"));
}

#[test]
fn an_overlay_changes_what_it_says_and_nothing_else() {
    let environment = resolve(&Repository, "environments/prod.yaml").environment.unwrap();
    let web = environment.role("web").unwrap();
    assert_eq!((web.instances.capacity.min, web.instances.capacity.max), (4, 12));
    assert_eq!(web.instances.instance_type, "m7i.large");
    assert_eq!(web.rollout.strategy.name, "blue-green");
    assert_eq!((web.rollout.min_requests, web.rollout.expected_requests), (300, Some(6000.0)));
}

#[test]
fn a_created_network_is_divided_into_eighths() {
    let environment = resolve(&Repository, "environments/dev.yaml").environment.unwrap();
    let Network::Created(network) = environment.network else { panic!("dev creates its network") };
    let subnets: Vec<_> =
        network.subnets.iter().map(|pair| (pair.private.as_str(), pair.public.as_str())).collect();
    assert_eq!(subnets, [("10.0.0.0/19", "10.0.128.0/19"), ("10.0.32.0/19", "10.0.160.0/19")]);
    assert!(!network.nat_per_zone);
}

#[test]
fn what_is_not_said_is_the_default() {
    let resolution = poc(&alone(SMALL));
    assert_eq!(brief(&resolution.findings, &resolution.sources), [""; 0]);
    let environment = resolution.environment.unwrap();
    let web = environment.role("web").unwrap();
    assert_eq!(web.target_group.health_check.timeout, 5);
    assert_eq!(web.instances.warmup, 240);
    assert_eq!(web.alarms.len(), 12);
    assert_eq!(web.rollout.strategy.steps.last(), Some(&Step::Retire));
    assert_eq!(web.cohorts.iter().map(|cohort| cohort.matches.len()).sum::<usize>(), 3);
    assert_eq!(environment.patch_scan, "cron(0 3 ? * WED#1 *)");
}

#[test]
fn everything_wrong_with_a_shape_is_said_at_once() {
    let text = small_with(&[
        ("region:", "regoin: x\nregion:"),
        ("\"444455556666\"", "444455556666"),
        ("port: 8080", "port: \"8080\""),
        ("min: 2", "min: two"),
        ("{ path: /health }", "{ path: health, interval: 4 }"),
        ("release: { ami: ami-0a1b2c3d4e5f60718 }", "release: 1.10"),
        ("      - { name: all, priority: 100, paths: [\"/*\"] }", "      - { name: all, paths: \"/*\" }"),
        ("vpc-0f1e2d3c4b5a69780", "vpc-xyz"),
    ]);
    insta::assert_snapshot!(found(text).join("\n"), @r#"
        environments/poc.yaml:4:10 ASG0204 expected text for `account`, found the integer `444455556666` without quotes (write `"444455556666"`)
        environments/poc.yaml:5:1 ASG0201 unknown key `regoin` in the file (did you mean `region`?)
        environments/poc.yaml:8:8 ASG0207 `vpc`: expected the id of a VPC, `vpc-` and hexadecimal digits, found `vpc-xyz`
        environments/poc.yaml:18:24 ASG0202 expected an integer for `min`, found the text `two`
        environments/poc.yaml:20:13 ASG0202 expected an integer for `port`, found the text `8080` (write `8080` without quotes)
        environments/poc.yaml:21:28 ASG0207 `path`: expected a path that begins with `/`, found `health`
        environments/poc.yaml:21:46 ASG0208 expected at least 5 for `interval`, found the integer `4`
        environments/poc.yaml:23:29 ASG0202 expected a list for `paths`, found the text `/*` (write `["/*"]`)
        environments/poc.yaml:23:11 ASG0205 missing key `priority` in item 1 of `routes` (add `priority`: lower goes first; the nine numbers below it are kept for cohorts)
        environments/poc.yaml:24:14 ASG0204 expected text for `release`, found the number `1.10` without quotes (write `"1.10"`)
        "#);
}

#[test]
fn names_that_are_none_get_the_nearest() {
    let text = small_with(&[
        ("asagi: v1", "asagi: v2\nretention: retian"),
        (
            "loadBalancer:",
            "protection: { approval: manuel, window: { days: [Mon, Monday], from: 2:00, to: '06:00', timezone: Asia/Tokyo } }\nloadBalancer:",
        ),
        (
            "    release:",
            "    alarms:\n      - { metric: cpu-usage, critical: 80, for: 5min }\n    rollout:\n      steps: [provison, { shfit: 10 }, { shift: 101 }]\n    release:",
        ),
    ]);
    insta::assert_snapshot!(found(text).join("\n"), @r#"
        environments/poc.yaml:1:8 ASG0203 this asagi reads specs of format `v1`, not `v2` (write `v1`, or use an asagi that reads the other format)
        environments/poc.yaml:2:12 ASG0203 unknown value `retian` for `retention` (did you mean `retain`?)
        environments/poc.yaml:12:25 ASG0203 unknown value `manuel` for `approval` (did you mean `manual`?)
        environments/poc.yaml:12:55 ASG0203 unknown value `Monday` for item 2 of `days` (did you mean `Mon`?)
        environments/poc.yaml:12:70 ASG0207 `from`: expected a time of day such as `02:00`, found `2:00` (write `"02:00"`)
        environments/poc.yaml:26:19 ASG0203 unknown value `cpu-usage` for `metric` (did you mean `cpu`?)
        environments/poc.yaml:26:49 ASG0207 `for`: expected a length of time such as `90s`, `15m`, `24h` or `2d`, found `5min` (write `5m`)
        environments/poc.yaml:28:27 ASG0201 unknown key `shfit` in item 2 of `steps` (did you mean `shift`?)
        environments/poc.yaml:28:15 ASG0203 unknown value `provison` for item 1 of `steps` (did you mean `provision`?)
        environments/poc.yaml:28:49 ASG0208 expected at most 100 for `shift`, found the integer `101`
        "#);
}

#[test]
fn choices_say_what_is_expected() {
    let text = small_with(&[
        ("  certificate:", "  deletionProtection: yes\n  accessLogs: on\n  certificate:"),
        (
            "    release: { ami: ami-0a1b2c3d4e5f60718 }",
            "    alarms: all\n    rollout: [blue-green]\n    release: { image: ami-1 }",
        ),
        ("  web:\n", "  Web_1:\n    x: 1\n  web:\n"),
    ]);
    insta::assert_snapshot!(found(text).join("\n"), @r#"
        environments/poc.yaml:12:23 ASG0202 expected a boolean for `deletionProtection`, found the text `yes` (write `true`)
        environments/poc.yaml:13:15 ASG0202 expected a mapping for `accessLogs`, found the text `on`
        environments/poc.yaml:16:3 ASG0205 missing key `instances` in `Web_1` (add `instances`: what is launched)
        environments/poc.yaml:16:3 ASG0205 missing key `routes` in `Web_1` (add `routes`: which requests reach it)
        environments/poc.yaml:16:3 ASG0205 missing key `targetGroup` in `Web_1` (add `targetGroup`: where instances listen)
        environments/poc.yaml:16:3 ASG0209 `Web_1` cannot be a name in `roles` (begin with a lower-case letter and go on with letters, digits and (where names have words) single hyphens)
        environments/poc.yaml:17:5 ASG0201 unknown key `x` in `Web_1` (known here: `images`, `instances`, `targetGroup`, `routes`, `alarms`, `rollout`, `release`)
        environments/poc.yaml:27:13 ASG0203 unknown value `all` for `alarms` (known here: `standard`)
        environments/poc.yaml:28:5 ASG0202 expected text or a mapping for `rollout`, found a list
        environments/poc.yaml:29:16 ASG0201 unknown key `image` in `release` (known here: `ami`)
        environments/poc.yaml:29:5 ASG0205 missing key `ami` in `release` (add it, such as `ami: ami-0a1b2c3d4e5f60718`)
        "#);
}

#[test]
fn a_file_that_is_no_spec_is_one_finding_or_a_few() {
    for text in ["", "# nothing\n", "[]\n", "just text\n"] {
        let found = found(text);
        assert_eq!(found.len(), 1, "{text:?}: {found:?}");
        assert!(found[0].contains("a mapping"), "{found:?}");
    }
    let broken = found("asagi: v1\nroles: {web: [1, 2}\n");
    assert!(broken[0].contains("ASG01"), "{broken:?}");
}

#[test]
fn a_short_file_does_not_become_a_large_one() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    let found = found(text);
    assert!(found.len() == 1 && found[0].contains("ASG0103"), "{found:?}");
}

#[test]
fn extending_oneself_is_told_with_the_way_round() {
    let files = alone(format!("extends: a.yaml\n{SMALL}"))
        .with("environments/a.yaml", "extends: ../shared/b.yaml\n")
        .with("shared/b.yaml", "# 基盤\nextends: [../environments/a.yaml]\n");
    let resolution = poc(&files);
    insta::assert_snapshot!(shown(&resolution.findings, &resolution.sources), @r#"
        error[ASG0120]: `environments/a.yaml` extends itself
         --> shared/b.yaml:2:11
          |
        2 | extends: [../environments/a.yaml]
          |           ^^^^^^^^^^^^^^^^^^^^^^
          |
          = note: `environments/poc.yaml` → `environments/a.yaml` → `shared/b.yaml` → `environments/a.yaml`
        "#);
}

#[test]
fn files_that_are_not_there_are_told_where_they_are_named() {
    let files = alone(small_with(&[(
        "project:",
        "extends: [gone.yaml, ../../other/base.yaml, /etc/base.yaml, 3]\nproject:",
    )]));
    let resolution = poc(&files);
    insta::assert_snapshot!(brief(&resolution.findings, &resolution.sources).join("\n"), @r#"
        environments/poc.yaml:2:11 ASG0121 cannot read `environments/gone.yaml`: there is no such file
        environments/poc.yaml:2:22 ASG0122 `../../other/base.yaml` lies outside the repository
        environments/poc.yaml:2:45 ASG0122 `/etc/base.yaml` lies outside the repository
        environments/poc.yaml:2:61 ASG0202 expected a path or a list of paths for `extends`, found the integer `3`
        "#);
    let lines = changed(&[("type: m7i.large", "type: m7i.large\n      userData: ./web.sh")]);
    insta::assert_snapshot!(lines.join("\n"), @"environments/poc.yaml:17:17 ASG0121 cannot read `environments/web.sh`: there is no such file");
}

#[test]
fn many_files_that_extend_many_files_end() {
    let mut files = alone(format!("extends: [l0.yaml, l0.yaml]\n{SMALL}"));
    for level in 0..30 {
        let next = format!("extends: [l{0}.yaml, l{0}.yaml]\n", level + 1);
        files = files.with(format!("environments/l{level}.yaml"), next);
    }
    let resolution = poc(&files.with("environments/l30.yaml", "asagi: v1\n"));
    let codes: Vec<_> = resolution.findings.iter().map(|found| found.code.as_str()).collect();
    assert!(codes.contains(&"ASG0123"), "{codes:?}");
    assert!(codes.len() < 5, "{codes:?}");
}

#[test]
fn findings_line_up_under_full_width_text() {
    let text = small_with(&[("project: poc", "tags: { 名称: 浅葱, 部署: 基盤 } # 基盤\nproject: 浅葱")]);
    let resolution = poc(&alone(text));
    insta::assert_snapshot!(shown(&resolution.findings, &resolution.sources), @r#"
        error[ASG0207]: `project`: expected lower-case letters, digits and single hyphens, beginning with a letter, found `浅葱`
         --> environments/poc.yaml:3:10
          |
        3 | project: 浅葱
          |          ^^^^
          |
          = help: give it a name in Latin letters, such as `shop`
        "#);
}

#[test]
fn keys_that_exclude_each_other() {
    let network = "network:\n  cidr: 10.0.1.0/16\n  vpc: vpc-0f1e2d3c4b5a69780";
    let first = changed(&[("network:\n  vpc: vpc-0f1e2d3c4b5a69780", network)]);
    let second = changed(&[
        ("  vpc: vpc-0f1e2d3c4b5a69780\n", "  cidr: 10.0.1.0/16\n"),
        ("  certificate:", "  securityGroup: sg-0a1b2c3d4e5f60718\n  certificate:"),
        ("    release:", "    rollout: { strategy: canray }\n    release:"),
    ]);
    let third = changed(&[(
        "    release:",
        "    rollout:\n      strategy: canary\n      steps: [provision]\n    release:",
    )]);
    let fourth = changed(&[(
        "    release:",
        "    rollout:\n      hold: 1h\n      steps: [provision, {}, { shift: 10, hold: 1h }, { sticky: 1h, bake: 5m }]\n      \
         cohorts: { vip: [{ header: X-Vip, cookie: vip }] }\n    release:",
    )]);
    insta::assert_snapshot!([first, second, third, fourth].map(|lines| lines.join("\n")).join("\n\n"), @r#"
        environments/poc.yaml:7:9 ASG0301 `vpc` names an existing network, `cidr` creates one (keep one of the two)

        environments/poc.yaml:7:9 ASG0307 `10.0.1.0/16` has address bits beyond its prefix (write `10.0.0.0/16`)
        environments/poc.yaml:8:3 ASG0301 `subnets` belongs to an existing network, and `cidr` creates one (remove it)
        environments/poc.yaml:12:18 ASG0301 `securityGroup` belongs to an existing load balancer, and no `listener` names one (name the `listener` too, or remove it)
        environments/poc.yaml:24:26 ASG0302 there is no strategy `canray` (did you mean `canary`?)

        environments/poc.yaml:25:7 ASG0301 `steps` stand instead of a named `strategy` (keep one of the two)

        environments/poc.yaml:25:26 ASG0303 a step says one thing: `shift`, `route`, `bake`, `approval`, `hold` or `refresh` (make it several steps; only `bake` stands beside `shift` or `route`, and `sticky` beside `shift`)
        environments/poc.yaml:25:32 ASG0303 a step says one thing: `shift`, `route`, `bake`, `approval`, `hold` or `refresh` (make it several steps; only `bake` stands beside `shift` or `route`, and `sticky` beside `shift`)
        environments/poc.yaml:25:57 ASG0303 a step says one thing: `shift`, `route`, `bake`, `approval`, `hold` or `refresh` (make it several steps; only `bake` stands beside `shift` or `route`, and `sticky` beside `shift`)
        environments/poc.yaml:26:26 ASG0301 a way to recognise a cohort is one of header, cookie or source (write `{ header: NAME, values: [VALUE] }`, `{ cookie: NAME, value: VALUE }` or `{ source: [CIDR] }`)
        "#);
}

#[test]
fn images_that_cannot_be_built() {
    let images = "    images:\n      base: { version: \"1.0\", components: [os-patchs] }\n      \
                  middleware: { version: \"1.0\", components: [./gone.yaml] }\n      \
                  application: { version: \"1.0\" }\n      \
                  build: { schedule: \"2nd Wed 21:00 Asia/Tokyo\" }\n      retain: { generations: 3, days: 30 }\n    release:";
    let first = changed(&[("    release:", images)]);
    let again = images.replace("2nd Wed 21:00 Asia/Tokyo", "every night").replace("os-patchs", "cis");
    let second =
        changed(&[("    release:", &again), ("project: poc", "images: { owner: dev }\nproject: poc")]);
    insta::assert_snapshot!([first, second].map(|lines| lines.join("\n")).join("\n\n"), @r#"
        environments/poc.yaml:24:44 ASG0304 there is no standard component `os-patchs` (did you mean `os-patches`?)
        environments/poc.yaml:25:50 ASG0121 cannot read `environments/gone.yaml`: there is no such file
        environments/poc.yaml:27:26 ASG0305 the layers after the base would start after midnight, on another day (start before 20:00: the middleware follows after two hours, the application after four)
        environments/poc.yaml:28:7 ASG0301 images are kept by number or by age, not by both (keep `generations`, or `days` with `atLeast`)

        environments/poc.yaml:2:18 ASG0308 `dev` owns the images, but no environment of `poc` has that name (write the owner's file beside this one, or remove `owner` to build the images here)
        environments/poc.yaml:26:50 ASG0121 cannot read `environments/gone.yaml`: there is no such file
        environments/poc.yaml:28:26 ASG0305 `every night` is not a schedule (write `2nd Wed 03:00 Asia/Tokyo`, `weekly Sun 03:00 Asia/Tokyo`, `daily 03:00 Asia/Tokyo` or `cron(0 3 ? * wed#2 *) Asia/Tokyo`)
        environments/poc.yaml:29:7 ASG0301 images are kept by number or by age, not by both (keep `generations`, or `days` with `atLeast`)
        "#);
}

#[test]
fn a_lock_that_cannot_be_read_is_told() {
    let lock = "asagi: v1\nprojects: { poc: { web: { \"1.0\": [{ biuld: x, images: {} }] } } }\n";
    let files = alone(SMALL).with("environments/images.lock.yaml", lock);
    let resolution = poc(&files);
    insta::assert_snapshot!(brief(&resolution.findings, &resolution.sources).join("\n"), @"environments/images.lock.yaml:2:37 ASG0201 unknown key `biuld` in item 1 of `1.0` (did you mean `build`?)");
}

#[test]
fn null_removes_and_a_base_needs_nothing_of_its_own() {
    let base = "protection: { approval: manual, promoteFrom: stg }\n";
    let files = MemoryFiles::new().with("environments/base.yaml", base).with(
        "environments/poc.yaml",
        format!("extends: base.yaml\nprotection: {{ promoteFrom: ~ }}\n{SMALL}"),
    );
    assert_eq!(files.list("environments").unwrap().len(), 2);
    let resolution = poc(&files);
    assert_eq!(brief(&resolution.findings, &resolution.sources), [""; 0]);
    let environment = resolution.environment.unwrap();
    assert_eq!(environment.protection.promote_from, None);
    assert!(resolution.siblings.is_empty());
}
