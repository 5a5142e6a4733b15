// The SDK, against a host that is made of the contract.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { afterEach, test } from "node:test";

import { CONTRACT, answers, calls, reset } from "./host.mjs";

register("./hooks.mjs", import.meta.url);
const SDK = "../../../languages/javascript";
const sdk = await import(`${SDK}/index.js`);
const { exported } = await import(`${SDK}/export.js`);
const { Callout } = await import(`${SDK}/callout.js`);
const { Fact } = await import(`${SDK}/facts.js`);
const { Settings } = await import(`${SDK}/settings.js`);
const { approve, ApprovalStage, deny, policy, requireApproval, user } = sdk;

const TYPES = readFileSync(new URL(`${SDK}/index.d.ts`, import.meta.url), "utf8");

afterEach(reset);

/** The readers of a callout, by the interface of the contract that they read. */
function readers() {
  const callout = new Callout();
  const { requestor, target, accessPackage, catalog, assignment, schedule } = callout;
  return {
    callout,
    requestor,
    target,
    accessPackage,
    catalog,
    assignment,
    schedule,
    answers: callout.answers.at(0),
    verifiedCredentials: callout.verifiedCredentials.at(0),
  };
}

/** The members of a callout that are read further. */
const PARTS = Object.keys(readers());

/** The getters of a reader. */
function getters(reader) {
  const members = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(reader));
  return Object.keys(members).filter((name) => members[name].get && !PARTS.includes(name));
}

function outcome(members) {
  const made = exported(policy(members));
  made.configure();
  try {
    made.evaluate();
    return "a verdict";
  } catch (thrown) {
    return thrown;
  }
}

const telling = () => calls.filter(([path]) => /^(verdict|approvalStage)\./.test(path));

test("every getter reads the function that it is named for", () => {
  for (const [name, reader] of Object.entries(readers())) {
    for (const getter of getters(reader)) {
      const path = getter.startsWith("now") ? `evaluation.${getter}` : `${name}.${getter}`;
      reset();
      const value = reader[getter];
      assert.deepEqual(calls[0]?.[0], path);
      if (typeof value === "string") assert.equal(value, path);
    }
  }
});

test("every function of the contract is within reach", () => {
  const at = readers();
  for (const reader of Object.values(at)) for (const name of getters(reader)) void reader[name];
  at.callout.field("/a");
  at.callout.timestamp("2025-01-01");
  at.verifiedCredentials.hasType("a");
  at.verifiedCredentials.claim("a");
  for (const object of [new Settings(), at.callout.fact("a", "b")]) {
    for (const name of "text guid timestamp flag integer number count length".split(" ")) {
      object[name]("/a");
    }
  }
  void new Settings().document;
  new Settings().key("/a", 0);
  at.callout.fact("a", "b").lookup();
  const stage = new ApprovalStage().denyAfter(2).escalateAfter(1).requireJustification();
  const { attributeRuleMembers, connectedOrganization, group, servicePrincipal } = sdk;
  stage.primary(...[user, group, connectedOrganization, servicePrincipal].map((who) => who("a")));
  stage.primary(attributeRuleMembers("a"), sdk.manager(1), sdk.targetManager(1));
  stage.primary(sdk.internalSponsors(), sdk.externalSponsors(), sdk.targetUserSponsors());
  stage.primary(sdk.targetAgentIdentitySponsorsOrOwners(), sdk.targetApplicationOwners());
  for (const effect of ["abstain", "approve", "deny", "cancel"]) {
    outcome({ evaluate: () => sdk[effect]("a").note("b") });
  }
  outcome({ evaluate: () => requireApproval("a", "", stage) });
  console.log("a");
  const reached = new Set(calls.map(([path]) => path));
  const all = Object.entries(CONTRACT).flatMap(([name, functions]) =>
    Object.keys(functions).map((each) => `${name}.${each}`),
  );
  assert.ok(all.length > 100, `${all.length} functions in the contract`);
  assert.deepEqual(new Set(all), reached);
});

test("64-bit numbers are numbers, whether the engine gives numbers or BigInts", () => {
  for (const [now, integer] of [
    [1766577600, -7],
    [1766577600n, -7n],
  ]) {
    answers.set("s64", now);
    answers.set("option<s64>", integer);
    const callout = new Callout();
    assert.equal(callout.now, 1766577600);
    assert.equal(callout.timestamp("2025-01-01"), -7);
    for (const object of [new Settings(), new Fact("a", "b")]) {
      assert.equal(object.integer("/a"), -7);
      assert.equal(object.timestamp("/a"), -7);
    }
  }
});

