// Watched packages need a justification.
#include "admit_policy.h"

static admit_list packages;

// Once, when the policy set is loaded. Only settings can be read here.
admit_configured configure(void) {
    packages = admit_settings_guids("/packages");
    return admit_ready();
}

// For each callout, in a fresh instance: nothing that it changes survives.
admit_verdict evaluate(void) {
    admit_text package, text;
    if (!admit_access_package_id(&package)) {
        return admit_deny("no-package", "The request names no access package.");
    }
    if (!admit_contains(packages, package)) return admit_abstain("not-watched", "");
    if (admit_answers_to("Business justification", &text) && !admit_is_blank(text)) {
        return admit_approve("justified", "");
    }
    return admit_deny("no-justification", "Please say what you need the access for.");
}
