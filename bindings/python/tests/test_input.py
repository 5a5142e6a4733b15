"""What may be given, and what may not: each a typed exception, never a crash, never an approval."""

import collections
import json
import types
from datetime import datetime, timedelta, timezone

import pytest
from conftest import COMPONENTS, CORPUS, NOW, ask, say

import admit


def document(payload):
    return json.loads(payload)


@pytest.mark.parametrize(
    ("value", "kind", "detail"),
    [
        (float("nan"), admit.CalloutSyntaxError, "a number that is not finite"),
        (float("-inf"), admit.CalloutSyntaxError, "a number that is not finite"),
        (10**30, admit.CalloutSyntaxError, "an integer of more than 64 bits"),
        ("\udc00", admit.CalloutSyntaxError, "a lone surrogate"),
        ({"\udc00": 1}, admit.CalloutSyntaxError, "a lone surrogate"),
        ({3: 4}, admit.CalloutSyntaxError, "a key of type int; keys are strings"),
        (b"bytes", admit.CalloutSyntaxError, "a value of type bytes"),
        (datetime.now(), admit.CalloutSyntaxError, "a value of type datetime"),
        (object(), admit.CalloutSyntaxError, "a value of type object"),
    ],
)
def test_values_that_json_does_not_have(partners, payload, value, kind, detail):
    callout = document(payload)
    callout["Extra"] = [0, value]
    with pytest.raises(kind) as refused:
        partners.evaluate(callout, now=NOW)
    assert type(refused.value) is kind
    assert refused.value.path == "/Extra/1"
    assert refused.value.detail.startswith(detail)
    with pytest.raises(kind):
        admit.Callout.parse(callout)
    assert admit.lint_callout(payload) == admit.lint_callout(document(payload))
    with pytest.raises(kind):
        admit.lint_callout(callout)


def test_cycles(partners, payload):
    callout = document(payload)
    callout["Extra"] = callout
    with pytest.raises(admit.CalloutLimitError):
        partners.evaluate(callout, now=NOW)
    items = []
    items.append(items)
    callout["Extra"] = items
    with pytest.raises(admit.CalloutLimitError):
        partners.evaluate(callout, now=NOW)
    with pytest.raises(admit.CalloutLimitError):
        admit.lint_callout(callout)
    assert "CalloutLimitError" in admit.lint_callout.__doc__
    for lint in admit.lint_resume, admit.lint_extension:
        with pytest.raises(admit.GraphObjectError):
            lint(callout)


def test_depth_is_that_of_the_text(partners, payload):
    """A mapping nests as deep as its text may."""
    for depth in range(60, 70):
        callout = document(payload)
        for _ in range(depth):
            callout["Extra"] = {"Extra": callout.pop("Extra", None)}
        results = partners.evaluate_many([callout, json.dumps(callout).encode()], now=NOW)
        assert type(results[0]) is type(results[1])


def test_mappings_of_every_kind(partners, payload):
    callout = document(payload)
    expected = partners.evaluate(payload, now=NOW).resume_body
    for given in (
        collections.OrderedDict(callout),
        types.MappingProxyType(callout),
        collections.ChainMap(callout),
        collections.UserDict(callout),
    ):
        assert partners.evaluate(given, now=NOW).resume_body == expected


class Interrupted:
    """Ctrl-C while `isinstance` asks whether it is a mapping."""

    @property
    def __class__(self):
        raise KeyboardInterrupt


def test_an_interrupt_while_a_type_is_asked_is_not_lost(partners, payload):
    nested = {**document(payload), "Extra": [Interrupted()]}
    for given in Interrupted(), nested:
        for take in (
            partners.evaluate,
            partners.aevaluate,
            admit.Callout.parse,
            admit.lint_callout,
            admit.lint_resume,
            admit.JsonFacts,
            lambda given: partners.evaluate_many([given]),
            lambda given: ask(lambda key: given).evaluate(payload),
        ):
            with pytest.raises(KeyboardInterrupt):
                take(given)
    with pytest.raises(KeyboardInterrupt):
        ask(Interrupted())
    left = iter([Interrupted(), payload])
    with pytest.raises(KeyboardInterrupt):
        partners.evaluate_many(left)
    assert next(left) == payload


