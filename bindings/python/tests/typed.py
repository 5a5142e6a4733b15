"""What must have a type as it is written here: mypy reads it, and nobody runs it."""

import asyncio
from collections.abc import Mapping

import admit


class Asked:
    def __call__(self, key: str) -> dict[str, object]:
        return {}


def held(key: str) -> dict[str, list[str]] | None:
    return None


async def seats(key: str) -> object:
    return {}


def sources(known: Mapping[str, object]) -> admit.PolicySet:
    return admit.PolicySet.from_file(
        "admit.toml",
        facts={"held": held, "seats": seats, "asked": Asked(), "known": known, "file": "known.json"},
    )


async def tasks(policies: admit.PolicySet, callout: dict[str, object]) -> bytes | None:
    task = asyncio.create_task(policies.aevaluate(callout))
    report: admit.Report = await task
    first, second = await asyncio.gather(policies.aevaluate(b""), policies.aevaluate(""))
    return report.resume_body or first.resume_body or second.resume_body


def order(report: admit.Report) -> bool:
    return report.decision is not None and report.decision >= admit.Decision.WITHHOLD


LIMITS = {admit.Limits(fuel=False): "off", admit.Limits(deadline=1): "late"}
