"""Gives everyone back to the old slot when the new one's alarm speaks in a rollout that is on its way.

It runs in the account, so it needs nobody's machine. It asks the account again before it moves anything: what the
alarm says of a slot that is no candidate, of a rollout that is over, or of two slots that are both unwell, moves
nothing and is only told.
"""
import datetime
import json
import time

import boto3

OVER = ("none", "provision", "verify", "emptied", "complete", "rolled-back")
# Seconds: a step of an automation ends after ten minutes, and begins again while it has tries left.
PATIENCE = 480
STALE = 900

def give_back(event, _context):
    clients = [boto3.client(name) for name in ("cloudformation", "cloudwatch", "elbv2", "sns")]
    return Guard(event, *clients).run()

class Guard:
    def __init__(self, event, cloudformation, cloudwatch, elbv2, sns):
        self.event, self.deadline = event, time.time() + PATIENCE
        self.cloudformation, self.cloudwatch, self.elbv2, self.sns = cloudformation, cloudwatch, elbv2, sns

    def run(self):
        stack = self.settled()
        values = {it["ParameterKey"]: it.get("ParameterValue", "") for it in stack["Parameters"]}
        record = json.loads(values["RolloutRecord"])
        why_not = self.nothing_to_do(record) or self.worse_off(stack, record)
        if why_not:
            return self.done("stays", why_not)
        self.move(stack, values, record)
        after = self.settled()
        if after["StackStatus"] != "UPDATE_COMPLETE":
            self.done("FAILED", "the way back ended as " + after["StackStatus"])
            raise RuntimeError(after["StackStatus"])
        return self.done("gave everyone back to " + record["from"], "because of alarm " + self.event["alarm"])

    def nothing_to_do(self, record):
        if record.get("phase") in OVER or not record.get("from") or not record.get("to"):
            return "no rollout is on its way"
        if record["from"] == record["to"]:
            return "instances are replaced in place: their group takes that back"
        if self.event["alarm"] != self.event["composites"][record["to"]]:
            return "it is not the alarm of " + record["to"] + ", where the release goes"
        spoke = seconds(self.event["time"])
        if spoke < seconds(record.get("started") or self.event["time"]):
            return "it spoke before this rollout began"
        if time.time() - spoke > STALE + PATIENCE:
            return "it spoke too long ago"
        return None

    def worse_off(self, stack, record):
        old = self.event["composites"][record["from"]]
        alarms = self.cloudwatch.describe_alarms(AlarmNames=[old], AlarmTypes=["CompositeAlarm"])
        if any(it["StateValue"] == "ALARM" for it in alarms.get("CompositeAlarms", [])):
            return "alarm " + old + " speaks as well: a person decides"
        outputs = {it["OutputKey"]: it["OutputValue"] for it in stack["Outputs"]}
        there, here = (self.healthy(outputs[record[side].capitalize() + "TargetGroupArn"]) for side in ("from", "to"))
        if 2 * there <= max(here, 1):
            return "only %d targets of %s are healthy, and %d of %s: a person decides" % (
                there, record["from"], here, record["to"])
        return None

    def healthy(self, group):
        seen = self.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return sum(it["TargetHealth"]["State"] == "healthy" for it in seen)

    def settled(self):
        while True:
            stack = self.cloudformation.describe_stacks(StackName=self.event["stack"])["Stacks"][0]
            status = stack["StackStatus"]
            if not status.endswith("_IN_PROGRESS") or status.endswith("CLEANUP_IN_PROGRESS"):
                return stack
            if time.time() > self.deadline:
                raise RuntimeError(self.event["stack"] + " is still " + status)
            time.sleep(self.event.get("poll", 5))

    def move(self, stack, values, record):
        whole = record["from"].capitalize() + "Weight"
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        back = dict(record, phase="rolled-back", at=now, by="guard", reason="alarm " + self.event["alarm"])
        moved = {"StickinessSeconds": "0", "RolloutRecord": json.dumps(back, separators=(",", ":"))}
        for name in values:
            if name.endswith("BlueWeight") or name.endswith("GreenWeight"):
                moved[name] = "100" if name.endswith(whole) else "0"
        self.cloudformation.update_stack(
            StackName=stack["StackId"],
            UsePreviousTemplate=True,
            Parameters=[
                {"ParameterKey": name, "ParameterValue": moved[name]} if name in moved
                else {"ParameterKey": name, "UsePreviousValue": True}
                for name in values
            ],
            # Triggers stay on a stack: without this the alarm that sent us here would take the way back away.
            RollbackConfiguration={"RollbackTriggers": [], "MonitoringTimeInMinutes": 0},
        )

    def done(self, what, why):
        subject = "%s: guard %s" % (self.event["role"], what)
        try:
            self.sns.publish(TopicArn=self.event["topic"], Subject=subject[:100], Message=subject + ": " + why)
        except Exception as error:  # nobody told is no reason to move nothing
            print(error)
        return {"did": what, "why": why}

def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
