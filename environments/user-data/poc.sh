#!/bin/bash
# The page says which instance answered, so that a shift of traffic can be seen.
set -euo pipefail
token=$(curl -sS -X PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 300')
instance=$(curl -sS -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/instance-id)
printf 'INSTANCE_ID=%s\n' "$instance" > /etc/poc.env
systemctl restart nginx
