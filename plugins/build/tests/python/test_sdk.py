"""The SDK for policies in Python, natively. Run by `tests/python.rs`."""

import re
import subprocess
import sys
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from admit_policy import (
    ApprovalStage,
    Approver,
    Callout,
    PolicyError,
    RequestType,
    Settings,
    Stage,
    Verdict,
    _approval,
    _host,
    abstain,
    approve,
    attribute_rule_members,
    cancel,
    days,
    deny,
    group,
    guid,
    hours,
    log,
    manager,
    minutes,
    require_approval,
    user,
)
from admit_policy._policy import Policy
from admit_policy._tell import ApproverList, tell
from admit_policy.testing import Fixture

CONTRACT = Path(__file__).parents[3] / "wit" / "policy.wit"
PACKAGE = "0d000001-0007-400e-a014-d13244aa029e"


def functions() -> Iterator[tuple[str, str, str]]:
    """Interface, name and documentation of each function of the contract, in Python's spelling."""
    text = CONTRACT.read_text(encoding="utf-8")
    for interface, body in re.findall(r"^interface ([a-z-]+) \{\n(.*?)^\}", text, re.M | re.S):
        for docs, name in re.findall(r"((?: +///.*\n)+) +@since.*\n +([a-z-]+): func", body):
            yield interface.replace("-", "_"), name.replace("-", "_"), docs


def module(**members: Any) -> ModuleType:
    """A policy's module."""
    made = ModuleType("policy")
    vars(made).update(members)
    return made


def part(callout: Callout, interface: str) -> Any:
    """The part of a callout that an interface of the contract reads."""
    if interface in ("callout", "evaluation"):
        return callout
    found = getattr(callout, interface)
    return found[0] if interface in ("answers", "verified_credentials") else found


class Contract(unittest.TestCase):
    def test_every_function_of_the_contract_has_its_place_in_the_sdk(self) -> None:
        row: dict[str, Any] = {"answers": [{}], "verifiedCredentialsData": [{}]}
        names = [(interface, name) for interface, name, _ in functions()]
        self.assertGreater(len(names), 100)

        def seen(callout: Callout) -> Verdict:
            for interface, name in names:
                with self.subTest(function=f"{interface}.{name}"):
                    if interface == "settings":
                        self.assertTrue(hasattr(Settings, name))
                    elif interface == "facts":
                        self.assertTrue(hasattr(type(callout.fact("held", "")), name))
                    elif interface == "approval_stage" and name.startswith("add_"):
                        self.assertIn(name.removeprefix("add_"), _approval._KINDS)
                    elif interface == "approval_stage":
                        self.assertIn(name, ApprovalStage.__annotations__)
                    elif interface == "verdict":
                        self.assertTrue(
                            hasattr(sys.modules["admit_policy"], name) or name == "note"
                        )
                    elif interface == "log":
                        self.assertTrue(hasattr(log, name))
                    elif name != "count":
                        self.assertTrue(hasattr(type(part(callout, interface)), name))
            return abstain("seen")

        self.assertEqual(Fixture(row).evaluate(module(evaluate=seen)), abstain("seen"))

    def test_getters_read_where_the_contract_says(self) -> None:
        read = 0
        for interface, name, docs in functions():
            place = re.search(r"Pointer:\s+(?:///\s+)?`(/[^`]*)`", docs)
            if not place or name in ("is_present", "count", "claim", "has_type"):
                continue
            read += 1
            wanted: Any = name in ("is_hidden", "is_externally_visible", "question_is_required")
            wanted = wanted or f"of {interface}.{name}"
            callout: Any = wanted
            for step in reversed(place[1].split("/")[1:]):
                callout = [callout] if step == "{index}" else {step: callout}
            # The stage decides whether there is a callout at all.
            with self.subTest(function=f"{interface}.{name}"):
                got: list[Any] = []

                def evaluate(callout: Callout) -> Verdict:
                    got.append(getattr(part(callout, interface), name))
                    return abstain("read")

                Fixture(callout).evaluate(module(evaluate=evaluate))
                self.assertEqual(got, [wanted])
        self.assertGreater(read, 60)

    def test_an_approval_stage_is_told_whole(self) -> None:
        told: list[tuple[object, ...]] = []
        with _host.answered_by(lambda *call: told.append(call)):
            tell(
                require_approval(
                    "two-eyes",
                    "Two.",
                    ApprovalStage(
                        primary=[user("1").described("First"), manager(1)],
                        fallback_primary=(group("2"),),
                        escalation=iter([attribute_rule_members("rule")]),
                        fallback_escalation=[Approver("internal_sponsors")],
                        deny_after=days(1) + hours(1) + minutes(1),
                        escalate_after=1,
                        require_justification=True,
                    ),
                ).note("more", "Of it.")
            )
        self.assertEqual(
            told,
            [
                ("verdict", "require_approval", "two-eyes", "Two."),
                ("approval_stage", "deny_after", 90060),
                ("approval_stage", "escalate_after", 1),
                ("approval_stage", "require_justification"),
                ("approval_stage", "add_user", ApproverList.PRIMARY, "1", "First"),
                ("approval_stage", "add_manager", ApproverList.PRIMARY, 1),
                ("approval_stage", "add_group", ApproverList.FALLBACK_PRIMARY, "2", ""),
                (
                    "approval_stage",
                    "add_attribute_rule_members",
                    ApproverList.ESCALATION,
                    "rule",
                    "",
                ),
                ("approval_stage", "add_internal_sponsors", ApproverList.FALLBACK_ESCALATION),
                ("verdict", "note", "more", "Of it."),
            ],
        )

    def test_names_are_those_of_the_contract(self) -> None:
        text = CONTRACT.read_text(encoding="utf-8")
        for names in (Stage, RequestType):
            for name, value in vars(names).items():
                if isinstance(value, str) and name.isupper() and value != "notSpecified":
                    self.assertIn(f"`{value}`", text)
        self.assertIn("userRemove", RequestType.REMOVALS)
        self.assertNotIn("userAdd", RequestType.REMOVALS | RequestType.UPDATES)


