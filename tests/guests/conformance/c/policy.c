// Does what the first answer says.
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "admit_policy.h"

static const char *const first = "0a000000-0000-4000-8000-000000000001";
static const char *const second = "0a000000-0000-4000-8000-000000000002";
static const char *const third = "0a000000-0000-4000-8000-000000000003";

static admit_verdict approval(void) {
    admit_approval_stage_add_user(ADMIT_PRIMARY, first, "First");
    admit_approval_stage_add_manager(ADMIT_PRIMARY, 1);
    admit_approval_stage_add_group(ADMIT_FALLBACK_PRIMARY, second, "");
    admit_approval_stage_add_user(ADMIT_ESCALATION, third, "");
    admit_approval_stage_deny_after(admit_days(14));
    admit_approval_stage_escalate_after(admit_days(2));
    admit_approval_stage_require_justification();
    return admit_require_approval("two-eyes", "Two look at it.");
}

static admit_verdict notes(void) {
    admit_verdict_note("first", "One.");
    admit_verdict_note("second", "Two.");
    return admit_deny("no", "No.");
}

static admit_verdict wrong(void) {
    admit_verdict denied = admit_deny("no", "No.");
    return denied.given ? admit_approve("fine", "") : denied;
}

static admit_verdict memory(void) {
    admit_text text = admit_str("more");
    for (;;) text = admit_concat(text, text);
}

static admit_verdict fact(const char *key) {
    admit_text name;
    if (!admit_facts_text("held", admit_str(key), "/name", &name)) {
        return admit_deny("unknown", "Nothing is known.");
    }
    return admit_approve("known", name);
}

static admit_verdict ungranted(void) {
    admit_text value;
    if (!admit_facts_lookup("secrets", admit_str("x"), &value)) return admit_deny("none", "");
    return admit_approve("some", value);
}

static admit_verdict settings(void) {
    admit_text text;
    int64_t integer;
    bool flag;
    if (!admit_settings_text("/nested/text", &text) || !admit_settings_integer("/nested/integer", &integer) ||
        !admit_settings_flag("/nested/flag", &flag)) {
        return admit_fault("a setting is missing");
    }
    text = admit_concat(admit_concat(text, admit_str(" ")), admit_decimal(integer));
    return admit_approve("settings", admit_concat(text, admit_str(flag ? " true" : " false")));
}

static admit_verdict now(void) {
    admit_text text;
    admit_evaluation_now_text(&text);
    return admit_approve("now", text);
}

static admit_verdict unicode(void) {
    admit_text name;
    if (!admit_requestor_display_name(&name)) return admit_fault("the requestor has no name");
    return admit_approve("unicode", admit_concat(name, admit_str(" ß漢🙂")));
}

static admit_verdict answers(void) {
    uint32_t count = admit_answers_count();
    int64_t characters = 0;
    for (uint32_t index = 0; index < count; index++) {
        admit_text value;
        if (!admit_answers_value(index, &value)) continue;
        for (size_t at = 0; at < value.len; at++) characters += (value.ptr[at] & 0xc0) != 0x80;
    }
    admit_text text = admit_concat(admit_decimal(count), admit_str(" "));
    return admit_approve("answers", admit_concat(text, admit_decimal(characters)));
}

static admit_verdict entropy(void) {
    int64_t number = 0;
    if (getentropy(&number, sizeof number) != 0) return admit_fault("there is no randomness");
    return admit_approve("random", admit_decimal(number));
}

admit_configured configure(void) {
    return admit_ready();
}

admit_verdict evaluate(void) {
    admit_text what;
    if (admit_answers_count() == 0 || !admit_answers_value(0, &what)) return admit_fault("no answer");
    if (admit_equal(what, "approve")) return admit_approve("fine", "");
    if (admit_equal(what, "deny")) return admit_deny("no", "No.");
    if (admit_equal(what, "cancel")) return admit_cancel("later", "Later.");
    if (admit_equal(what, "abstain")) return admit_abstain("none", "");
    if (admit_equal(what, "approval")) return approval();
    if (admit_equal(what, "notes")) return notes();
    if (admit_equal(what, "error")) return admit_fault("It does not work.");
    if (admit_equal(what, "trap")) abort();
    if (admit_equal(what, "nothing")) return (admit_verdict){0};
    if (admit_equal(what, "wrong")) return wrong();
    if (admit_equal(what, "loop")) for (;;) {}
    if (admit_equal(what, "memory")) return memory();
    if (admit_equal(what, "fact")) return fact("somebody");
    if (admit_equal(what, "missing-fact")) return fact("nobody");
    if (admit_equal(what, "ungranted")) return ungranted();
    if (admit_equal(what, "settings")) return settings();
    if (admit_equal(what, "now")) return now();
    if (admit_equal(what, "log")) {
        admit_log_write(ADMIT_LOG_LEVEL_INFO, "hello");
        return admit_approve("fine", "");
    }
    if (admit_equal(what, "unicode")) return unicode();
    if (admit_equal(what, "answers")) return answers();
    if (admit_equal(what, "clock")) return admit_approve("clock", admit_decimal(time(NULL)));
    if (admit_equal(what, "random")) return entropy();
    return admit_fault("no such case");
}