class Failing(collections.UserDict):
    def __iter__(self):
        raise ZeroDivisionError("no members today")


def test_a_mapping_that_raises(partners, payload):
    with pytest.raises(ZeroDivisionError):
        partners.evaluate(Failing(document(payload)), now=NOW)
    [error] = partners.evaluate_many([Failing()], now=NOW)
    assert isinstance(error, ZeroDivisionError)


@pytest.mark.parametrize("given", [None, 3, 1.5, [], bytearray(b"{}"), memoryview(b"{}"), object])
def test_what_is_no_callout(partners, given):
    with pytest.raises(TypeError, match="a callout is bytes, a string or a mapping"):
        partners.evaluate(given)
    with pytest.raises(TypeError):
        admit.Callout.parse(given)
    with pytest.raises(TypeError):
        admit.lint_resume(given)
    [error] = partners.evaluate_many([given])
    assert type(error) is TypeError


def test_a_closed_file(partners, tmp_path):
    file = open(tmp_path / "callout.json", "w+b")
    file.close()
    with pytest.raises(TypeError):
        partners.evaluate(file)


def test_text_with_a_lone_surrogate(partners):
    with pytest.raises(admit.CalloutSyntaxError):
        partners.evaluate('{"a": "\ud800"}')
    with pytest.raises(admit.CalloutSyntaxError):
        partners.evaluate(b"\xff")


def test_instants(partners, payload):
    with pytest.raises(ValueError, match="without a time zone"):
        partners.evaluate(payload, now=datetime(2026, 11, 20))
    with pytest.raises(ValueError, match="without a time zone"):
        partners.evaluate_many([payload], now=datetime(2026, 11, 20))
    for given in "2026-11-20T12:00:00Z", 1, NOW.date():
        with pytest.raises(TypeError, match="an instant is a datetime"):
            partners.evaluate(payload, now=given)
    for given in (
        NOW,
        NOW.astimezone(timezone(timedelta(hours=5, minutes=45))),
        datetime(1, 1, 1, tzinfo=timezone.utc),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc),
        datetime(2026, 11, 20, 12, 0, 0, 1, tzinfo=timezone.utc),
    ):
        assert partners.evaluate(payload, now=given).now == given
    with pytest.raises(ValueError):
        partners.evaluate(payload, now=datetime.max.replace(tzinfo=timezone.utc))
    # The first instant that has a datetime in UTC, and what is before it only elsewhere.
    first = datetime.min.replace(tzinfo=timezone.utc)
    assert partners.evaluate(payload, now=first).now == first
    before = datetime.min.replace(tzinfo=timezone(timedelta(hours=23)))
    with pytest.raises(ValueError, match="not an instant from"):
        partners.evaluate(payload, now=before)
    last = datetime(9999, 12, 30, 22, tzinfo=timezone.utc)
    assert partners.evaluate(payload, now=last).now == last
    assert admit.Callout.parse(payload).deadline(last) is None


def test_the_clock_is_the_default(partners, payload):
    before = datetime.now(timezone.utc)
    report = partners.evaluate(payload)
    assert before <= report.now <= datetime.now(timezone.utc)
    # What is said of the instant is enough to evaluate again.
    assert partners.evaluate(payload, now=report.now).to_json() == report.to_json()


def test_a_set_in_code(payload):
    policies = admit.PolicySet([say("approve")], source="Contoso.Test")
    report = policies.evaluate(payload, now=NOW)
    assert report.decision is admit.Decision.APPROVE
    assert policies.policy_ids == ["say"]
    assert policies.source == "Contoso.Test"
    component = (COMPONENTS / "say.wasm").read_bytes()
    sha256 = admit.inspect(component).sha256
    again = admit.Policy("say", component, settings={"effect": "approve"}, sha256=sha256)
    again = admit.PolicySet([again], source="Contoso.Test", prepare="each-time")
    assert again.evaluate(payload, now=NOW).to_json() == report.to_json()