class Mistakes(unittest.TestCase):
    """What is written by mistake is never an answer."""

    def refused(self, problem: str, policy: ModuleType) -> None:
        with self.assertRaisesRegex((TypeError, PolicyError), problem):
            Fixture({}, facts={"held": {}}).evaluate(policy)

    def test_what_is_no_verdict_is_refused(self) -> None:
        for given in (None, True, "approve", ("approve", "fine"), approve, [approve("fine")]):
            self.refused("no verdict", module(evaluate=lambda _, given=given: given))

    def test_a_verdict_that_was_made_and_not_returned_is_refused(self) -> None:
        stage = ApprovalStage(primary=[manager(1)], deny_after=days(1))
        makes: dict[str, Callable[[], Verdict]] = {
            "abstain": lambda: abstain("a"),
            "approve": lambda: approve("a"),
            "require_approval": lambda: require_approval("a", "", stage),
            "deny": lambda: deny("a").note("b"),
            "cancel": lambda: cancel("a"),
        }
        lighter = {
            "require_approval": ("abstain", "approve"),
            "deny": ("abstain", "approve", "require_approval"),
            "cancel": ("abstain", "approve", "require_approval"),
        }
        for forgotten, make in makes.items():
            for returned, give in makes.items():

                def before(_: Callout, first: Any = make, second: Any = give) -> Verdict:
                    first()
                    return cast(Verdict, second())

                def after(_: Callout, first: Any = give, second: Any = make) -> Verdict:
                    return cast(Verdict, (first(), second())[0])

                for evaluate in (before, after):
                    with self.subTest(forgotten=forgotten, returned=returned):
                        policy = module(evaluate=evaluate)
                        if returned in lighter.get(forgotten, ()):
                            self.refused(f"^a {forgotten} was made and not returned$", policy)
                        else:
                            expected = give()
                            self.assertEqual(Fixture({}).evaluate(policy), expected)

    def test_a_verdict_that_was_made_before_the_evaluation_is_not_of_it(self) -> None:
        denied = deny("no")
        fine = module(configure=lambda _: deny("no"), evaluate=lambda _: approve("fine"))
        self.assertEqual(Fixture({}).evaluate(fine), approve("fine"))
        self.assertEqual(Fixture({}).evaluate(module(evaluate=lambda _: denied)), denied)
        self.assertEqual(Fixture({}).evaluate(fine), approve("fine"))

    def test_what_is_no_policy_is_refused(self) -> None:
        async def later(_: Callout) -> Verdict:
            return approve("later")

        self.refused("no function `evaluate`", module())
        self.refused("no function `evaluate`", module(evaluate=approve("fine")))
        self.refused("takes the callout", module(evaluate=lambda: approve("fine")))
        self.refused("takes the callout", module(evaluate=lambda _, configured: approve("fine")))
        self.refused("`async`", module(evaluate=later))
        self.refused(
            "takes the settings",
            module(configure=lambda: None, evaluate=lambda _: approve("fine")),
        )

    def test_an_evaluation_without_settings_is_refused(self) -> None:
        with self.assertRaisesRegex(PolicyError, "before `configure`"):
            Policy(module(evaluate=lambda _: approve("fine"))).evaluate()

    def test_a_part_is_no_condition(self) -> None:
        for name in ("requestor", "target", "access_package", "catalog", "assignment", "schedule"):
            part = f"{name}"
            self.refused(
                "neither true nor false", module(evaluate=lambda c, p=part: bool(getattr(c, p)))
            )
            self.refused("compared", module(evaluate=lambda c, p=part: getattr(c, p) == c.target))
        self.refused("neither", module(evaluate=lambda c: bool(c.fact("held", "nobody"))))

    def test_verdicts_of_the_wrong_shape_are_refused(self) -> None:
        stage = ApprovalStage(primary=[manager(1)], deny_after=days(1))
        wrong: list[Any] = [
            lambda: approve(cast(str, None)),
            lambda: deny("no", cast(str, 1)),
            lambda: deny("no", "\ud83d"),
            lambda: deny("no").note(cast(str, 1)),
            lambda: require_approval("two-eyes", "", cast(ApprovalStage, None)),
            lambda: Verdict(approve("fine").effect, approve("fine").reason, approval_stage=stage),
            lambda: Verdict(cast(Any, "approve"), approve("fine").reason),
            lambda: ApprovalStage(primary=cast(Any, manager(1)), deny_after=1),
            lambda: ApprovalStage(primary=[cast(Approver, "me")], deny_after=1),
            lambda: ApprovalStage(primary=[manager(1)], deny_after=cast(int, 1.5)),
            lambda: ApprovalStage(primary=[manager(1)], deny_after=True),
            lambda: ApprovalStage(primary=[manager(1)], deny_after=-1),
            lambda: ApprovalStage(primary=[manager(1)], deny_after=1, escalate_after=2**32),
            lambda: ApprovalStage(
                primary=[manager(1)], deny_after=1, require_justification=cast(bool, "no")
            ),
            lambda: user(cast(str, 1)),
            lambda: user("1").described(cast(str, None)),
            lambda: manager(cast(int, "1")),
            lambda: manager(-1),
            lambda: Approver("anybody"),
        ]
        for make in wrong:
            with self.assertRaises((TypeError, ValueError)):
                make()

    def test_verdicts_do_not_change(self) -> None:
        approvers = [manager(1)]
        stage = ApprovalStage(primary=approvers, deny_after=1)
        approvers.clear()
        self.assertEqual(stage.primary, (manager(1),))
        with self.assertRaises(AttributeError):
            approve("fine").effect = deny("no").effect  # type: ignore[misc]

    def test_nothing_is_read_outside_of_an_evaluation(self) -> None:
        with self.assertRaisesRegex(PolicyError, "while nothing is evaluated"):
            Callout().stage
        with self.assertRaisesRegex(PolicyError, "while nothing is evaluated"):
            log.info("hello")


