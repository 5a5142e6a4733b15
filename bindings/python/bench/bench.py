"""From a payload's bytes to a body's bytes: this package, Rust, and its peers, in one run.

`make bench-python` runs it. Contestants take turns in short rounds, so that what else the machine does
strikes all alike; medians of the rounds are printed, and what is faster or slower by ratio. Before anything
is timed, all must give the same body.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cedarpy
import extism
import wasmtime

import admit

ROOT = Path(__file__).resolve().parents[3]
ALLOWED = [
    "northwind.example",
    "woodgrove.example",
    "adatum.example",
    "fabrikam.example",
    "contoso.example",
]
SOURCE = "Contoso.Bench"
ROUND = 0.002
"""Seconds of a round of one contestant."""
BOTH_FREE = 1.9
"""What two processes do in the time of one where the machine has two processors for them."""

Evaluate = Callable[[bytes], bytes]


def answer(callout: dict, is_allowed: bool) -> bytes:
    """The body, where a host has to make it by itself."""
    data = {
        "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestCallbackData",
        "stage": callout["Stage"],
        "customExtensionStageInstanceId": callout["CustomExtensionStageInstanceId"],
    }
    if not is_allowed:
        data["customExtensionStageInstanceDetail"] = "A mail domain is not admitted."
        data["state"] = "denied"
    kind = f"microsoft.graph.accessPackageCustomExtensionStage.{callout['Stage']}"
    body = {"source": SOURCE, "type": kind, "data": data}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def pure_python(payload: bytes) -> bytes:
    callout = json.loads(payload)
    people = (callout.get("Requestor"), (callout.get("Assignment") or {}).get("Target"))
    mails = [(person or {}).get("Email") or "" for person in people]
    is_allowed = all(mail.rpartition("@")[2].lower() in ALLOWED for mail in mails)
    return answer(callout, is_allowed)


def cedar() -> Evaluate:
    """Cedar permits or denies, and no more: reading the callout and writing the body is Python's."""
    domains = " || ".join(f'context.MAIL like "*@{domain}"' for domain in ALLOWED)
    when = [f"({domains})".replace("MAIL", mail) for mail in ("requestor", "target")]
    policy = f"permit (principal, action, resource) when {{ {' && '.join(when)} }};"

    def evaluate(payload: bytes) -> bytes:
        callout = json.loads(payload)
        request = {
            "principal": 'User::"requestor"',
            "action": 'Action::"request"',
            "resource": 'Package::"package"',
            "context": {
                "requestor": callout["Requestor"]["Email"].lower(),
                "target": callout["Assignment"]["Target"]["Email"].lower(),
            },
        }
        return answer(callout, cedarpy.is_authorized(request, policy, []).allowed)

    return evaluate


def extism_fresh(module: bytes) -> Evaluate:
    manifest = {"wasm": [{"data": module}], "timeout_ms": 250}
    return lambda payload: bytes(extism.Plugin(manifest).call("evaluate", payload))


def extism_reused(module: bytes) -> Evaluate:
    plugin = extism.Plugin({"wasm": [{"data": module}], "timeout_ms": 250})
    return lambda payload: bytes(plugin.call("evaluate", payload))


def call_module(
    store: wasmtime.Store, exports: "wasmtime.InstanceExports", payload: bytes
) -> bytes:
    memory = exports["memory"]
    place = exports["allocate"](store, len(payload))
    memory.write(store, payload, place)
    body = exports["evaluate"](store, place, len(payload))
    start = body >> 32
    return bytes(memory.read(store, start, start + (body & 0xFFFFFFFF)))


def wasmtime_fresh(module: bytes) -> Evaluate:
    config = wasmtime.Config()
    config.consume_fuel = True
    engine = wasmtime.Engine(config)
    compiled = wasmtime.Module(engine, module)

    def evaluate(payload: bytes) -> bytes:
        store = wasmtime.Store(engine)
        store.set_fuel(50_000_000)
        return call_module(store, wasmtime.Instance(store, compiled, []).exports(store), payload)

    return evaluate


def wasmtime_reused(module: bytes) -> Evaluate:
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    exports = wasmtime.Instance(store, wasmtime.Module(engine, module), []).exports(store)
    return lambda payload: call_module(store, exports, payload)