def test_silence_and_faults_in_code(payload):
    def decision(effect, **options):
        policies = admit.PolicySet([say(effect)], source="C", prepare="each-time", **options)
        return policies.evaluate(payload, now=NOW).decision

    assert decision("abstain") is admit.Decision.DENY
    assert decision("abstain", when_silent="approve") is admit.Decision.APPROVE
    assert decision("abstain", when_silent="withhold") is admit.Decision.WITHHOLD
    assert decision("abstain", rule="unanimous", when_silent="approve") is admit.Decision.DENY
    assert decision("trap") is admit.Decision.DENY
    assert decision("trap", on_fault="withhold") is admit.Decision.WITHHOLD
    assert decision("trap", when_silent="approve") is admit.Decision.DENY
    differs = {"assignmentRequestCreated": {"when_silent": "withhold"}}
    assert decision("abstain", when_silent="approve", stages=differs) is admit.Decision.WITHHOLD
    other = {"assignmentRequestRemoved": {"when_silent": "withhold"}}
    assert decision("abstain", when_silent="approve", stages=other) is admit.Decision.APPROVE


def test_an_extension_in_code(payload):
    catalog = json.loads(payload)["AccessPackageCatalog"]["Id"]
    file = CORPUS / "sets" / "extension" / "extension.json"
    definition = file.read_bytes()
    for given in definition, definition.decode(), json.loads(definition):
        options = {"source": "C", "extension": given, "prepare": "each-time"}
        policies = admit.PolicySet([say("approve")], catalog=catalog, **options)
        assert policies.evaluate(payload, now=NOW).decision is admit.Decision.APPROVE
        policies = admit.PolicySet([say("approve")], catalog=catalog.replace("0e", "0f"), **options)
        report = policies.evaluate(payload, now=NOW)
        assert report.decision is None
        assert report.resume_body is None
        assert report.no_answer_reason.code == "callout-extension"


@pytest.mark.parametrize(
    "options",
    [
        {"source": " "},
        {"rule": "majority"},
        {"when_silent": "shrug"},
        {"on_fault": "approve"},
        {"join_approvers": "both"},
        {"profile": "v2.0"},
        {"prepare": "never"},
        {"stages": {"lunch": {}}},
        {"stages": {"assignmentRequestCreated": {"rule": "unanimous"}}},
        {"catalog": "0e000001-0008-400f-a015-08ac7b95cd09"},
        {"facts": {"nobody-asks": {}}},
        {"limits": admit.Limits(memory=1)},
        {"limits": admit.Limits(concurrency=0)},
    ],
    ids=str,
)
def test_sets_that_cannot_be(options):
    with pytest.raises(admit.SetError):
        admit.PolicySet([say("approve")], **{"source": "C", **options})


def test_policies_that_cannot_be(tmp_path):
    def load(*policies):
        return admit.PolicySet(policies, source="C", prepare="each-time")

    wasm = COMPONENTS / "say.wasm"
    settings = {"effect": "approve"}
    with pytest.raises(admit.SetError):
        load()
    with pytest.raises(admit.SetError):
        load(say("approve"), say("approve"))
    with pytest.raises(admit.SetError):
        load(admit.Policy("Not An Id", wasm, settings=settings))
    with pytest.raises(admit.SetError, match="unknown stage `lunch`"):
        admit.Policy("say", wasm, stages=["lunch"])
    with pytest.raises(admit.SetError, match="of the set"):
        admit.Policy("say", wasm, limits=admit.Limits(stack=65536))
    with pytest.raises(admit.PolicyFileError):
        load(admit.Policy("say", tmp_path / "none.wasm"))
    with pytest.raises(admit.PolicyFormatError):
        load(admit.Policy("say", b"not wasm"))
    with pytest.raises(admit.PolicyPinError):
        load(admit.Policy("say", wasm, settings=settings, sha256="0" * 64))
    with pytest.raises(admit.PolicySettingsError) as wrong:
        load(admit.Policy("say", wasm, settings={"effect": 3}))
    assert wrong.value.policy == "say"
    assert wrong.value.path == "settings/effect"
    with pytest.raises(admit.PolicySettingsError) as wrong:
        admit.Policy("say", wasm, settings={"effect": {1, 2}})
    assert wrong.value.path == "settings/effect"
    with pytest.raises(TypeError):
        admit.Policy("say", 3)
    with pytest.raises(TypeError):
        admit.PolicySet(["say"], source="C")


