#!/bin/sh
# Publishes an access token to the secrets of a GitHub repository. Run it every 30
# minutes on the one machine that is logged in. A token that it publishes lasts
# for 45 minutes or longer, so a job always has at least 15 minutes.
set -eu

token=$(appypie token --profile ci --min-life 45m)

printf '%s' "$token" | jq -r .access_token | gh secret set APPYPIE_ACCESS_TOKEN
printf '%s' "$token" | jq -r .expires_at | gh secret set APPYPIE_ACCESS_TOKEN_EXPIRES_AT
