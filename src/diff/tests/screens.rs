//! Whole screens: several stacks, and comments on pull requests.

use super::*;

#[test]
fn stacks_alike_are_told_once() {
    let named = |name: &str, diff: StackDiff| StackDiff { stack: name.to_owned(), ..diff };
    let queue = |delay: u32| {
        format!("Resources: {{ A: {{ Type: AWS::SQS::Queue, Properties: {{ DelaySeconds: {delay} }} }} }}")
    };
    let diffs = [
        named("blue", diff(&queue(1), &queue(2))),
        named("network", diff(&queue(1), &queue(1))),
        named("green", diff(&queue(1), &queue(2))),
        named("patching", diff(&queue(1), &queue(3))),
    ];
    insta::assert_snapshot!(render::human(&diffs, &render::Palette::plain()).as_str(), @r"
blue, green (2 stacks alike): 1 to change
  ~ AWS::SQS::Queue A
      ~ DelaySeconds: 1 → 2

patching: 1 to change
  ~ AWS::SQS::Queue A
      ~ DelaySeconds: 1 → 3

1 stack unchanged: network
");
}

#[test]
fn a_comment_on_a_pull_request() {
    let text = |name: &str| {
        format!(
            "
Resources:
  Topic: {{ Type: AWS::SNS::Topic, Properties: {{ TopicName: '{name}' }} }}
  A: {{ Type: AWS::SSM::Parameter, Properties: {{ Value: !Ref Topic }} }}
  B: {{ Type: AWS::SSM::Parameter, Properties: {{ Value: !Sub 'x ${{Topic}}' }} }}
  C: {{ Type: AWS::SSM::Parameter, Properties: {{ Value: !GetAtt Topic.TopicArn }} }}"
        )
    };
    let queue = "Resources: { A: { Type: AWS::SQS::Queue } }";
    let with_delay = "Resources: { A: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 1 } } }";
    let named = |name: &str, diff: StackDiff| StackDiff { stack: name.to_owned(), ..diff };
    let diffs = [
        named("web", diff(&text("a"), &text("```<b>"))),
        named("queue", diff(queue, with_delay)),
        named("network", diff(queue, queue)),
    ];
    insta::assert_snapshot!(render::markdown("prod", &diffs, &[]).as_str(), @r"
    <!-- asagi diff prod -->
    ### asagi diff `prod`: something is replaced

    <details open><summary><code>web</code>: 3 to change, 1 to replace</summary>

    ````diff
    !  -/+ AWS::SNS::Topic Topic, replaced: the old one is deleted
           ~ TopicName: a → ```<b>  forces replacement
       ~ AWS::SSM::Parameter ×3 A, B, C
           what they refer to: Topic is replaced
    ````

    </details>

    <details><summary><code>queue</code>: 1 to change</summary>

    ```diff
       ~ AWS::SQS::Queue A
    +      DelaySeconds: 1
    ```

    </details>

    1 stack unchanged: `network`
    ");
}

#[test]
fn those_that_follow_another_stack_are_told_together() {
    let alarm = |name: &str| {
        format!(
            "  {name}: {{ Type: AWS::CloudWatch::Alarm, Properties: {{ Dimensions: [{{ Name: LoadBalancer, Value: !Ref Balancer }}] }} }}\n"
        )
    };
    let text = format!(
        "
Parameters: {{ Balancer: {{ Type: String }} }}
Resources:
{}{}{}  Board: {{ Type: AWS::CloudWatch::Dashboard, Properties: {{ DashboardBody: !Sub \"of\\n${{Balancer}}\" }} }}",
        alarm("Slow"),
        alarm("Failing"),
        alarm("Idle"),
    );
    let with = |value: Effective| {
        let mut side = side(&text, &[]);
        side.parameters.insert("Balancer".to_owned(), value);
        side
    };
    let [before, after] = [Effective::unknown("load-balancer.Name"), Effective::anew("load-balancer.Name")];
    insta::assert_snapshot!(human(&diff_stack(&with(after), Some(&with(before)))), @r"
idhub-prod-web: 4 to change
  ~ AWS::CloudWatch::Alarm ×3 Slow, Failing, Idle
      what they refer to: load-balancer.Name is made anew
  ~ AWS::CloudWatch::Dashboard Board
      ~ DashboardBody: (as deployed) → (known after apply)  (Balancer)
");
}