class Reading(unittest.TestCase):
    def test_guids_are_made_one(self) -> None:
        for spelling in (PACKAGE, PACKAGE.upper(), f"{{{PACKAGE}}}", PACKAGE.replace("-", "")):
            self.assertEqual(guid(spelling), PACKAGE)
        for other in (
            "finance",
            "",
            PACKAGE[:-1],
            PACKAGE + "\n",
            "{" + PACKAGE,
            PACKAGE + "}",
            PACKAGE.replace("-", "_"),
            "٠" * 32,
        ):
            self.assertIsNone(guid(other), other)

    def test_answers_are_a_sequence(self) -> None:
        def evaluate(callout: Callout) -> Verdict:
            answers = callout.answers
            self.assertEqual([answer.value for answer in answers], ["a", None, "c"])
            self.assertEqual((len(answers), answers[0].value, answers[-1].value), (3, "a", "c"))
            for past in (3, -4):
                with self.assertRaises(IndexError):
                    answers[past]
            by_id = answers.to(PACKAGE.upper())
            self.assertEqual(by_id and by_id.value, "c")
            by_text = answers.to("Why?")
            self.assertEqual(by_text and by_text.value, "a")
            self.assertIsNone(answers.to("Who?"))
            return abstain("read")

        rows = [
            {"value": "a", "answeredQuestion": {"text": "Why?"}},
            {"value": None},
            {"value": "c", "answeredQuestion": {"id": PACKAGE, "text": "Why?"}},
        ]
        Fixture({"answers": rows}).evaluate(module(evaluate=evaluate))

    def test_a_fixture_takes_the_three_shapes(self) -> None:
        flat = {
            "AccessPackage": {"Id": PACKAGE.upper()},
            "CallbackConfiguration": {"DurationBeforeTimeout": "PT1H"},
        }
        bare = {
            "accessPackage": {"id": PACKAGE},
            "callbackConfiguration": {"timeoutDuration": "PT1H"},
        }
        for callout in (flat, bare, {"data": bare}):
            got: list[object] = []

            def evaluate(callout: Callout) -> Verdict:
                got.extend((callout.access_package.id, callout.timeout_duration))
                return abstain("read")

            Fixture(callout).evaluate(module(evaluate=evaluate))
            self.assertEqual(got, [PACKAGE, "PT1H"])

    def test_settings_and_facts_have_types(self) -> None:
        settings = {
            "list": ["a", "b"],
            "ids": [PACKAGE.upper()],
            "flag": False,
            "whole": 7.0,
            "part": 1.5,
            "day": "2026-01-01",
            "object": {"b": 1, "a": 2},
            "holes": ["a", None],
            "text": "",
        }

        def configure(settings: Settings) -> Settings:
            self.assertEqual(settings.texts("/list"), ["a", "b"])
            self.assertEqual(settings.guids("/ids"), [PACKAGE])
            self.assertIs(settings.flag("/flag"), False)
            self.assertEqual(settings.integer("/whole"), 7)
            self.assertEqual(settings.number("/part"), 1.5)
            self.assertEqual(settings.timestamp("/day"), 1767225600)
            self.assertEqual([settings.key("/object", at) for at in (0, 1)], ["a", "b"])
            self.assertEqual((settings.count("/object"), settings.length("/list")), (2, 2))
            self.assertEqual([item.text("") for item in settings.items("/list")], ["a", "b"])
            self.assertEqual((settings.text("/text"), settings.text("/none")), ("", None))
            self.assertEqual((settings.texts("/none"), settings.length("/none")), ([], None))
            self.assertEqual(settings.at("/object").integer("/b"), 1)
            for wrong in (
                lambda: settings.integer("/part"),
                lambda: settings.integer("/flag"),
                lambda: settings.flag("/whole"),
                lambda: settings.text("/list"),
                lambda: settings.length("/object"),
                lambda: settings.guid("/text"),
                lambda: settings.timestamp("/text"),
                lambda: settings.texts("/holes"),
                lambda: settings.text("text"),
                lambda: settings.key("/object", 2),
            ):
                with self.assertRaises(PolicyError):
                    wrong()
            self.assertEqual(str(settings.at("/a").error("/b", "odd")), "settings /a/b: odd")
            with self.assertRaisesRegex(PolicyError, "in `configure`"):
                Callout().stage
            return settings

        def evaluate(callout: Callout, configured: Settings) -> Verdict:
            self.assertEqual(configured.text("/text"), "")
            held = callout.fact("held", PACKAGE.upper())
            self.assertEqual((held.exists, held.texts("/list"), held.count("")), (True, ["a"], 1))
            nobody = callout.fact("held", "nobody")
            self.assertEqual(
                (nobody.exists, nobody.lookup(), nobody.texts("/list")), (False,) + (None,) * 2
            )
            with self.assertRaisesRegex(PolicyError, "not granted"):
                callout.fact("secrets", "x").lookup()
            self.assertEqual((callout.now, callout.now_text), (1767225600, "2026-01-01T00:00:00Z"))
            self.assertEqual(callout.timestamp("2026-01-01T01:00:00+01:00"), 1767225600)
            self.assertIsNone(callout.timestamp("2026-01-01T01:00:00"))
            log.warn("odd")
            return abstain("read")

        fixture = Fixture({}, settings=settings, facts={"held": {PACKAGE: {"list": ["a"]}}})
        fixture.evaluate(module(configure=configure, evaluate=evaluate))
        self.assertEqual(fixture.logged, [("warn", "odd")])


