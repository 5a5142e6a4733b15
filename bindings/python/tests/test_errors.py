"""Exceptions: one class for each kind of the golden list, which every binding is held against."""

import copy
import json
import operator
import pickle

import pytest
from conftest import CORPUS, ROOT

import admit

GOLDEN = [
    tuple(line.split())
    for line in (CORPUS / "errors.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_the_classes_are_the_golden_list():
    errors = {(int(code), slug) for what, code, slug in GOLDEN if what == "error"}
    classes = admit.AdmitError.__subclasses__()
    assert {(kind.code, kind.slug) for kind in classes} == errors
    assert len(classes) == len(errors)
    for kind in classes:
        assert getattr(admit, kind.__name__) is kind
        assert kind.__name__ in admit.__all__
        assert kind.__doc__
        assert issubclass(kind, (ValueError, OSError, RuntimeError))


def test_the_fault_kinds_are_the_golden_list():
    faults = {(int(code), name) for what, code, name in GOLDEN if what == "fault"}
    assert {(kind.code, kind.value) for kind in admit.FaultKind} == faults


def test_the_decisions_are_those_of_the_report():
    schema = json.loads((ROOT / "docs" / "schemas" / "report.schema.json").read_text("utf-8"))
    effects = schema["$defs"]["Decision"]["properties"]["effect"]["enum"]
    assert [decision.value for decision in admit.Decision] == effects


def test_errors_are_what_python_programs_catch():
    with pytest.raises(OSError, match="cannot be read") as missing:
        admit.PolicySet.from_file("no/such/admit.toml")
    assert type(missing.value) is admit.SetFileError
    assert missing.value.errno == 2
    with pytest.raises(ValueError, match="not JSON") as syntax:
        admit.Callout.parse(b"{")
    assert syntax.value.code == 101
    assert syntax.value.slug == "callout-syntax"
    assert syntax.value.path == "line 1 column 2"
    with pytest.raises(OSError) as missing:
        admit.inspect("no-such.wasm")
    assert type(missing.value) is admit.PolicyFileError
    assert missing.value.path == "no-such.wasm"


def test_errors_name_policy_and_place(tmp_path):
    file = tmp_path / "admit.toml"
    file.write_text('source = "C"\n[[policy]]\nid = "one"\ncomponent = "none.wasm"\n')
    with pytest.raises(admit.PolicyFileError) as missing:
        admit.PolicySet.from_file(file)
    assert missing.value.policy == "one"
    assert missing.value.path == str(tmp_path / "none.wasm")
    assert str(missing.value).startswith(f"policy `one`: {tmp_path / 'none.wasm'}: cannot be read")
    file.write_text('source = "C"\nrules = 1\n')
    with pytest.raises(admit.SetError) as unknown:
        admit.PolicySet.from_file(file)
    assert unknown.value.path == f"{file}:2:1"


def test_errors_can_be_pickled():
    error = admit.SetError("is empty", policy="one", path="admit.toml:1:1")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is admit.SetError
    assert str(again) == str(error) == "policy `one`: admit.toml:1:1: is empty"
    assert (again.policy, again.path, again.detail) == ("one", "admit.toml:1:1", "is empty")
    with pytest.raises(admit.SetFileError) as missing:
        admit.PolicySet.from_file("no/such/admit.toml")
    for again in pickle.loads(pickle.dumps(missing.value)), copy.copy(missing.value):
        assert again.errno == missing.value.errno == 2
        assert str(again) == str(missing.value)


def test_a_decision_has_no_truth_value(partners, payload):
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(admit.Decision.DENY)
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(partners.evaluate(payload))
    assert admit.Decision.DENY == "deny"
    assert f"{admit.Decision.DENY}" == str(admit.Decision.DENY) == "deny"


COMPARE = [operator.lt, operator.le, operator.gt, operator.ge]


@pytest.mark.parametrize(
    "order",
    [
        ["approve", "require-approval", "withhold", "cancel", "deny"],
        ["note", "warning", "error"],
    ],
    ids=["Decision", "Severity"],
)
def test_degrees_are_ordered_by_severity(order):
    kind = admit.Decision if "deny" in order else admit.Severity
    members = [kind(name) for name in order]
    assert sorted(reversed(members)) == members
    assert max(members) is members[-1]
    for compare in COMPARE:
        for i, one in enumerate(members):
            for j, other in enumerate(members):
                assert compare(one, other) is compare(i, j)
    other_kind = admit.Severity.NOTE if kind is admit.Decision else admit.Decision.DENY
    for compare in COMPARE:
        for other in "withhold", 3, None, other_kind, admit.FaultKind.TRAP:
            with pytest.raises(TypeError):
                compare(members[0], other)
            with pytest.raises(TypeError):
                compare(other, members[0])


def test_fault_kinds_have_no_order():
    for compare in COMPARE:
        for other in admit.FaultKind.FUEL, "fuel":
            with pytest.raises(TypeError, match="not before or after"):
                compare(admit.FaultKind.TRAP, other)
