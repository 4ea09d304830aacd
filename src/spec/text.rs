//! Texts with a form: what they look like is said once, in the schema, with the words for who gets it wrong.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Declares a text whose form the schema checks: name, pattern, what is expected in words, examples.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $pattern:literal, $expected:literal, $examples:tt;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "pattern": $pattern,
                    "patternErrorMessage": $expected,
                    "examples": $examples,
                })
            }
        }
    )*};
}

texts! {
    /// Text that is not empty.
    Text: r"\S", "expected some text", [];
    /// Part of names: lower-case letters, digits and single hyphens, beginning with a letter.
    Name: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        "expected lower-case letters, digits and single hyphens, beginning with a letter", ["web"];
    /// An AWS account.
    AccountId: "^[0-9]{12}$", "expected the twelve digits of an account", ["123456789012"];
    /// An AWS Region.
    Region: "^[a-z]{2}(-[a-z]+)+-[0-9]$", "expected a Region such as `ap-northeast-1`", ["ap-northeast-1"];
    /// `major.minor`.
    Version: "^(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})$",
        "expected a version `major.minor` such as `1.6`; the patch is derived from the content", ["1.6"];
    /// A length of time: `90s`, `15m`, `24h`, `2d`, or a sum such as `1h30m`.
    Period: "^(?=[0-9])([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?$",
        "expected a length of time such as `90s`, `15m`, `24h` or `2d`", ["15m", "24h"];
    /// A time of day, `02:00`.
    Clock: "^([01][0-9]|2[0-3]):[0-5][0-9]$", "expected a time of day such as `02:00`", ["02:00"];
    /// A block of IPv4 addresses.
    Cidr: r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$", "expected a CIDR block such as `10.0.0.0/16`", ["10.0.0.0/16"];
    /// A VPC.
    VpcId: "^vpc-[0-9a-f]{8,17}$", "expected the id of a VPC, `vpc-` and hexadecimal digits", ["vpc-0a1b2c3d4e5f60718"];
    /// A subnet.
    SubnetId: "^subnet-[0-9a-f]{8,17}$",
        "expected the id of a subnet, `subnet-` and hexadecimal digits", ["subnet-0a1b2c3d4e5f60718"];
    /// A security group.
    SecurityGroupId: "^sg-[0-9a-f]{8,17}$",
        "expected the id of a security group, `sg-` and hexadecimal digits", ["sg-0a1b2c3d4e5f60718"];
    /// An image.
    AmiId: "^ami-[0-9a-f]{8,17}$", "expected the id of an AMI, `ami-` and hexadecimal digits", ["ami-0a1b2c3d4e5f60718"];
    /// An Amazon Resource Name.
    Arn: "^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[!-~]+$",
        "expected an ARN, `arn:aws:…`, of ASCII characters without blanks",
        ["arn:aws:acm:ap-northeast-1:123456789012:certificate/0f1e2d3c"];
    /// A managed policy of IAM.
    PolicyArn: "^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[!-~]+$", "expected the ARN of a policy, `arn:aws:iam::…:policy/…`",
        ["arn:aws:iam::123456789012:policy/idhub-boundary"];
    /// An e-mail address.
    Email: r"^[^@\s]+@[^@\s]+\.[^@\s.]+$", "expected an e-mail address", ["ops@example.co.jp"];
    /// What the application layer installs.
    ArtifactUri: "^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+$",
        "expected `s3://bucket/key`", ["s3://idhub-artifacts/web-1.6.war"];
    /// Objects of a bucket that instances may read.
    BucketPath: r"^(?!s3:|arn:|https?:|/)[^\s/]+(/[^\s]*)?$",
        "expected `bucket/key`, without `s3://` or an ARN before it", ["idhub-artifacts/web/*"];
    /// A bucket whose name is part of a host's.
    BucketName: "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
        "expected the name of a bucket: 3 to 63 lower-case letters, digits and hyphens", ["idhub-40-templates"];
    /// A type of EC2 instance.
    InstanceType: r"^[a-z][a-z0-9-]*\.[a-z0-9-]+$",
        "expected an instance type such as `m7i.large`", ["m7i.large"];
    /// A root device.
    Device: "^/dev/[a-z0-9]+$",
        "expected a device such as `/dev/xvda`", ["/dev/xvda"];
    /// A TLS policy of Elastic Load Balancing.
    TlsPolicy: "^ELBSecurityPolicy-[A-Za-z0-9-]+$",
        "expected the name of a TLS policy, `ELBSecurityPolicy-…`", ["ELBSecurityPolicy-TLS13-1-2-2021-06"];
    /// A Slack workspace.
    SlackWorkspace: "^T[0-9A-Z]{2,254}$",
        "expected the id of a workspace, `T` and capital letters or digits", ["T01EXAMPLE9"];
    /// A Slack channel.
    SlackChannel: "^[CG][0-9A-Z]{2,254}$",
        "expected the id of a channel (not its name), `C` and capital letters or digits", ["C01EXAMPLE9"];
    /// The name of a route, part of logical ids.
    RouteName: "^[a-z][A-Za-z0-9]*$",
        "expected letters and digits, beginning with a lower-case letter", ["api"];
    /// An output of another stack.
    OutputName: r"^[a-z][a-z0-9-]*\.[A-Za-z0-9]+$",
        "expected a stack, a dot and an output's name, `network.VpcId`", ["network.VpcId"];
    /// An output of another stack: with a dot where the stack is one of an environment.
    OutputOrName: r"^([a-z][a-z0-9-]*\.)?[A-Za-z0-9]+$",
        "expected a stack, a dot and an output's name, `network.VpcId`; the output's name alone beside `stack`", ["network.VpcId"];
    /// A stack by its whole name.
    StackName: "^[A-Za-z][-A-Za-z0-9]{0,127}$",
        "expected the name of a stack: letters, digits and hyphens", ["company-dns"];
    /// A parameter of Parameter Store.
    ParameterName: "^[A-Za-z0-9_./-]{1,1011}$",
        "expected the name of a parameter: letters, digits and `_./-`", ["/idhub-40/size"];
    /// A secret of Secrets Manager: its name or its ARN.
    SecretName: "^[A-Za-z0-9/_+=.@:-]{1,512}$",
        "expected the name or the ARN of a secret: letters, digits and `/_+=.@-`", ["idhub-40/web/database"];
    /// A key of the JSON in a secret.
    SecretKey: r"^[^:{}\s]{1,256}$",
        "expected a key of the JSON in the secret, without colons, braces and spaces", ["password"];
    /// An environment variable.
    VariableName: "^[A-Za-z_][A-Za-z0-9_]{0,255}$",
        "expected the name of an environment variable: letters, digits and `_`", ["GIT_COMMIT"];
    /// The path of a health check.
    UrlPath: "^/",
        "expected a path that begins with `/`", ["/health"];
    /// HTTP codes of success.
    Matcher: "^[2-4][0-9]{2}([,-][2-4][0-9]{2})*$",
        "expected HTTP codes from 200 to 499, `200`, `200,204` or `200-299`", ["200", "200-299"];
    /// What the base layer is built on: the name of an image Amazon keeps, or an AMI id.
    ParentName: "^(amazon-linux-2023|ami-[0-9a-f]{8,17})$",
        "expected `amazon-linux-2023` or the id of an AMI", ["amazon-linux-2023"];
}