test("absence is null, whether the engine gives null or undefined", () => {
  for (const absent of [null, undefined]) {
    for (const type of ["string", "bool", "u32", "s64", "f64"]) answers.set(`option<${type}>`, absent);
    for (const [name, reader] of Object.entries(readers())) {
      for (const getter of getters(reader)) {
        const given = CONTRACT[name][getter] ?? CONTRACT.evaluation[getter];
        assert.equal(reader[getter] === null, given.startsWith("option"), `${name}.${getter}`);
      }
    }
    const fact = new Fact("a", "b");
    assert.equal(fact.exists, false);
    for (const name of "text guid timestamp flag integer number count length texts guids".split(" ")) {
      assert.equal(fact[name]("/a"), null, name);
    }
    assert.equal(fact.lookup(), null);
    assert.deepEqual(new Settings().texts("/a"), []);
    assert.deepEqual(new Settings().guids("/a"), []);
  }
});

test("a fact exists where there is a value, whatever it has", () => {
  for (const [count, exists] of [
    [0, true],
    [2, true],
    [null, false],
  ]) {
    answers.set("facts.count", count);
    assert.equal(new Fact("held", "x").exists, exists);
    assert.deepEqual(calls.at(-1), ["facts.count", "held", "x", ""]);
  }
});

test("an item that is null is an error, with its place", () => {
  for (const name of ["texts", "guids"]) {
    answers.set("option<string>", null);
    assert.throws(() => new Settings().at("/a")[name]("/b"), {
      message: "settings /a/b/0: nothing there, where an item was asked for",
    });
    assert.throws(() => new Fact("held", "x")[name]("/a"), {
      message: "the fact `held`: nothing at `/a/0`",
    });
  }
});

test("parts of settings read their own places", () => {
  const settings = new Settings();
  settings.at("/a").item("/b", 1).text("/c");
  assert.deepEqual(calls.at(-1), ["settings.text", "/a/b/1/c"]);
  assert.deepEqual(
    settings.items("/a").map((item) => item.text("")),
    ["settings.text", "settings.text"],
  );
  assert.deepEqual(calls.slice(-2).map(([, pointer]) => pointer), ["/a/0", "/a/1"]);
  assert.equal(settings.error("", "empty").message, "settings: empty");
});

test("a name that is not there throws, and is not absence", () => {
  const all = { ...readers(), settings: new Settings(), fact: new Fact("a", "b") };
  for (const reader of [...Object.values(all), new Callout().answers, approve("a")]) {
    assert.throws(() => reader.emial, { name: "TypeError", message: /has no `emial`$/ });
    // What the language asks of any value.
    assert.equal(typeof `${reader}`, "string");
    assert.equal(typeof JSON.stringify(reader), "string");
  }
});

test("answers are found by the question's id, in any spelling, or by its text", () => {
  const ID = "0a000001-0004-400b-a011-2ac39fe6a35d";
  answers.set("answers.questionId", ID);
  answers.set("answers.questionText", "Why?");
  const { answers: list } = new Callout();
  for (const question of [ID, `{${ID.toUpperCase()}}`, ID.replaceAll("-", ""), "Why?"]) {
    assert.equal(list.to(question)?.value, "answers.value", question);
  }
  assert.equal(list.to("why?"), null);
  assert.equal(list.to(ID.replace("0a", "0b")), null);
  assert.equal([...list].length, 2);
  assert.equal(list.at(2), null);
  for (const text of ["", "{}", ID.slice(1), `${ID} `, `{${ID}`, `${ID}}`, ID.replace("d", "g")]) {
    assert.equal(sdk.guid(text), null, text);
  }
});

test("requests that take access away, or change it, are known by name", () => {
  const names = [...TYPES.matchAll(/\| "((?:user|admin|system|onBehalf|approver)[A-Z][a-z]+)"/g)];
  const kinds = names.map(([, name]) => [name, sdk.isRemoval(name), sdk.isUpdate(name)]);
  for (const [name, removal, update] of kinds) {
    assert.deepEqual([removal, update], [name.endsWith("Remove"), name.endsWith("Update")], name);
  }
  assert.equal(kinds.length, 11);
  assert.equal(sdk.isRemoval(null) || sdk.isUpdate(null) || sdk.isRemoval("guestRemove"), false);
});

test("a verdict is told whole, and once", () => {
  const stage = new ApprovalStage()
    .primary(user("a", "First"), sdk.manager(1))
    .fallbackPrimary(sdk.group("b"))
    .escalation(user("c"))
    .fallbackEscalation(sdk.targetManager(2))
    .denyAfter(sdk.days(14))
    .escalateAfter(sdk.hours(2) + sdk.minutes(1))
    .requireJustification();
  outcome({ evaluate: () => requireApproval("two-eyes", "Two.", stage).note("first", "One.") });
  assert.deepEqual(telling(), [
    ["verdict.requireApproval", "two-eyes", "Two."],
    ["verdict.note", "first", "One."],
    ["approvalStage.denyAfter", 1209600],
    ["approvalStage.escalateAfter", 7260],
    ["approvalStage.requireJustification"],
    ["approvalStage.addUser", "primary", "a", "First"],
    ["approvalStage.addManager", "primary", 1],
    ["approvalStage.addGroup", "fallback-primary", "b", ""],
    ["approvalStage.addUser", "escalation", "c", ""],
    ["approvalStage.addTargetManager", "fallback-escalation", 2],
  ]);
});

