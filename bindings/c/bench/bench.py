"""From a payload's bytes to a body's bytes, in C and in Rust, in one run; and how large the library is.

`make bench-c` runs it. Both sides are processes that take turns in short rounds, so that what else the machine does
strikes both alike. Before anything is timed they must give the same body.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROUND_NS = 2_000_000
"""Of a round of one side."""

GOAL = 1.05
"""C to Rust, at most."""


class Side:
    """A program that is asked for rounds."""

    def __init__(self, program: Path, set_file: Path, payload: Path, library: Path) -> None:
        self.process = subprocess.Popen(
            [program, set_file, payload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "LD_LIBRARY_PATH": str(library)},
            text=True,
            encoding="utf-8",
        )
        self.body = self.process.stdout.readline()
        if not self.body:
            raise SystemExit(f"{program} gave no body")

    def time(self, calls: int) -> int:
        """Nanoseconds of a call."""
        print(calls, file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())


def speed(given: argparse.Namespace) -> None:
    payload = json.loads((ROOT / "tests/corpus/callouts/10-answers-all-kinds.flat.json").read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        callout, set_file = Path(folder, "callout.json"), Path(folder, "admit.toml")
        callout.write_text(json.dumps(payload, separators=(",", ":"), ensure_ascii=False), "utf-8")
        component = ROOT / "tests/corpus/components/partner_domains.wasm"
        set_file.write_text(
            f'source = "Contoso.Bench"\n[[policy]]\nid = "partner-domains"\ncomponent = "{component}"\n'
            '[policy.settings]\nallowed-domains = ["contoso.example"]\n',
            "utf-8",
        )
        sides = {
            name: Side(program, set_file, callout, given.prefix / "lib")
            for name, program in {"C": given.c, "Rust": given.rust}.items()
        }
        if sides["C"].body != sides["Rust"].body:
            raise SystemExit("C and Rust give different bodies")
        # Warm first, and as many calls as fill a round.
        calls = max(1, ROUND_NS // max(side.time(2000) for side in sides.values()))
        times = {name: [] for name in sides}
        for turn in range(given.rounds):
            for name in sorted(sides, reverse=turn % 2 == 0):
                times[name].append(sides[name].time(calls))
        for name, of in times.items():
            tenths = statistics.quantiles(of, n=10)
            figures = [statistics.median(of), tenths[0], tenths[-1]]
            print(f"{name:5}", *(f"{figure / 1000:8.2f}" for figure in figures), "us: median, p10, p90")
        ratio = statistics.median(c / rust for c, rust in zip(times["C"], times["Rust"]))
        print(f"C to Rust {ratio:.3f}, at most {GOAL} is the goal ({given.rounds} rounds of {calls} calls)")


GROUPS = ("wasmtime", "cranelift", "admit", "wasm", "icu", "regex", "sqlite")
STANDARD = ("core", "alloc", "std", "hashbrown", "smallvec", "serde", "serde_core", "rayon", "rayon_core")


def crate(symbol: str) -> str:
    """Where a function comes from, by its name: the first crate in it that is not everybody's."""
    found = re.findall(r"(?<![:\w])_*([a-z][a-z0-9_]*)(?=::)", symbol) or [symbol]
    name = next((name for name in found if name not in STANDARD), "std")
    group = next((group for group in GROUPS if name.startswith(group)), None)
    if group is None and "::" not in symbol:
        return "without a crate: C, and what the compiler has made"
    return group or name


def size(given: argparse.Namespace) -> None:
    library = (given.prefix / "lib/libadmit.so").resolve()
    print(f"\n{library.name}, stripped: {library.stat().st_size / 1e6:.1f} MB, of which")
    sections = subprocess.run(["size", "-A", "-d", library], check=True, capture_output=True, text=True)
    rows = [line.split() for line in sections.stdout.splitlines() if line.startswith(".")]
    for name, bytes_, _ in sorted(rows, key=lambda row: -int(row[1]))[:6]:
        print(f"  {int(bytes_) / 1e6:6.2f} MB {name}")
    print("its code, by where it comes from:")
    symbols = subprocess.run(
        ["nm", "--print-size", "--demangle", "--defined-only", given.symbols], check=True, capture_output=True, text=True
    )
    by_crate = Counter()
    for line in symbols.stdout.splitlines():
        parts = line.split(" ", 3)
        if len(parts) == 4 and parts[2] in "tTwW":
            by_crate[crate(parts[3])] += int(parts[1], 16)
    largest = by_crate.most_common(12)
    for name, bytes_ in [*largest, ("others", sum(by_crate.values()) - sum(bytes_ for _, bytes_ in largest))]:
        print(f"  {bytes_ / 1e6:6.2f} MB {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--c", type=Path, required=True, help="the program of rounds.c")
    parser.add_argument("--rust", type=Path, required=True, help="the program of rounds.rs")
    parser.add_argument("--prefix", type=Path, required=True, help="where the library is installed")
    parser.add_argument("--symbols", type=Path, required=True, help="the library before it is stripped")
    parser.add_argument("--rounds", type=int, default=300)
    given = parser.parse_args()
    speed(given)
    size(given)


main()