class Sandbox(unittest.TestCase):
    """Clock, randomness, files and modules, in an interpreter of their own."""

    def run_in(self, code: str, prelude: str = "") -> str:
        """The last line that is said, in a sandbox."""
        program = f"{prelude}\nfrom admit_policy import _sandbox\n_sandbox.begin()\n{code}"
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        return (run.stderr.strip().splitlines() or [run.stdout.strip()])[-1]

    def refused(self, problem: str, imports: str, calls: list[str]) -> None:
        """Each of these calls is refused."""
        for call in calls:
            imports += f"""
try:
    {call}
except RuntimeError as error:
    assert {problem!r} in str(error), error
else:
    raise AssertionError({call!r})"""
        self.assertEqual(self.run_in(f"import {imports}\nprint('done')"), "done")

    def test_there_is_no_clock(self) -> None:
        self.refused(
            "no clock",
            "datetime, time",
            [
                "time.time()",
                "time.time_ns()",
                "time.monotonic()",
                "time.monotonic_ns()",
                "time.perf_counter()",
                "time.perf_counter_ns()",
                "time.process_time()",
                "time.process_time_ns()",
                "time.thread_time()",
                "time.thread_time_ns()",
                "time.clock_gettime(0)",
                "time.clock_gettime_ns(0)",
                "time.clock_getres(0)",
                "time.sleep(0)",
                "time.localtime()",
                "time.gmtime(None)",
                "time.ctime()",
                "time.asctime()",
                "time.strftime('%Y')",
                "datetime.datetime.now()",
                "datetime.datetime.now(datetime.timezone.utc)",
                "datetime.datetime.utcnow()",
                "datetime.datetime.today()",
                "datetime.date.today()",
            ],
        )

    def test_there_is_no_randomness(self) -> None:
        self.refused(
            "no randomness",
            "os, random, uuid",
            [
                "random.random()",
                "random.randint(1, 2)",
                "random.choice([1])",
                "random.seed()",
                "random.Random()",
                "random.SystemRandom()",
                "random.shuffle([])",
                "os.urandom(1)",
                "uuid.uuid4()",
                "__import__('secrets')",
            ],
        )

    def test_dates_can_be_reckoned_with(self) -> None:
        said = self.run_in(
            """
import datetime, time, uuid
from datetime import date, datetime as instant, timedelta, timezone
then = instant.fromtimestamp(1767225600, timezone.utc)
assert then == instant(2026, 1, 1, tzinfo=timezone.utc) and then + timedelta(days=1) > then
assert isinstance(then, instant) and isinstance(then, date) and issubclass(instant, date)
assert isinstance(instant.min, instant) and isinstance(then.date(), date)
assert not isinstance(then.date(), instant) and instant.fromisoformat("2026-01-01").year == 2026
assert time.gmtime(0).tm_year == 1970 and time.strftime("%Y", time.gmtime(0)) == "1970"
assert uuid.uuid5(uuid.NAMESPACE_DNS, "contoso.example").version == 5
print("done")"""
        )
        self.assertEqual(said, "done")

    def test_nothing_is_opened_or_imported_in_an_evaluation(self) -> None:
        close = "import sys\n_sandbox.close()\n_sandbox.close()\n"
        for code, expected in (
            ("open('policy.toml')", "RuntimeError: a policy has no files"),
            ("import io\nio.open('x')", "RuntimeError: a policy has no files"),
            ("import calendar", "`calendar` cannot be imported while a callout is evaluated"),
        ):
            self.assertIn(expected, self.run_in(close + code))
        loaded = self.run_in(f"{close}import calendar\nprint('done')", "import calendar")
        self.assertEqual(loaded, "done")


if __name__ == "__main__":
    unittest.main()