test("what configure returns is handed to evaluate", () => {
  const made = exported(
    policy({
      configure: (settings) => settings.text("/a"),
      evaluate: (_callout, configured) => deny("no", configured),
    }),
  );
  assert.throws(() => made.evaluate(), /`evaluate` was called before `configure`/);
  made.configure();
  made.evaluate();
  assert.deepEqual(telling(), [["verdict.deny", "no", "settings.text"]]);
});

test("what is no verdict is a fault, with a text, and nothing is told", () => {
  const fault = (evaluate) => {
    reset();
    const text = outcome({ evaluate });
    assert.equal(typeof text, "string");
    assert.deepEqual(telling(), [], text);
    return text;
  };
  for (const [value, shown] of [
    [undefined, "undefined"],
    [null, "null"],
    [true, "true"],
    [1, "1"],
    ["approve", '"approve"'],
    [{ effect: "approve", code: "fine", detail: "" }, "an object"],
    [[approve("fine"), deny("no")], "an array"],
    [approve, "a function"],
  ]) {
    assert.match(fault(() => value), new RegExp(`^evaluate returned ${shown}, which is no verdict`));
  }
  assert.match(fault(async () => approve("fine")), /^evaluate returned a promise; /);
  assert.equal(fault(() => raise(new Error("It does not work."))), "It does not work.");
  assert.equal(fault(() => null.x).slice(0, 11), "TypeError: ");
  assert.equal(fault(() => raise(5)), "evaluate threw 5, which is not an Error");
  assert.equal(fault(() => raise("a")), 'evaluate threw "a", which is not an Error');
  assert.equal(fault(() => raise(new Error())), "evaluate threw an Error without a message");
});

test("a verdict that was made and not returned is a fault, unless the one returned weighs as much", () => {
  const stage = new ApprovalStage().primary(user("a")).denyAfter(1);
  const makes = {
    abstain: () => sdk.abstain("a"),
    approve: () => approve("a"),
    requireApproval: () => requireApproval("a", "", stage),
    deny: () => deny("a").note("b"),
    cancel: () => sdk.cancel("a"),
  };
  const lighter = {
    abstain: [],
    approve: [],
    requireApproval: ["abstain", "approve"],
    deny: ["abstain", "approve", "requireApproval"],
    cancel: ["abstain", "approve", "requireApproval"],
  };
  for (const [forgotten, make] of Object.entries(makes)) {
    for (const [returned, give] of Object.entries(makes)) {
      const fails = lighter[forgotten].includes(returned);
      const expected = fails ? `a ${forgotten} was made and not returned` : "a verdict";
      reset();
      const evaluate = () => {
        make();
        return give();
      };
      assert.equal(outcome({ evaluate }), expected, `${forgotten}, then ${returned}`);
      assert.equal(telling().length > 0, !fails);
      // Before as after: what counts is what is returned.
      assert.equal(outcome({ evaluate: () => [give(), make()][0] }), expected);
    }
  }
});

test("a verdict that was made before the evaluation is not of it", () => {
  const denied = deny("no");
  const configure = () => deny("no");
  assert.equal(outcome({ configure, evaluate: () => approve("fine") }), "a verdict");
  assert.equal(outcome({ evaluate: () => denied }), "a verdict");
  const turns = [deny, approve];
  const made = exported(policy({ evaluate: () => turns.shift()("a") }));
  made.configure();
  made.evaluate();
  made.evaluate();
  assert.deepEqual(telling().slice(-2), [
    ["verdict.deny", "a", ""],
    ["verdict.approve", "a", ""],
  ]);
});

test("an error of configure is its text", () => {
  for (const [configure, text] of [
    [(settings) => raise(settings.error("/a", "too few")), "settings /a: too few"],
    [async () => {}, "configure returned a promise; a policy answers at once: nothing runs after configure returned"],
  ]) {
    const made = exported(policy({ configure, evaluate: () => approve("fine") }));
    assert.throws(() => made.configure(), (thrown) => thrown === text);
    assert.throws(() => made.evaluate(), /before `configure`/);
  }
});

