//! The scenarios, a file for each kind.

mod creation;
mod deletion;
mod failures;
mod parameters;
mod refusals;
mod updates;

/// Two parameters of Parameter Store, one after the other, and a queue whose settings come from parameters.
const SHOP: &str = r#"
Parameters:
  Seconds: { Type: Number, Default: 30 }
  Color: { Type: String, Default: blue, AllowedValues: [blue, green] }
Resources:
  First:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Value: !Ref Color }
  Second:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Value: !Sub "after ${First}" }
  Queue:
    Type: AWS::SQS::Queue
    Properties: { VisibilityTimeout: !Ref Seconds }
Outputs:
  Color: { Value: !Ref Color }
  First: { Value: !Ref First }
"#;

/// A target group whose port makes another one of it, and what refers to it.
const GROUP: &str = r#"
Parameters:
  Port: { Type: Number, Default: 80 }
Resources:
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Port: !Ref Port, Protocol: HTTP, VpcId: vpc-1 }
  Note:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Value: !Ref Group }
Outputs:
  Group: { Value: !Ref Group }
"#;
