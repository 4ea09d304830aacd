//! What somebody puts into a repository who means harm, or was careless: where it is told, and that it is not repeated.

use super::tests::checked;
use crate::resolve::resolve;
use crate::resolve::testing::{SMALL, brief, shown};
use crate::source::MemoryFiles;

/// `SMALL` with a template of one's own under `stacks:`, a script that instances start with, and files over those.
fn found(files: &[(&str, &str)]) -> (Vec<String>, String) {
    let spec = SMALL.replace("      type: m7i.large\n", "      type: m7i.large\n      userData: ./boot.sh\n");
    let plain = MemoryFiles::new()
        .with("environments/small.yaml", spec.replace("environment: poc\n", ""))
        .with(
            "environments/poc.yaml",
            "extends: small.yaml\nenvironment: poc\nstacks: { own: { template: ./own.yaml } }\n",
        )
        .with("environments/own.yaml", "Parameters: { DbPassword: { Type: String, NoEcho: true, Default: '' } }\nResources:\n  Topic: { Type: AWS::SNS::Topic }\n")
        .with("environments/boot.sh", "#!/bin/sh\n");
    let all = files.iter().fold(plain, |all, (path, text)| all.with(format!("environments/{path}"), *text));
    let resolution = resolve(&all, "environments/poc.yaml");
    let findings = checked(&resolution);
    (brief(&findings, &resolution.sources), shown(&findings, &resolution.sources))
}

#[test]
fn a_secret_is_told_wherever_it_stands_and_is_not_repeated() {
    let own = |resource: &str| format!("Resources:\n  Own:\n    Type: AWS::SNS::Topic\n{resource}");
    let spec = |more: &str| format!("extends: small.yaml\nenvironment: poc\n{more}");
    for (path, text, told) in [
        (
            "own.yaml",
            own("    Properties:\n      MasterUserPassword: hunter22\n"),
            "own.yaml:4:5 ASG0408 the value of `MasterUserPassword` in line 5 is a secret by its name",
        ),
        ("own.yaml", own("    Properties:\n      SecretString: '{\"a\": \"hunter22\"}'\n"), ""),
        ("own.yaml", own("    Properties:\n      AuthToken: hunter22hunter22\n"), ""),
        ("own.yaml", own("    Properties:\n      Name: /app/db/password\n      Value: hunter22\n"), ""),
        (
            "own.yaml",
            own("    Properties:\n      Environment: [{ Name: DB_PASSWORD, Value: hunter22 }]\n"),
            "",
        ),
        (
            "own.yaml",
            own("    Properties:\n      Environment: { Variables: { DB_PASSWORD: hunter22 } }\n"),
            "",
        ),
        ("own.yaml", own("    Properties:\n      MasterUserPassword: !Sub hunter22\n"), ""),
        ("own.yaml", own("    Properties:\n      MasterUserPassword: { Fn::Sub: hunter22 }\n"), ""),
        ("own.yaml", own("    Metadata: { note: 'postgres://app:hunter22@db/app' }\n"), ""),
        (
            "own.yaml",
            own(
                "    Properties:\n      UserData:\n        Fn::Base64: |\n          export DB_PASSWORD=hunter22\n",
            ),
            "",
        ),
        (
            "own.yaml",
            format!(
                "Parameters:\n  Login:\n    Type: String\n    Default: 'x:hunter22@'\n    Description: curl -u app:hunter22 https://x\n{}",
                own("")
            ),
            "",
        ),
        (
            "own.yaml",
            format!("# Authorization: Bearer hunter22hunter22\n{}", own("")),
            "own.yaml:5:1 ASG0408 line 1 of `environments/own.yaml` holds a password in a header",
        ),
        ("own.yaml", own("").replace("Own:", "Own:  # password: hunter22"), ""),
        (
            "own.yaml",
            "{\"Resources\": {\"Own\": {\"Type\": \"AWS::SNS::Topic\",\n\"Metadata\": {\"a\\/b\":\n\"mysql -phunter22\"}}}}".to_owned(),
            "",
        ),
        (
            "boot.sh",
            "#!/bin/sh\n\nexport DB_PASSWORD=hunter22\n".to_owned(),
            "ASG0408 line 3 of the file holds a secret by its name",
        ),
        ("poc.yaml", spec("tags:\n  Owner: ops\n  DbPassword: hunter22\n"), ""),
        ("poc.yaml", spec("# password: hunter22\n"), ""),
        (
            "poc.yaml",
            spec("policy: { ASG0401: { severity: note, reason: 'login x password hunter22' } }\n"),
            "",
        ),
        (
            "poc.yaml",
            spec("stacks:\n  own:\n    template: ./own.yaml\n    parameters:\n      DbPassword: hunter22\n"),
            "",
        ),
        // what another file overrides is in the repository all the same
        (
            "small.yaml",
            format!("{}tags:\n  DbPassword: hunter22\n", SMALL.replace("environment: poc\n", "")),
            "",
        ),
    ] {
        let (lines, shown) = found(&[(path, &text)]);
        let told_here = lines.iter().filter(|line| line.contains("ASG0408")).count();
        assert_eq!(told_here, 1, "{path}: {text}\n{lines:#?}");
        assert!(lines.iter().any(|line| line.contains(told)), "{told}\n{lines:#?}");
        assert!(!shown.contains("hunter22"), "{shown}");
    }
}

#[test]
fn what_refers_to_a_secret_is_none() {
    for resource in [
        "MasterUserPassword: '{{resolve:secretsmanager:db:SecretString:password}}'",
        "MasterUserPassword: !Ref Topic",
        "MasterUserPassword: !Sub '{{resolve:secretsmanager:${Topic}:SecretString:password}}'",
        "MasterUserPassword: { Fn::Join: ['', ['{{resolve:secretsmanager:', !Ref Topic, ':SecretString:password}}']] }",
        "MasterUserPassword: !GetAtt [Topic, Password123]",
        "GenerateSecretString: { SecretStringTemplate: '{\"username\": \"admin\"}', GenerateStringKey: password, PasswordLength: 32 }",
        "MasterUserSecret: { SecretArn: x, KmsKeyId: y }\n      ManageMasterUserPassword: true",
        "Secrets: [{ Name: DB_PASSWORD, ValueFrom: 'arn:aws:ssm:ap-northeast-1:444455556666:parameter/db/password' }]",
        "PasswordPolicy: { MinimumLength: 12, RequireSymbols: true, TemporaryPasswordValidityDays: 7 }",
    ] {
        let own = format!(
            "Resources:\n  Topic: {{ Type: AWS::SNS::Topic }}\n  Own:\n    Type: AWS::RDS::DBCluster\n    Properties:\n      {resource}\n"
        );
        let (lines, _) = found(&[("own.yaml", &own)]);
        assert_eq!(
            lines.iter().filter(|line| line.contains("ASG0408")).collect::<Vec<_>>(),
            [""; 0],
            "{resource}"
        );
    }
}
