"""Every case of the corpus gives its report: the same bytes as from Rust."""

import json
import subprocess

import pytest
from conftest import CASES, CORPUS, NOW, ROOT, comparable, load

import admit


CAME = ("verdict", "fault", "skipped")


def outcome_json(outcome):
    """What an outcome's attributes say, as the report has it."""
    came = {"policy": outcome.policy}
    if outcome.verdict is not None:
        came["verdict"] = verdict = {
            "effect": outcome.verdict.effect,
            "code": outcome.verdict.code,
            "detail": outcome.verdict.detail,
        }
        if outcome.verdict.notes:
            notes = outcome.verdict.notes
            verdict["notes"] = [{"code": code, "detail": detail} for code, detail in notes]
        if outcome.verdict.approval_stage is not None:
            verdict["approvalStage"] = stage_json(outcome.verdict.approval_stage)
    if outcome.fault is not None:
        fault = outcome.fault
        came["fault"] = {"kind": str(fault.kind), "detail": fault.detail}
        assert fault.kind.code == fault.code
    if outcome.skipped is not None:
        came["skipped"] = outcome.skipped
    return came


def stage_json(stage):
    """An approval stage's attributes, as the report has them."""

    def approver(approver):
        known = {name: getattr(approver, name) for name in ("id", "level", "rule")}
        known = {name: value for name, value in known.items() if value is not None}
        described = {"description": approver.description} if approver.description else {}
        return {"kind": approver.kind, **known, **described}

    seconds = {"escalateAfterSeconds": stage.escalate_after_seconds}
    return {
        "denyAfterSeconds": stage.deny_after_seconds,
        **({} if stage.escalate_after_seconds is None else seconds),
        "requireJustification": stage.require_justification,
        "primaryApprovers": [approver(one) for one in stage.primary],
        "fallbackPrimaryApprovers": [approver(one) for one in stage.fallback_primary],
        "escalationApprovers": [approver(one) for one in stage.escalation],
        "fallbackEscalationApprovers": [approver(one) for one in stage.fallback_escalation],
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case):
    policies = load(case.set)
    payload = case.callout.read_bytes()
    report = policies.evaluate(payload, now=case.now)
    assert comparable(report.to_json()) == case.expect.read_text(encoding="utf-8")
    assert (report.resume_body is not None) == case.is_answered
    assert (report.no_answer_reason is None) == case.is_answered
    assert report.now == case.now

    said = json.loads(case.expect.read_text(encoding="utf-8"))
    decision = said["decision"]
    assert report.decision == (decision and decision["effect"])
    assert [reason.code for reason in report.reasons] == [
        reason["code"] for reason in (decision or {"reasons": []})["reasons"]
    ]
    if case.is_answered:
        answer = said["answer"]
        assert json.loads(report.resume_body) == answer["body"] == report.resume_request.body
        assert report.resume_request.path == answer["path"]
        assert report.resume_request.method == answer["method"]
        assert report.resume_request.headers == answer["headers"]
        assert report.resume_request.content == report.resume_body

    assert [outcome_json(outcome) for outcome in report.outcomes] == [
        {key: value for key, value in outcome.items() if key in ("policy", *CAME)}
        for outcome in said["outcomes"]
    ]

    # However the payload is given, the answer is the same.
    text = payload.decode("utf-8-sig")
    for given in text, json.loads(text), admit.Callout.parse(payload):
        again = policies.evaluate(given, now=case.now)
        assert again.resume_body == report.resume_body
        assert again.decision == report.decision

    # From the record alone, without a source: the same bytes.
    evidence = report.to_json(evidence=True)
    recorded = admit.RecordedFacts.from_json(evidence)
    assert recorded == report.facts
    again = policies.evaluate(payload, now=case.now, facts=recorded)
    assert again.to_json(evidence=True) == evidence


# A process for each: one set with facts, one without.
@pytest.mark.parametrize("name", ["contoso-13-two-reasons", "partners-13-external-requestor"])
def test_the_command_line_says_the_same_bytes(name):
    case = next(case for case in CASES if case.name == name)
    command = [ROOT / "target" / "release" / "admit", "eval", "--format", "json", "--evidence"]
    command += ["--set", case.set, "--now", case.now.isoformat(), case.callout]
    said = subprocess.run(command, capture_output=True, check=False, text=True)
    report = load(case.set).evaluate(case.callout.read_bytes(), now=case.now)
    # Digests and fuel, too.
    assert report.to_json(evidence=True) + "\n" == said.stdout


INVALID = {
    "answers-is-an-object": admit.CalloutTypeError,
    "callback-path-is-absolute-url": admit.CalloutCallbackPathError,
    "callback-path-names-other-request": admit.CalloutCallbackPathError,
    "case-variant-duplicate-key": admit.CalloutRepeatedError,
    "duplicate-stage-key": admit.CalloutRepeatedError,
    "envelope-type-contradicts-stage": admit.CalloutEnvelopeError,
    "missing-instance-id": admit.CalloutMissingError,
    "missing-stage": admit.CalloutMissingError,
    "not-an-object": admit.CalloutTypeError,
    "stage-is-a-number": admit.CalloutTypeError,
    "truncated": admit.CalloutSyntaxError,
    "unknown-stage": admit.CalloutStageError,
}


def test_every_invalid_callout_is_tried():
    files = (CORPUS / "callouts" / "invalid").glob("*.json")
    assert {file.stem for file in files} == set(INVALID)


@pytest.mark.parametrize("name", INVALID)
def test_invalid_callouts_are_refused(name, partners):
    payload = (CORPUS / "callouts" / "invalid" / f"{name}.json").read_bytes()
    with pytest.raises(INVALID[name]) as refused:
        partners.evaluate(payload, now=NOW)
    assert type(refused.value) is INVALID[name]
    [error] = partners.evaluate_many([payload], now=NOW)
    assert type(error) is INVALID[name]
    assert str(error) == str(refused.value)
