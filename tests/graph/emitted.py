"""The answers that the command line gives for the corpus, by running it."""

import functools
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests/corpus"


@dataclass(frozen=True)
class Answer:
    """An answer to send, with the name of the case that gives it."""

    case: str
    effect: str
    path: str
    headers: dict
    body: bytes

    @property
    def data(self) -> dict:
        return json.loads(self.body)["data"]

    @property
    def stage(self) -> dict | None:
        """The approval stage, where the answer has one."""
        return self.data.get("approvalStage")

    @property
    def version(self) -> str:
        """`v1.0` or `beta`."""
        return self.path.split("/")[1]


@functools.cache
def answers() -> list[Answer]:
    """The answer of every case that has one."""
    folders = [
        expect.parent
        for expect in sorted(CORPUS.glob("cases/*/expect.json"))
        if json.loads(expect.read_bytes())["answer"]
    ]
    with ThreadPoolExecutor() as pool:
        return list(pool.map(_answer, folders))


def _answer(folder: Path) -> Answer:
    case = tomllib.loads((folder / "case.toml").read_text("utf-8"))
    printed = _eval(case)
    report = _eval(case, "--format", "json")

    body = printed.removesuffix(b"\n")
    answer = json.loads(report)["answer"]
    expected = json.loads((folder / "expect.json").read_bytes())["answer"]
    if answer != expected or b'"body":' + body + b"}" not in report:
        raise AssertionError(
            f"{folder.name}: `eval` prints, the report has and the case expects different answers:"
            f"\n{printed}\n{answer}\n{expected}"
        )
    return Answer(
        case=folder.name,
        effect=json.loads(report)["decision"]["effect"],
        path=answer["path"],
        headers=answer["headers"],
        body=body,
    )


def _eval(case: dict, *options: str) -> bytes:
    run = subprocess.run(
        [
            ROOT / "target/release/admit",
            "eval",
            *("--set", CORPUS / "sets" / case["set"] / "admit.toml"),
            *("--now", case["now"]),
            *options,
            CORPUS / case["callout"],
        ],
        capture_output=True,
    )
    if run.returncode != case["exit"]:
        raise AssertionError(f"{case}: exit code {run.returncode}: {run.stderr.decode()}")
    return run.stdout
