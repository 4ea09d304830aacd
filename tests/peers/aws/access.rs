//! With whose credentials: profiles, a role to assume, the Region; and that reading needs no more than reading.

use std::fs;
use std::process::{Command, Output};

use asagi::cloud::aws::Access;
use asagi::ops::{Audience, Identity, history};
use serde_json::json;
use tempfile::TempDir;

use super::cli::{asagi, run};
use super::live::{IMAGES, first_release, release};
use super::policy::person;
use super::proxy::{Fate, Proxy};
use super::stuck::{FAILS, settled};
use super::target::{Keys, client_as, direct, runtime};
use crate::drive::ACCOUNT;
use crate::support::{Boto, Server, repository, said, temporary_folder};

/// A server that knows who calls, where the poc's first release is live.
fn strict() -> Server {
    let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", ACCOUNT), ("AUTH", "true")]);
    first_release(&server);
    server
}

fn reader(server: &Server) -> Keys {
    let root = direct(server, "test");
    person(&mut Boto::of(server), "reader", &release(&root, IMAGES[0]), Audience::Ci)
}

/// A folder with a shared configuration: `ops` has those keys and another Region, `deployer` is a role by way of it.
fn configuration(keys: &Keys) -> TempDir {
    let folder = temporary_folder();
    let config = format!(
        "[profile ops]\nregion = us-east-1\n\n[profile deployer]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/deployer\n\
         source_profile = ops\n"
    );
    let secrets =
        format!("[ops]\naws_access_key_id = {}\naws_secret_access_key = {}\n", keys.id, keys.secret);
    fs::write(folder.path().join("config"), config).unwrap();
    fs::write(folder.path().join("credentials"), secrets).unwrap();
    folder
}

/// The program with that configuration; keys of the environment, which nobody knows there, are not to be taken.
fn with(folder: &TempDir, server: &Server, arguments: &[&str]) -> Command {
    let mut command = asagi(server, arguments);
    command
        .env("AWS_CONFIG_FILE", folder.path().join("config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", folder.path().join("credentials"))
        .env("AWS_ACCESS_KEY_ID", "AKIANOBODYKNOWSTHIS0")
        .env("AWS_SECRET_ACCESS_KEY", "nobody");
    command
}

fn live(output: &Output) {
    let told = said(output);
    assert!(told.contains("live      blue  release 1.0"), "{told}");
}

#[test]
fn a_profile_is_taken_before_the_keys_of_the_environment_and_the_spec_says_the_region() {
    let server = strict();
    let folder = configuration(&reader(&server));
    live(&run(with(&folder, &server, &["status", "poc", "--profile", "ops"]), 0));
    let refused = said(&run(with(&folder, &server, &["status", "poc"]), 1));
    assert!(refused.contains("--profile"), "{refused}");
    let mut by_variable = with(&folder, &server, &["status", "poc"]);
    by_variable.env("AWS_PROFILE", "ops").env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    live(&run(by_variable, 0));
    let missing = said(&run(with(&folder, &server, &["status", "poc", "--profile", "nobody"]), 1));
    assert!(missing.contains("there is no profile `nobody`; those there are: deployer, ops"), "{missing}");
}

/// A role of that name that may do what an operator may, assumed by whoever may.
fn role(boto: &mut Boto, name: &str, policy: &serde_json::Value) -> String {
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": format!("arn:aws:iam::{ACCOUNT}:root") }, "Action": "sts:AssumeRole",
    }] });
    let made = json!({ "RoleName": name, "AssumeRolePolicyDocument": trust.to_string() });
    let made = boto.call("iam", "create_role", made);
    let given = json!({ "RoleName": name, "PolicyName": "asagi", "PolicyDocument": policy.to_string() });
    boto.call("iam", "put_role_policy", given);
    made["Role"]["Arn"].as_str().unwrap().to_owned()
}

#[test]
fn a_role_is_assumed_with_the_callers_credentials_or_by_a_profile() {
    let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", ACCOUNT)]);
    first_release(&server);
    let mut boto = Boto::of(&server);
    let everything = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
    let everything = json!({ "Version": "2012-10-17", "Statement": [everything] });
    let arn = role(&mut boto, "deployer", &everything);
    let access = Access { profile: None, role: Some(arn.clone()) };
    let proxy = Proxy::before(server.port(), |_, _| Fate::Through);
    let keys = Keys { id: "test".to_owned(), secret: "test".to_owned() };
    let cloud = client_as(proxy.port, &keys, &access);
    let rollout = release(&cloud, IMAGES[0]);
    rollout.finish(false).unwrap();
    let identity = Identity::of(&rollout.loaded().environment);
    let past = runtime().block_on(history(&cloud, &identity, &["web".to_owned()])).unwrap();
    let by = format!("arn:aws:sts::{ACCOUNT}:assumed-role/deployer/asagi");
    assert_eq!(past.last().and_then(|line| line.by.clone()), Some(by.into()));

    let folder = configuration(&keys);
    let told = |output: Output| assert!(said(&output).contains("live      green"), "{}", said(&output));
    told(run(with(&folder, &server, &["status", "poc", "--profile", "ops", "--assume-role", &arn]), 0));
    told(run(with(&folder, &server, &["status", "poc", "--profile", "deployer"]), 0));
    let mut by_variable = with(&folder, &server, &["status", "poc", "--profile", "ops"]);
    by_variable.env("ASAGI_ASSUME_ROLE", &arn);
    told(run(by_variable, 0));
}

#[test]
fn reading_needs_no_more_than_reading_and_files_need_nobody() {
    let server = strict();
    let folder = configuration(&reader(&server));
    for (arguments, code) in [
        (&["status", "poc"][..], 0),
        (&["diff", "poc"], 0),
        (&["plan", "poc"], 0),
        (&["drift", "poc"], 0),
        (&["history", "poc"], 0),
    ] {
        let arguments = [arguments, &["--profile", "ops"]].concat();
        run(with(&folder, &server, &arguments), code);
    }
    let out = temporary_folder();
    let out = out.path().to_str().unwrap();
    for arguments in [&["check"][..], &["render", "poc", "--out", out], &["iam-policy", "ci", "poc"]] {
        let mut alone = Command::new(env!("CARGO_BIN_EXE_asagi"));
        alone.args(arguments).arg("--root").arg(repository("")).env_clear();
        run(alone, 0);
    }
}

#[test]
fn nothing_that_writes_writes_in_another_account() {
    const OTHER: &str = "999988887777";
    let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", OTHER)]);
    let mut boto = Boto::of(&server);
    // What would be mended if it were ours.
    let failed = json!({ "StackName": "poc-poc-security", "TemplateBody": FAILS });
    boto.call("cloudformation", "create_stack", failed);
    assert_eq!(settled(&mut boto, "poc-poc-security"), "ROLLBACK_COMPLETE");
    for arguments in [
        &["apply", "poc", "--yes"][..],
        &["apply", "poc", "--phase", "next", "--yes"],
        &["rollback", "poc"],
        &["mend", "poc", "--yes"],
    ] {
        let told = said(&run(asagi(&server, arguments), 1));
        assert!(told.contains(&format!("this is account {OTHER}, ")), "{arguments:?}: {told}");
    }
    let stacks = boto.call("cloudformation", "describe_stacks", json!({}));
    assert_eq!(stacks["Stacks"].as_array().map(Vec::len), Some(1));
}
