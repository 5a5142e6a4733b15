// What a policy can do, by the value of the first answer: what differs from JavaScript.

import { approve, deny, policy } from "admit-policy";
import type { Callout, Verdict } from "admit-policy";

enum Case {
  Approve = "approve",
  Deny = "deny",
  Error = "error",
  Nothing = "nothing",
  Wrong = "wrong",
  Settings = "settings",
  Now = "now",
  Clock = "clock",
}

class Refused extends Error {
  override name = "Refused";
}

interface Configured {
  readonly text: string | null;
  readonly integer: number | null;
  readonly flag: boolean | null;
}

function evaluate(callout: Callout, { text, integer, flag }: Configured): Verdict {
  const first = callout.answers.at(0)?.value ?? "";
  switch (first as Case) {
    case Case.Approve:
      return approve("fine");
    case Case.Deny:
      return deny("no", "No.");
    case Case.Error:
      throw new Error("It does not work.");
    case Case.Nothing:
      return undefined as unknown as Verdict;
    case Case.Wrong:
      return { effect: "aprove" } as unknown as Verdict;
    case Case.Settings:
      return approve("settings", `${text} ${integer} ${flag}`);
    case Case.Now:
      return approve("now", callout.nowText);
    case Case.Clock:
      return approve("clock", new Date().toISOString());
    default:
      throw new Refused(`no such case: ${first}`);
  }
}

export default policy({
  configure: (settings): Configured => ({
    text: settings.text("/nested/text"),
    integer: settings.integer("/nested/integer"),
    flag: settings.flag("/nested/flag"),
  }),
  evaluate,
});