def test_limits(payload):
    assert repr(admit.Limits(fuel=False, deadline=0.5)) == "Limits(fuel=False, deadline=0.5)"
    assert admit.Limits(fuel=1) == admit.Limits(fuel=1) != admit.Limits(fuel=2)
    assert len({admit.Limits(fuel=1), admit.Limits(fuel=1), admit.Limits(fuel=False), admit.Limits()}) == 3
    assert admit.Limits(fuel=False).fuel is False
    assert admit.Limits().fuel is None
    for deadline in 0, -1, float("nan"), float("inf"), 1e300:
        with pytest.raises(admit.SetError, match="deadline"):
            admit.Limits(deadline=deadline)
    names = "fuel", "deadline", "memory", "stack", "concurrency"
    for name in names:
        for wrong in True, "much", b"1", [1]:
            with pytest.raises(TypeError):
                admit.Limits(**{name: wrong})
        for wrong in -1, -(10**400), 10**400:
            with pytest.raises(admit.SetError) as refused:
                admit.Limits(**{name: wrong})
            assert refused.value.path == f"limits.{name}"
        assert getattr(admit.Limits(**{name: 1}), name) == 1
    with pytest.raises(TypeError):
        admit.Limits(memory=1.5)
    with pytest.raises(TypeError):
        admit.Limits(deadline=False)

    def outcome(set_limits, policy_limits):
        policy = admit.Policy(
            "say", COMPONENTS / "say.wasm", settings={"effect": "approve"}, limits=policy_limits
        )
        options = {"source": "C", "limits": set_limits, "prepare": "each-time"}
        [outcome] = admit.PolicySet([policy], **options).evaluate(payload, now=NOW).outcomes
        return outcome

    little = admit.Limits(fuel=10)
    # The last: an engine without metering is given it where a policy asks.
    for of_set, of_policy in (None, little), (little, None), (admit.Limits(fuel=False), little):
        with pytest.raises(admit.PolicyLoadError, match="used up its 10 units of fuel"):
            outcome(of_set, of_policy)
    assert outcome(little, admit.Limits(fuel=50_000_000)).fuel > 0
    assert outcome(admit.Limits(fuel=False), None).fuel is None
    # More memory for one policy than the set says.
    assert outcome(admit.Limits(memory=2**21), admit.Limits(memory=2**22)).fault is None


def test_handles_cannot_be_changed(partners, payload):
    report = partners.evaluate(payload, now=NOW)
    for handle, name in (
        (partners, "source"),
        (report, "decision"),
        (report.callout, "stage"),
        (report.outcomes[0], "policy"),
        (admit.Limits(), "fuel"),
    ):
        with pytest.raises(AttributeError):
            setattr(handle, name, None)
    report.outcomes.clear()
    report.resume_request.body.clear()
    assert report.outcomes
    assert report.resume_request.body


def test_the_rest_of_a_report(partners, payload):
    report = partners.evaluate(payload, now=datetime(2025, 12, 24, 12, tzinfo=timezone.utc))
    assert repr(report) == (
        "<admit.Report cancel at assignmentRequestCreated by change-freeze (change-freeze)>"
    )
    assert report.determined_by == ["change-freeze"]
    assert report.rule == "deny-overrides"
    assert report.stage == "assignmentRequestCreated"
    assert report.key == report.callout.key
    assert "/requestor/email" in report.reads
    assert report.evidence["callout"]["/requestor/email"] == "noor.halvorsen@contoso.example"
    assert report.to_dict() == json.loads(report.to_json())
    assert set(report.timings) == set(partners.policy_ids)
    assert 0 < report.timings["change-freeze"] < 1
    html = report._repr_html_()
    assert "<strong>cancel</strong>" in html
    assert "Year-end close&quot;" in html
    redacted = report.to_json(evidence=True, redact=True)
    assert "noor.halvorsen" not in redacted
    assert json.loads(redacted)["redacted"] is True
    quiet = partners.evaluate(payload, now=NOW, reads=False)
    assert quiet.reads == []
    assert quiet.outcomes[0].reads is None
    skipped = report.outcomes[2]
    assert (skipped.policy, skipped.skipped, skipped.verdict) == ("approver-routing", "stage", None)


