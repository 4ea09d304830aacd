#!/bin/bash
# What differs by environment is read at boot: the same image serves all of them.
set -euo pipefail
token=$(curl -sS -X PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 300')
region=$(curl -sS -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/placement/region)

umask 077
mkdir -p /etc/idhub
aws ssm get-parameters-by-path --region "$region" --path /idhub-40/hlp --recursive --with-decryption \
  --query 'Parameters[].[Name,Value]' --output text |
  while IFS=$'\t' read -r name value; do
    printf '%s=%q\n' "$(basename "$name" | tr 'a-z-' 'A-Z_')" "$value"
  done > /etc/idhub/idhub.env
aws secretsmanager get-secret-value --region "$region" --secret-id idhub-40/hlp/database \
  --query SecretString --output text > /etc/idhub/database.json
chown -R root:tomcat /etc/idhub
chmod 0750 /etc/idhub
chmod 0640 /etc/idhub/idhub.env /etc/idhub/database.json
systemctl restart tomcat10