test("a policy is made of functions, or not at all", () => {
  const evaluate = () => approve("fine");
  for (const [members, text] of [
    [undefined, "policy was given undefined"],
    [evaluate, "policy was given a function"],
    [{}, "`evaluate` of the policy is undefined"],
    [{ evaluate: 1 }, "`evaluate` of the policy is 1"],
    [{ evaluate, configure: {} }, "`configure` of the policy is an object"],
    [{ evaluate, evalute: evaluate }, "a policy has no `evalute`"],
  ]) {
    assert.throws(() => policy(members), { name: "TypeError", message: new RegExp(`^${text}`) });
  }
  for (const other of [undefined, { evaluate }, evaluate]) {
    assert.throws(() => exported(other), /write `export default policy/);
  }
});

test("values of another type than the contract's are told", () => {
  const stage = new ApprovalStage();
  for (const use of [
    () => approve(1),
    () => approve("fine", null),
    () => approve("fine").note(),
    () => requireApproval("a", "", {}),
    () => stage.primary("0a000000-0000-4000-8000-000000000001"),
    () => user(null),
    () => sdk.manager("1"),
    () => stage.denyAfter(-1),
    () => stage.denyAfter(1.5),
    () => stage.denyAfter(Number.NaN),
    () => stage.escalateAfter(2 ** 31),
    () => new Callout().field(),
    () => new Callout().fact("held", null),
    () => new Callout().fact("held", "\ud800"),
    () => new Callout().answers.at(-1),
    () => new Settings().text(["a"]),
  ]) {
    assert.throws(use, /; give |half of a surrogate pair/, String(use));
  }
  assert.deepEqual(calls, []);
});

test("texts for people keep what can be kept of half a pair", () => {
  assert.equal(approve("fine", "🙂".slice(0, 1)).detail, "\ufffd");
});

test("a verdict does not change", () => {
  const verdict = approve("fine");
  assert.throws(() => (verdict.effect = "deny"), TypeError);
  assert.throws(() => verdict.notes.push({ code: "a", detail: "" }), TypeError);
  assert.deepEqual(verdict.note("a").notes.length, 1);
  assert.deepEqual(verdict.notes.length, 0);
});

test("there is no clock and no randomness", () => {
  for (const use of [
    () => Date.now(),
    () => Date(),
    () => new Date(),
    () => new (new Date(0).constructor)(),
    () => Reflect.construct(Date, []),
    () => performance.now(),
  ]) {
    assert.throws(use, /callout\.now/, String(use));
  }
  for (const use of [
    () => new Date("2025-01-01T00:00"),
    () => new Date(2025, 0),
    () => new Date(undefined),
    () => Date.parse("2025-01-01"),
  ]) {
    assert.throws(use, /callout\.timestamp/, String(use));
  }
  assert.throws(() => Math.random(), /no randomness/);
  assert.equal(new Date(0).toISOString(), "1970-01-01T00:00:00.000Z");
  assert.equal(new Date(new Date(5)).getTime(), 5);
  assert.equal(Date.UTC(1970, 0, 2), 86_400_000);
  assert.ok(new Date(0) instanceof Date);
});

test("the console writes to the log", () => {
  const cycle = {};
  cycle.cycle = cycle;
  console.debug("a");
  console.log("b", 1, null, undefined);
  console.info({ c: [1] });
  console.warn(new RangeError("d"), 1n);
  console.error(cycle, "\ud800");
  assert.deepEqual(calls, [
    ["log.write", "debug", "a"],
    ["log.write", "info", "b 1 null undefined"],
    ["log.write", "info", '{"c":[1]}'],
    ["log.write", "warn", "RangeError: d 1"],
    ["log.write", "error", "[object Object] \ufffd"],
  ]);
});

test("the types declare what there is", () => {
  const values = [...TYPES.matchAll(/^export (?:function|class) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(values.sort(), Object.keys(sdk).sort());

  const at = readers();
  const { answers: list, verifiedCredentials } = new Callout();
  for (const [name, ...objects] of [
    ["Callout", at.callout],
    ["Subject", at.requestor, at.target],
    ["AccessPackage", at.accessPackage],
    ["Catalog", at.catalog],
    ["Assignment", at.assignment],
    ["Schedule", at.schedule],
    ["Answers", list],
    ["Answer", at.answers],
    ["VerifiedCredentials", verifiedCredentials],
    ["VerifiedCredential", at.verifiedCredentials],
    ["Settings", new Settings()],
    ["Fact", new Fact("a", "b")],
    ["Verdict", approve("a")],
    ["ApprovalStage", new ApprovalStage()],
  ]) {
    const body = new RegExp(`^export (?:interface|class) ${name}\\b.*?^\\}`, "ms").exec(TYPES)?.[0];
    const declared = [...(body ?? "").matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map((match) => match[1]);
    for (const object of objects) {
      for (const member of declared) assert.ok(member in object, `${name}.${member}`);
      const there = Object.getOwnPropertyNames(Object.getPrototypeOf(object));
      for (const member of there.filter((each) => each !== "constructor")) {
        assert.ok(declared.includes(member), `${name}.${member}`);
      }
    }
  }
});

function raise(thrown) {
  throw thrown;
}