class Rust:
    """The same call in Rust, in a process of its own that is asked for rounds."""

    def __init__(self, program: Path, set_file: Path, payload: Path) -> None:
        self.process = subprocess.Popen(
            [program, set_file, payload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.body = self.process.stdout.readline().strip().encode()

    def begin(self, calls: int) -> None:
        print(calls, file=self.process.stdin, flush=True)

    def end(self) -> float:
        """Seconds of a call."""
        return int(self.process.stdout.readline()) / 1e9

    def time(self, calls: int) -> float:
        """The same, from beginning to end."""
        self.begin(calls)
        return self.end()


def timed(evaluate: Evaluate, payload: bytes, calls: int) -> float:
    """Seconds of a call."""
    start = time.perf_counter()
    for _ in range(calls):
        evaluate(payload)
    return (time.perf_counter() - start) / calls


def table(rows: dict[str, list[float]], ours: str) -> None:
    us = statistics.median(rows[ours])
    print(f"{'':44} {'us':>8} {'p10':>8} {'p90':>8} {'to ours':>9}")
    for name, times in rows.items():
        deciles = statistics.quantiles(times, n=10)
        median = statistics.median(times)
        ratio = statistics.median(a / b for a, b in zip(times, rows[ours]))
        figures = [median * 1e6, deciles[0] * 1e6, deciles[-1] * 1e6]
        print(f"{name:44}", *(f"{figure:8.2f}" for figure in figures), f"{ratio:9.2f}")


def rounds(contestants: dict[str, Callable[[int], float]], count: int) -> dict[str, list[float]]:
    calls = {name: max(1, round(ROUND / timed(3))) for name, timed in contestants.items()}
    calls = {name: max(1, round(ROUND / run(calls[name]))) for name, run in contestants.items()}
    times = {name: [] for name in contestants}
    for _ in range(count):
        for name, run in contestants.items():
            times[name].append(run(calls[name]))
    return times


def many(policies: admit.PolicySet, payload: bytes, rust: list["Rust"], count: int) -> None:
    """Two threads against one, and beside them what the machine gives to two of anything: two processes
    of Rust, which share nothing, against one."""
    payloads = [payload] * 10_000

    def threads(number: int) -> float:
        start = time.perf_counter()
        results = policies.evaluate_many(payloads, threads=number)
        seconds = time.perf_counter() - start
        assert all(isinstance(result, admit.Report) for result in results)
        return seconds

    def processes(number: int) -> float:
        start = time.perf_counter()
        for process in rust[:number]:
            process.begin(len(payloads) // number)
        for process in rust[:number]:
            process.end()
        return time.perf_counter() - start

    threads(2)  # The allocator has its memory then.
    times = [
        [work(number) for work in (threads, processes) for number in (1, 2)] for _ in range(count)
    ]
    one, two, _, _ = (len(payloads) / statistics.median(column) for column in zip(*times))
    scale = [(row[0] / row[1], row[2] / row[3]) for row in times]
    ours, machines = (statistics.median(column) for column in zip(*scale))
    free = [ours for ours, machines in scale if machines >= BOTH_FREE]
    print(f"evaluate_many, 10,000 callouts: {one:,.0f} a second on one thread, {two:,.0f} on two")
    print(f"  two threads are {ours:.2f} of one; two processes of Rust, which share nothing, {machines:.2f}")
    if free:
        print(
            f"  in the {len(free)} of {count} rounds where the processes were {BOTH_FREE} and more,"
            f" two threads are {statistics.median(free):.2f} of one"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rust", type=Path, required=True, help="the program `rounds`")
    parser.add_argument("--guests", type=Path, required=True, help="the folder of the guests")
    parser.add_argument("--rounds", type=int, default=200)
    given = parser.parse_args()

    payload = json.loads((ROOT / "tests/corpus/callouts/10-answers-all-kinds.flat.json").read_bytes())
    payload = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    folder = given.guests / "bench-python"
    folder.mkdir(exist_ok=True)
    component = ROOT / "tests/corpus/components/partner_domains.wasm"
    (folder / "callout.json").write_bytes(payload)
    (folder / "admit.toml").write_text(
        f'source = "{SOURCE}"\n[[policy]]\nid = "partner-domains"\n'
        f'component = "{component}"\n[policy.settings]\nallowed-domains = {json.dumps(ALLOWED)}\n'
    )
    policies = admit.PolicySet.from_file(folder / "admit.toml")
    rust, other = (
        Rust(given.rust, folder / "admit.toml", folder / "callout.json") for _ in range(2)
    )
    plain = (given.guests / "guest_plain.wasm").read_bytes()
    plugin = (given.guests / "guest_extism.wasm").read_bytes()
    contestants: dict[str, Evaluate] = {
        "admit, bytes": lambda payload: policies.evaluate(payload).resume_body,
        "pure Python, no sandbox": pure_python,
        "cedarpy, no sandbox, permit or deny": cedar(),
        "wasmtime-py, fresh": wasmtime_fresh(plain),
        "extism, fresh": extism_fresh(plugin),
        "wasmtime-py, one instance for all": wasmtime_reused(plain),
        "extism, one instance for all": extism_reused(plugin),
    }
    for name, evaluate in contestants.items():
        assert evaluate(payload) == rust.body, name
    runs = {
        name: lambda calls, evaluate=evaluate: timed(evaluate, payload, calls)
        for name, evaluate in contestants.items()
    }
    document = json.loads(payload)
    as_dict = contestants["admit, bytes"]
    runs = {
        "admit, bytes": runs.pop("admit, bytes"),
        "admit, dict": lambda calls: timed(as_dict, document, calls),
        "the same call in Rust": rust.time,
        **runs,
    }
    print(f"Python {sys.version.split()[0]}, {len(payload)} bytes to {len(rust.body)}, one policy")
    table(rounds(runs, given.rounds), "admit, bytes")
    many(policies, payload, [rust, other], max(3, given.rounds // 5))


main()
