"""Does what the value of the first answer says."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable

from admit_policy import (
    ApprovalStage,
    Callout,
    PolicyError,
    Settings,
    Verdict,
    abstain,
    approve,
    cancel,
    days,
    deny,
    group,
    log,
    manager,
    require_approval,
    user,
)


def configure(settings: Settings) -> Settings:
    """Keeps the settings, to be read by `settings`."""
    return settings


def evaluate(callout: Callout, settings: Settings) -> Verdict:
    """Does what is asked for."""
    case = callout.answers[0].value
    if case == "settings":
        return of_settings(settings)
    do = CASES.get(case or "")
    if do is None:
        raise PolicyError("no such case")
    return do(callout)


def approval(_: Callout) -> Verdict:
    """Every part of an approval stage."""
    stage = ApprovalStage(
        primary=[user("0a000000-0000-4000-8000-000000000001").described("First"), manager(1)],
        fallback_primary=[group("0a000000-0000-4000-8000-000000000002")],
        escalation=[user("0a000000-0000-4000-8000-000000000003")],
        deny_after=days(14),
        escalate_after=days(2),
        require_justification=True,
    )
    return require_approval("two-eyes", "Two look at it.", stage)


def notes(_: Callout) -> Verdict:
    """Further reasons."""
    return deny("no", "No.").note("first", "One.").note("second", "Two.")


def error(_: Callout) -> Verdict:
    """An error with a text of its own."""
    raise PolicyError("It does not work.")


def trap(_: Callout) -> Verdict:
    """The end of the interpreter, which no handler sees."""
    os.abort()


def nothing(_: Callout) -> Verdict:  # type: ignore[empty-body]
    """No verdict."""


def forgotten(_: Callout) -> Verdict:
    """A denial without its `return`."""
    deny("no", "No.")
    return approve("fine")


def wrong(_: Callout) -> Verdict:
    """Something else than a verdict."""
    return "approve", "fine"  # type: ignore[return-value]


def loop(_: Callout) -> Verdict:
    """Does not end."""
    while True:
        pass


def memory(_: Callout) -> Verdict:
    """Wants all memory."""
    held = []
    while True:
        held.append(bytearray(1 << 16))


def fact(callout: Callout) -> Verdict:
    """A part of a fact."""
    return approve("known", callout.fact("held", "somebody").text("/name") or "")


def missing_fact(callout: Callout) -> Verdict:
    """A fact that there is not."""
    if callout.fact("held", "nobody").lookup() is None:
        return deny("unknown", "Nothing is known.")
    return approve("known")


def ungranted(callout: Callout) -> Verdict:
    """A collection that was not granted. No handler may see that."""
    try:
        return approve("open", callout.fact("secrets", "x").lookup() or "")
    except BaseException:
        return approve("swallowed")


def of_settings(settings: Settings) -> Verdict:
    """Each type of a setting."""
    nested = settings.at("/nested")
    flag = json.dumps(nested.flag("/flag"))
    return approve("settings", f"{nested.text('/text')} {nested.integer('/integer')} {flag}")


def now(callout: Callout) -> Verdict:
    """The instant of the evaluation."""
    return approve("now", callout.now_text)


def say(_: Callout) -> Verdict:
    """A line of the log."""
    log.info("hello")
    return approve("fine")


def unicode(callout: Callout) -> Verdict:
    """Text beyond ASCII, in both directions."""
    return approve("unicode", f"{callout.requestor.display_name} ß漢🙂")


def answers(callout: Callout) -> Verdict:
    """All answers."""
    characters = sum(len(answer.value or "") for answer in callout.answers)
    return approve("answers", f"{len(callout.answers)} {characters}")


def clock(_: Callout) -> Verdict:
    """Asks the clock."""
    return approve("clock", str(time.time()))


def chance(_: Callout) -> Verdict:
    """Asks for a random number."""
    return approve("random", str(random.random()))


CASES: dict[str, Callable[[Callout], Verdict]] = {
    "approve": lambda _: approve("fine"),
    "deny": lambda _: deny("no", "No."),
    "cancel": lambda _: cancel("later", "Later."),
    "abstain": lambda _: abstain("none"),
    "approval": approval,
    "notes": notes,
    "error": error,
    "trap": trap,
    "nothing": nothing,
    "forgotten": forgotten,
    "wrong": wrong,
    "loop": loop,
    "memory": memory,
    "fact": fact,
    "missing-fact": missing_fact,
    "ungranted": ungranted,
    "now": now,
    "log": say,
    "unicode": unicode,
    "answers": answers,
    "clock": clock,
    "random": chance,
}
