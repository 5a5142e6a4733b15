#!/usr/bin/env bash
# `make demo`: callouts of the worked set, what its policies say, and the answers for Graph.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/target/release:$PATH

# Shows a command and runs it, which must end with the exit code that is given first. What is said
# goes to standard error, the body to standard output.
run() {
    local code=0
    echo "\$ $2"
    eval "$2" || code=$?
    [ $code = 0 ] || echo "(exit $code)"
    [ $code = "$1" ]
}

run 0 'cd tests/corpus/sets/contoso; at="--now 2026-11-20T12:00:00Z"'
echo
echo "Noor Halvorsen asks to read the finance reports:"
run 0 'admit eval $at callouts/01-approved.flat.json | fold'
echo
echo "Kwame Boateng, who pays invoices, asks to enter them. Why not?"
run 10 'admit eval $at --explain callouts/02-conflict-of-duties.flat.json | fold'
echo
echo "The seats of Design Studio are gone:"
run 11 'admit eval $at callouts/11-no-seats.flat.json | fold'
echo
echo "Who approves? The approver of Noor Halvorsen's cost center:"
run 12 'admit eval $at callouts/15-approver-by-cost-center.flat.json | fold'
echo
echo "A report with its evidence repeats the decision, and no database is opened:"
run 0 'callout=callouts/11-no-seats.flat.json; report=$(mktemp)'
trap 'rm -f "$report"' EXIT
run 11 'admit eval $at --format json --evidence $callout > $report'
run 11 'admit eval $at --facts $report $callout | fold'
