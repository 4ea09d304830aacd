//! How resources may be named, of types whose names are unique in an account and Region.

/// A type, the property that names it, and what the name may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Naming {
    /// Such as `AWS::S3::Bucket`.
    pub kind: &'static str,
    /// Such as `BucketName`.
    pub property: &'static str,
    /// Characters that fit.
    pub most: usize,
    /// Characters beside letters and digits, and whether capitals are among the letters.
    takes: Option<(&'static str, bool)>,
}

const fn of(kind: &'static str, property: &'static str, most: usize, others: &'static str) -> Naming {
    Naming { kind, property, most, takes: Some((others, true)) }
}

const fn free(kind: &'static str, property: &'static str, most: usize) -> Naming {
    Naming { kind, property, most, takes: None }
}

/// Each as the type's page says.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html>
const NAMINGS: [Naming; 16] = [
    of("AWS::Logs::LogGroup", "LogGroupName", 512, "._/#-"),
    of("AWS::SSM::Parameter", "Name", 1011, "._/-"),
    Naming { kind: "AWS::S3::Bucket", property: "BucketName", most: 63, takes: Some((".-", false)) },
    of("AWS::IAM::Role", "RoleName", 64, "+=,.@_-"),
    of("AWS::IAM::ManagedPolicy", "ManagedPolicyName", 128, "+=,.@_-"),
    of("AWS::IAM::InstanceProfile", "InstanceProfileName", 128, "+=,.@_-"),
    free("AWS::CloudWatch::Alarm", "AlarmName", 255),
    free("AWS::CloudWatch::CompositeAlarm", "AlarmName", 255),
    of("AWS::CloudWatch::Dashboard", "DashboardName", 255, "_-"),
    of("AWS::SNS::Topic", "TopicName", 256, "_-."),
    of("AWS::SQS::Queue", "QueueName", 80, "_-."),
    of("AWS::DynamoDB::Table", "TableName", 255, "_-."),
    of("AWS::KMS::Alias", "AliasName", 256, "/_-"),
    of("AWS::ElasticLoadBalancingV2::TargetGroup", "Name", 32, "-"),
    of("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name", 32, "-"),
    of("AWS::RDS::DBInstance", "DBInstanceIdentifier", 63, "-"),
];

/// How resources of a type may be named; `None` for a type whose names are not looked at.
pub fn naming(resource_type: &str) -> Option<&'static Naming> {
    NAMINGS.iter().find(|naming| naming.kind == resource_type)
}

/// Why AWS refuses a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadName {
    /// It has more characters than fit.
    Long,
    /// It has a character that names have not.
    Has(char),
    /// It begins or ends with a hyphen.
    Hyphen,
    /// It begins as AWS's own do.
    Reserved(&'static str),
}

impl Naming {
    /// What is wrong with a name.
    pub fn problem(&self, name: &str) -> Option<BadName> {
        let fits = |c: char| match self.takes {
            None => true,
            Some((others, capitals)) => {
                c.is_ascii_lowercase()
                    || c.is_ascii_digit()
                    || capitals && c.is_ascii_uppercase()
                    || others.contains(c)
            }
        };
        if name.chars().count() > self.most {
            return Some(BadName::Long);
        }
        if let Some(c) = name.chars().find(|c| !fits(*c)) {
            return Some(BadName::Has(c));
        }
        let outer = self.kind.starts_with("AWS::ElasticLoadBalancingV2::") || self.kind == "AWS::S3::Bucket";
        if outer && (name.starts_with('-') || name.ends_with('-')) {
            return Some(BadName::Hyphen);
        }
        let reserved = match self.kind {
            "AWS::ElasticLoadBalancingV2::LoadBalancer" => "internal-",
            "AWS::KMS::Alias" => "alias/aws/",
            _ => return None,
        };
        name.starts_with(reserved).then_some(BadName::Reserved(reserved))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_held_to_what_its_type_takes() {
        for (kind, name, expected) in [
            ("AWS::S3::Bucket", "logs-ap-northeast-1", None),
            ("AWS::S3::Bucket", "Logs", Some(BadName::Has('L'))),
            ("AWS::S3::Bucket", "logs_a", Some(BadName::Has('_'))),
            ("AWS::ElasticLoadBalancingV2::TargetGroup", "a-blue-", Some(BadName::Hyphen)),
            ("AWS::ElasticLoadBalancingV2::TargetGroup", "a_blue", Some(BadName::Has('_'))),
            ("AWS::ElasticLoadBalancingV2::LoadBalancer", "internal-a", Some(BadName::Reserved("internal-"))),
            ("AWS::SQS::Queue", "orders.fifo", None),
            ("AWS::CloudWatch::Alarm", "web: 5xx > 1 %", None),
            ("AWS::SSM::Parameter", "/a/b", None),
        ] {
            assert_eq!(naming(kind).unwrap().problem(name), expected, "{kind} {name}");
        }
        assert_eq!(naming("AWS::IAM::Role").unwrap().problem(&"a".repeat(65)), Some(BadName::Long));
    }
}