def test_callouts(payload):
    callout = admit.Callout.parse(payload)
    assert bytes(callout) == payload
    assert callout.timeout_seconds == 3600
    assert callout.deadline(NOW) == NOW + timedelta(hours=1)
    assert callout.document()["stage"] == callout.stage == "assignmentRequestCreated"
    assert callout.is_evaluated
    assert callout.key == f"{callout.request_id}/{callout.instance_id}"
    test = admit.Callout.parse((CORPUS / "callouts" / "18-connection-test.flat.json").read_bytes())
    assert not test.is_evaluated


def test_lint():
    seed = CORPUS / "seed-examples" / "resume-3-callback-configuration-type.json"
    [finding] = admit.lint_resume(seed.read_bytes())
    assert finding.code == "configuration-as-data"
    assert finding.severity is admit.Severity.ERROR
    assert finding.path == "/data/@odata.type"
    assert finding.problem and finding.instead and finding.source
    assert admit.lint_resume(json.loads(seed.read_bytes())) == [finding]
    assert any(f.severity is admit.Severity.ERROR for f in admit.lint_extension(b"{}"))
    assert admit.lint_callout(b"{")[0].code == "callout-syntax"


def test_what_is_sent_has_no_findings(partners, payload):
    worse = (admit.Severity.ERROR, admit.Severity.WARNING)
    body = partners.evaluate(payload, now=NOW).resume_body
    assert not [finding for finding in admit.lint_resume(body) if finding.severity in worse]


def test_check(tmp_path):
    findings = admit.check(CORPUS / "sets" / "partners" / "admit.toml")
    assert [finding.code for finding in findings] == ["stages-unanswered"]
    assert findings[0].severity is admit.Severity.NOTE
    assert findings[0].place.endswith("admit.toml")
    [missing] = admit.check(tmp_path / "admit.toml")
    assert (missing.code, missing.severity) == ("set-file", admit.Severity.ERROR)


def test_inspect():
    inspection = admit.inspect(COMPONENTS / "partner_domains.wasm")
    assert inspection.name == "partner-domains"
    assert inspection.contract == admit.CONTRACT_VERSION
    assert inspection.size == (COMPONENTS / "partner_domains.wasm").stat().st_size
    assert "assignmentRequestCreated" in inspection.stages
    assert inspection.settings_schema["type"] == "object"
    assert inspection.settings == {}
    assert "/requestor/email" in inspection.readable
    with pytest.raises(admit.PolicyFormatError):
        admit.inspect(b"")
    with pytest.raises(TypeError):
        admit.inspect(None)


def test_show_versions(capsys):
    admit.show_versions()
    said = capsys.readouterr().out
    assert admit.__version__ in said
    assert f"admit:policy@{admit.CONTRACT_VERSION}" in said


def test_findings():
    assert "grant-not-used" not in {finding.code for finding in ask({}).findings()}
    policies = admit.PolicySet([say("approve")], source="C", when_silent="withhold")
    assert policies.findings()[0].place is None


def test_compiled_policies_are_kept(tmp_path):
    folder = tmp_path / "cache"
    path = CORPUS / "sets/partners/admit.toml"
    first = admit.PolicySet.from_file(path, cache=folder)
    entries = sorted(folder.iterdir())
    assert len(entries) == 6
    assert folder.stat().st_mode & 0o777 == 0o700
    again = admit.PolicySet.from_file(path, cache=folder)
    assert sorted(folder.iterdir()) == entries
    payload = (CORPUS / "callouts/01-request-created.flat.json").read_bytes()
    assert again.evaluate(payload, now=NOW).to_json() == first.evaluate(payload, now=NOW).to_json()

    folder.chmod(0o777)
    with pytest.raises(admit.ArgumentError, match=r"others may write there \(mode 0777\)"):
        admit.PolicySet.from_file(path, cache=folder)
