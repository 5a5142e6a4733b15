import { abstain, approve, deny, policy } from "admit-policy";

export default policy({
  // Once, when the policy set is loaded. Only settings can be read here.
  configure(settings) {
    return { packages: settings.guids("/packages") };
  },

  // For each callout, in a fresh instance: nothing that it changes survives.
  evaluate(callout, { packages }) {
    const { id } = callout.accessPackage;
    if (id === null) {
      return deny("no-package", "The request names no access package.");
    }
    if (!packages.includes(id)) {
      return abstain("not-watched");
    }
    const justification = callout.answers.to("Business justification")?.value ?? "";
    return justification.trim() === ""
      ? deny("no-justification", "Please say what you need the access for.")
      : approve("justified");
  },
});
