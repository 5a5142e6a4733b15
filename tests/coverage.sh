#!/usr/bin/env bash
# `make coverage`: how many lines of core/model its own tests and those of the corpus run. Lines of tests are
# not counted. What no test runs stands last in each row.
set -euo pipefail

# Cargo calls this script in place of the compiler for crates of the workspace, so that only they
# are instrumented; the others are shared with `make test`.
if [[ ${1-} == *rustc ]]; then
    exec "$@" -C instrument-coverage
fi

cd "$(dirname "$0")/.."
out=$PWD/target/coverage
tools=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
rm -rf "$out"
mkdir -p "$out"

export RUSTC_WORKSPACE_WRAPPER=$PWD/tests/coverage.sh
export LLVM_PROFILE_FILE=$out/%p-%m.profraw

for tests in "-p admit-model --lib" "--workspace --test corpus --test errors --test hostile_payloads --test laws --test lint --test schemas"; do
    # shellcheck disable=SC2086 # words
    "${CARGO:-cargo}" test --release --locked $tests >>"$out/log" 2>&1 || {
        cat "$out/log" >&2
        exit 1
    }
done
# Cargo says what it ran: `Running tests/corpus.rs (target/release/deps/corpus-...)`.
objects=$(sed -n 's/^ *Running .* (\(.*\))$/--object \1/p' "$out/log")

"$tools/llvm-profdata" merge --sparse --output="$out/all.profdata" "$out"/*.profraw
# shellcheck disable=SC2086 # words
"$tools/llvm-cov" export --format=lcov --instr-profile="$out/all.profdata" $objects \
    --sources core/model/src >"$out/all.lcov"

awk '
    function percent(run, lines) { return lines ? 100 * run / lines : 100 }
    function row(name, lines, run, missed) {
        return sprintf("%-24s %6d %6d %6.1f%% %s", name, lines, run, percent(run, lines), missed)
    }
    function note() {
        if (first) missed = missed " " (first == last ? first : first "-" last)
        first = 0
    }
    BEGIN { printf "%-24s %6s %6s %7s  %s\n", "core/model/src", "lines", "run", "", "not run" }
    # Where the tests at the end of a file begin.
    /^SF:/ {
        file = substr($0, 4); name = file; sub(/.*core\/model\/src\//, "", name)
        end = name ~ /(^|\/)tests\.rs$/ ? 0 : 1e9; is_test = 0; at = 0
        while (end && (getline line < file) > 0) {
            at++
            if (is_test && line ~ /^mod tests \{/) { end = at - 1; break }
            is_test = line ~ /^#\[cfg\(test\)\]/
        }
        close(file)
        lines = run = first = 0; missed = ""
    }
    /^DA:/ {
        split(substr($0, 4), of, ",")
        if (of[1] >= end) next
        lines++
        if (of[2] > 0) { run++; note(); next }
        if (!first) first = of[1]
        last = of[1]
    }
    /^end_of_record/ {
        note()
        if (lines) print row(name, lines, run, missed) | "sort"
        all_lines += lines; all_run += run
    }
    END { close("sort"); print row("total", all_lines, all_run, "") }
' "$out/all.lcov"
