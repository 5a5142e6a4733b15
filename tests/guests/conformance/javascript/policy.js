// What a policy can do, well or badly, by the value of the first answer.

import {
  abstain,
  approve,
  ApprovalStage,
  cancel,
  days,
  deny,
  group,
  manager,
  policy,
  requireApproval,
  user,
} from "admit-policy";

const CASES = {
  approve: () => approve("fine"),
  deny: () => deny("no", "No."),
  cancel: () => cancel("later", "Later."),
  abstain: () => abstain("none"),
  approval: () =>
    requireApproval(
      "two-eyes",
      "Two look at it.",
      new ApprovalStage()
        .primary(user("0a000000-0000-4000-8000-000000000001", "First"), manager(1))
        .fallbackPrimary(group("0a000000-0000-4000-8000-000000000002"))
        .escalation(user("0a000000-0000-4000-8000-000000000003"))
        .denyAfter(days(14))
        .escalateAfter(days(2))
        .requireJustification(),
    ),
  notes: () => deny("no", "No.").note("first", "One.").note("second", "Two."),
  error() {
    throw new Error("It does not work.");
  },
  trap() {
    throw 5;
  },
  nothing() {},
  forgotten() {
    deny("no", "No.");
    return approve("fine");
  },
  wrong: () => ({ effect: "aprove", code: "fine", detail: "" }),
  "wrong-number": () => 1,
  "wrong-two": () => [approve("fine"), deny("no", "No.")],
  promise: async () => approve("fine"),
  misspelt: (callout) => approve("fine", callout.requestor.emial ?? ""),
  loop() {
    for (;;);
  },
  memory() {
    const all = [];
    for (;;) all.push(new Uint8Array(64 * 1024).fill(1));
  },
  "memory-strings"() {
    let all = "x";
    for (;;) all = [all, all].join("y");
  },
  recursion() {
    const deeper = (depth) => deeper(depth + 1) + 1;
    return approve("deep", String(deeper(0)));
  },
  fact(callout) {
    const name = callout.fact("held", "somebody").text("/name");
    return name === null ? deny("unknown", "Nothing is known.") : approve("known", name);
  },
  "missing-fact": (callout) =>
    callout.fact("held", "nobody").exists
      ? approve("known")
      : deny("unknown", "Nothing is known."),
  ungranted(callout) {
    try {
      return approve("known", callout.fact("secrets", "x").lookup() ?? "");
    } catch {
      return approve("caught");
    }
  },
  settings: (_callout, { text, integer, flag }) =>
    approve("settings", `${text} ${integer} ${flag}`),
  now: (callout) => approve("now", callout.nowText),
  log() {
    console.info("hello");
    console.warn("odd", 1);
    return approve("fine");
  },
  unicode: (callout) => approve("unicode", `${callout.requestor.displayName} ß漢🙂`),
  "half-pair": () => approve("half-pair", "🙂".slice(0, 1)),
  answers(callout) {
    const characters = [...callout.answers].flatMap(({ value }) => [...(value ?? "")]);
    return approve("answers", `${callout.answers.length} ${characters.length}`);
  },
  clock: () => approve("clock", String(Date.now())),
  random: () => approve("random", String(Math.random())),
};

export default policy({
  configure: (settings) => ({
    text: settings.text("/nested/text"),
    integer: settings.integer("/nested/integer"),
    flag: settings.flag("/nested/flag"),
  }),

  evaluate(callout, configured) {
    const name = callout.answers.at(0)?.value ?? "";
    if (!Object.hasOwn(CASES, name)) throw new Error("no such case");
    return CASES[name](callout, configured);
  },
});
