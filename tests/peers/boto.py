"""boto3 behind standard input and output: one JSON request a line, one JSON answer a line.

{"service": "cloudformation", "operation": "describe_stacks", "with": {…}}      -> {"answer": {…}}
{"service": "cloudformation", "waiter": "stack_create_complete", "with": {…}}   -> {"answer": null}
where the service refuses                                                       -> {"refused": {"code", "message"}}
"""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

CLIENTS = {}
ONCE = Config(retries={"total_max_attempts": 1})


def client(service):
    if service not in CLIENTS:
        CLIENTS[service] = boto3.client(service, config=ONCE)
    return CLIENTS[service]


def answer(request):
    service = client(request["service"])
    if "waiter" in request:
        patience = {"Delay": 0.1, "MaxAttempts": 100}
        service.get_waiter(request["waiter"]).wait(**request["with"], WaiterConfig=patience)
        return None
    given = getattr(service, request["operation"])(**request["with"])
    given.pop("ResponseMetadata", None)
    return given


def main():
    for line in sys.stdin:
        try:
            reply = {"answer": answer(json.loads(line))}
        except ClientError as error:
            reply = {"refused": {"code": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}}
        except BotoCoreError as error:
            reply = {"refused": {"code": type(error).__name__, "message": str(error)}}
        print(json.dumps(reply, default=str), flush=True)


if __name__ == "__main__":
    main()
