#!/usr/bin/env bash
# `make demo`: real callouts, real policies, the answers for Graph.
set -euo pipefail
cd "$(dirname "$0")/.."
admit=target/release/admit
set=tests/corpus/sets/partners/admit.toml

show() {
    local callout=$1 now=$2 code=0
    echo
    echo "\$ admit eval --set $set --now $now $callout"
    "$admit" eval --set "$set" --now "$now" "$callout" || code=$?
    echo "(exit $code)"
}

callouts=tests/corpus/callouts
echo "A request of a colleague, outside and inside the freeze of the year's end:"
show $callouts/01-request-created.flat.json 2026-11-20T12:00:00Z
show $callouts/01-request-created.flat.json 2026-12-24T12:00:00Z
echo
echo "A service principal, which has no mail address:"
show $callouts/21-service-principal-target.enveloped.json 2026-11-20T12:00:00Z
echo
echo "Who approves access to the payments package?"
show $callouts/07-determining-approval.flat.json 2026-11-20T12:00:00Z
