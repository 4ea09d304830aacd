//! The diff of a large template: 500 resources that name each other, fifty of them changed.

use std::fmt::Write as _;
use std::time::Duration;

use asagi::cfn::{Surroundings, Template};
use asagi::diff::render::{Palette, human};
use asagi::diff::{Side, diff_stack};

use crate::measure::shortest;

const RESOURCES: usize = 500;

/// From two texts to what a person reads.
pub(crate) fn time() -> Duration {
    let (before, after) = (template(30), template(60));
    let told = told_of(&before, &after);
    assert!(told.contains("30 → 60"), "{told}");
    shortest(10, || drop(std::hint::black_box(told_of(&before, &after))))
}

fn told_of(before: &str, after: &str) -> String {
    let side = |text: &str| Side {
        template: Template::parse(text).expect("a template"),
        surroundings: Surroundings { stack_name: "large".to_owned(), ..Surroundings::default() },
        ..Side::default()
    };
    human(&[diff_stack(&side(after), Some(&side(before)))], &Palette::plain()).as_str().to_owned()
}

/// Queues, each with an alarm that names it and a log group; every tenth has the timeout.
fn template(timeout: u32) -> String {
    let mut text = "Resources:\n".to_owned();
    for number in 0..RESOURCES / 2 {
        let seconds = if number % 5 == 0 { timeout } else { 30 };
        let _ = write!(
            text,
            "  Queue{number}:
    Type: AWS::SQS::Queue
    Properties: {{ VisibilityTimeout: {seconds}, KmsMasterKeyId: alias/aws/sqs }}
  Alarm{number}:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmDescription: !Sub \"messages wait in ${{Queue{number}}}\"
      Namespace: AWS/SQS
      MetricName: ApproximateAgeOfOldestMessage
      Dimensions: [{{ Name: QueueName, Value: !GetAtt Queue{number}.QueueName }}]
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 5
      Period: 60
      Statistic: Maximum
      Threshold: {seconds}
"
        );
    }
    text
}
