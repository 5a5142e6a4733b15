"""The corpus that every binding is held against, and sets that are loaded once."""

import functools
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import pytest

import admit

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[3]
CORPUS = ROOT / "tests" / "corpus"
COMPONENTS = CORPUS / "components"
NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
CREATED = CORPUS / "callouts" / "01-request-created.flat.json"


@dataclass(frozen=True)
class Case:
    """A case of `tests/corpus/cases`."""

    name: str
    set: Path
    callout: Path
    now: datetime
    exit: int
    expect: Path

    @property
    def is_answered(self) -> bool:
        return self.exit in (0, 10, 11, 12)


def instant(text: str) -> datetime:
    """What `fromisoformat` reads since Python 3.11."""
    seconds = "%S.%f" if "." in text else "%S"
    return datetime.strptime(text, f"%Y-%m-%dT%H:%M:{seconds}%z")


def read_case(folder: Path) -> Case:
    case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    return Case(
        name=folder.name,
        set=CORPUS / "sets" / case["set"] / "admit.toml",
        callout=CORPUS / case["callout"],
        now=instant(case["now"]),
        exit=case["exit"],
        expect=folder / "expect.json",
    )


CASES = [read_case(folder) for folder in sorted((CORPUS / "cases").iterdir())]


@functools.cache
def load(file: Path) -> admit.PolicySet:
    """A set, loaded once for all of its cases."""
    return admit.PolicySet.from_file(file, prepare="each-time")


def comparable(report: str) -> str:
    """A report's JSON, a member a line, without what depends on the compiler that built the policies:
    what `comparable` in `tests/src/cases.rs` gives."""
    for outcome in json.loads(report)["outcomes"]:
        if "sha256" in outcome:
            digest = json.dumps(outcome["sha256"])
            report = report.replace(f'"sha256":{digest}', '"sha256":"(of the component)"')
        if "fuel" in outcome.get("usage", {}):
            fuel = f'"fuel":{outcome["usage"]["fuel"]},'
            report = report.replace(fuel, '"fuel":"(some)",')
    return json.dumps(json.loads(report), indent=2, ensure_ascii=False) + "\n"


@pytest.fixture(scope="session")
def payload() -> bytes:
    """A request of someone at contoso.example."""
    return CREATED.read_bytes()


@pytest.fixture(scope="session")
def partners() -> admit.PolicySet:
    """The set of the README."""
    return load(CORPUS / "sets" / "partners" / "admit.toml")


def say(effect: str, **settings: object) -> admit.Policy:
    """A policy that says what its settings tell it."""
    said = {"effect": effect, **settings}
    return admit.Policy("say", COMPONENTS / "say.wasm", settings=said)


@functools.cache
def hostile(name: str, facts: tuple[str, ...] = ()) -> bytes:
    """A component of `tests/guests/hostile`, completed as `tests/tests/guests.rs` does."""
    text = (ROOT / "tests" / "guests" / "hostile" / f"{name}.wat").read_text(encoding="utf-8")
    for part, complete in {
        "(memory (export": '(memory (export "memory") 1)',
        '"cabi_realloc"': '(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096))',
        '"configure"': '(func (export "configure") (result i32) (i32.const 1024))',
    }.items():
        if part not in text:
            text += complete
    with tempfile.TemporaryDirectory() as folder:
        module, built = Path(folder, f"{name}.wat"), Path(folder, f"{name}.wasm")
        module.write_text(f"(module {text})", encoding="utf-8")
        module.with_name("policy.toml").write_text(
            f'name = "hostile"\nversion = "0.0.0"\ndescription = ""\n'
            f'stages = ["assignmentRequestCreated"]\nfacts = {json.dumps(facts)}\n'
        )
        command = [ROOT / "target" / "release" / "admit", "build", module, "--output", built]
        subprocess.run(command, check=True, capture_output=True)
        return built.read_bytes()


def ask(source, *lookups, limits=None) -> admit.PolicySet:
    """A set whose policy looks up a key of one source, or these."""
    lookups = lookups or ({"collection": "people", "key": "one"},)
    settings = {"lookups": list(lookups)}
    policy = admit.Policy("ask", COMPONENTS / "ask.wasm", settings=settings, facts=["people"])
    return admit.PolicySet(
        [policy], source="Contoso.Test", facts={"people": source}, limits=limits, prepare="each-time"
    )
