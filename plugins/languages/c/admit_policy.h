// Policies for admit in C and C++: what makes the contract short to use.
//
//     #include "admit_policy.h"
//
//     admit_configured configure(void) { return admit_ready(); }
//
//     admit_verdict evaluate(void) {
//         admit_text mail;
//         if (!admit_target_email(&mail)) return admit_deny("no-mail", "The account has no mail address.");
//         return admit_approve("has-mail", "");
//     }
//
// A policy defines `configure` and `evaluate`, and reads with the getters of policy.h, which are the
// contract's. Where they give a bool, there is a result only when it is true: false means that there is
// no such member, or null. What that means is the policy's to say: deny, unless there is a reason not to.
// A value of another type than the one asked for, an index past the end and a lookup that was not granted
// end the evaluation as a fault.
//
// Nothing needs to be freed: each callout has an instance of its own, which is thrown away. There is no
// clock and no randomness: `time` and `getentropy` trap, `rand` gives the same numbers each time. Files
// cannot be opened and what is printed is lost: write with `admit_log_write`.
//
// Functions whose documentation is not here have it in policy.h.
#ifndef ADMIT_POLICY_H
#define ADMIT_POLICY_H

#include <string.h>

#include "policy.h"

// Functions of one name for several types; their results may not be ignored.
#ifdef __cplusplus
#define ADMIT_ACTION static inline
#define ADMIT_RESULT [[nodiscard]] static inline
extern "C" {
#else
#define ADMIT_ACTION __attribute__((overloadable)) static inline
#define ADMIT_RESULT __attribute__((overloadable, warn_unused_result)) static inline
#endif

// So many bytes of UTF-8, without a NUL at the end.
typedef policy_string_t admit_text;

// Texts of settings or facts.
typedef struct admit_list {
    admit_text *items;
    size_t length;
} admit_list;

// What `configure` returns: made by `admit_ready` or `admit_refuse`.
typedef struct admit_configured {
    bool ready;
    admit_text refusal;
} admit_configured;

// What `evaluate` returns: made by `admit_approve`, `admit_deny`, `admit_cancel`, `admit_abstain` or
// `admit_require_approval`, which tell the host at once, or by `admit_fault`. One made otherwise is a
// fault, and so are two in one evaluation.
typedef struct admit_verdict {
    bool given;
    admit_text fault;
} admit_verdict;

// Defined by the policy. Called when the policy is loaded, and possibly again before each `evaluate`.
// Settings and the log may be used here; anything else is a fault.
admit_configured configure(void);

// Defined by the policy. Called once for each callout, in a fresh instance: nothing that it changes
// survives.
admit_verdict evaluate(void);

// One text after the other.
admit_text admit_concat(admit_text first, admit_text second);

// A number in decimal digits.
admit_text admit_decimal(int64_t number);

// Whether there is nothing but Unicode's white space, or nothing at all.
bool admit_is_blank(admit_text text);

// The pointer of a list's item, or of a member of it: "/windows", 2, "/from" give "/windows/2/from".
admit_text admit_item(const char *list, uint32_t index, const char *member);

// The texts of an array of the settings; empty where it is absent or null. An item that is null is a
// fault: have the schema refuse it.
admit_list admit_settings_texts(const char *pointer);

// The GUIDs of an array of the settings, in the spelling that the callout's ids have; otherwise as
// `admit_settings_texts`.
admit_list admit_settings_guids(const char *pointer);

// The texts of an array inside a fact; false where there is no such key, or no such array inside its
// value. An item that is null is a fault.
__attribute__((warn_unused_result))
bool admit_facts_texts(const char *collection, admit_text key, const char *pointer, admit_list *list);

// The GUIDs of an array inside a fact, in the spelling that the callout's ids have; otherwise as
// `admit_facts_texts`.
__attribute__((warn_unused_result))
bool admit_facts_guids(const char *collection, admit_text key, const char *pointer, admit_list *list);

// The value of the first answer to a question, named by its id (a GUID with hyphens) or else by its exact
// text; false where there is none. Administrators edit texts: prefer the id.
__attribute__((warn_unused_result))
bool admit_answers_to(const char *question, admit_text *value);

// Ends the evaluation as a fault, with the message in the log. For what cannot be: return `admit_fault`
// for what can.
__attribute__((noreturn)) void admit_trap(const char *message);

#ifdef __cplusplus
}
#endif

// A C string as a text. Nothing is copied.
static inline admit_text admit_str(const char *text) {
    admit_text made = {(uint8_t *)text, strlen(text)};
    return made;
}

// Whether two texts are the same, byte by byte.
ADMIT_RESULT bool admit_equal(admit_text first, admit_text second) {
    return first.len == second.len && (first.len == 0 || memcmp(first.ptr, second.ptr, first.len) == 0);
}
ADMIT_RESULT bool admit_equal(admit_text first, const char *second) {
    return admit_equal(first, admit_str(second));
}

// Whether a list has a text, byte by byte.
static inline bool admit_contains(admit_list list, admit_text text) {
    for (size_t index = 0; index < list.length; index++) {
        if (admit_equal(list.items[index], text)) return true;
    }
    return false;
}

// The settings can be used.
static inline admit_configured admit_ready(void) {
    admit_configured configured = {true, {NULL, 0}};
    return configured;
}

// The settings cannot be used, with a text for the person who wrote them. The policy set is refused.
ADMIT_RESULT admit_configured admit_refuse(admit_text text) {
    admit_configured configured = {false, text};
    return configured;
}
ADMIT_RESULT admit_configured admit_refuse(const char *text) {
    return admit_refuse(admit_str(text));
}

// The policy could not evaluate, with a text for the report. A defect, not a denial.
ADMIT_RESULT admit_verdict admit_fault(admit_text text) {
    admit_verdict verdict = {false, text};
    return verdict;
}
ADMIT_RESULT admit_verdict admit_fault(const char *text) {
    return admit_fault(admit_str(text));
}

// A verdict: a code for programs, [a-z0-9-]{1,64}, and a detail for people, which may be empty and may be
// shown to approvers: no secrets.
#define ADMIT_VERDICT(effect)                                                             \
    ADMIT_RESULT admit_verdict admit_##effect(const char *code, admit_text detail) {      \
        admit_verdict verdict = {true, {NULL, 0}};                                               \
        admit_text name = admit_str(code);                                                \
        admit_verdict_##effect(&name, &detail);                                           \
        return verdict;                                                                   \
    }                                                                                     \
    ADMIT_RESULT admit_verdict admit_##effect(const char *code, const char *detail) {     \
        return admit_##effect(code, admit_str(detail));                                   \
    }

// Nothing stands against it. It replaces no human approver and outvotes no denial of another policy.
ADMIT_VERDICT(approve)
// The request is refused.
ADMIT_VERDICT(deny)
// The request is called off: not refused on its merits, may be made again.
ADMIT_VERDICT(cancel)
// This policy has no opinion about this callout.
ADMIT_VERDICT(abstain)
// The request needs the approval stage that `admit_approval_stage_...` have described. Only at the stage
// `assignmentRequestDeterminingApprovalRequirements`; anywhere else a fault.
ADMIT_VERDICT(require_approval)

ADMIT_ACTION void admit_verdict_note(const char *code, admit_text detail) {
    admit_text name = admit_str(code);
    admit_verdict_note(&name, &detail);
}
ADMIT_ACTION void admit_verdict_note(const char *code, const char *detail) {
    admit_verdict_note(code, admit_str(detail));
}

// Lists of approvers, for `admit_approval_stage_...`.
#define ADMIT_PRIMARY ADMIT_APPROVAL_STAGE_APPROVER_LIST_PRIMARY
#define ADMIT_FALLBACK_PRIMARY ADMIT_APPROVAL_STAGE_APPROVER_LIST_FALLBACK_PRIMARY
#define ADMIT_ESCALATION ADMIT_APPROVAL_STAGE_APPROVER_LIST_ESCALATION
#define ADMIT_FALLBACK_ESCALATION ADMIT_APPROVAL_STAGE_APPROVER_LIST_FALLBACK_ESCALATION

// Days in seconds; for more than 365 a time that no approval stage takes.
static inline uint32_t admit_days(uint32_t days) {
    return days <= 365 ? days * 86400 : UINT32_MAX;
}

#define ADMIT_APPROVER(kind)                                                                     \
    ADMIT_ACTION void admit_approval_stage_add_##kind(admit_approval_stage_approver_list_t to,   \
                                                      admit_text id, const char *description) {  \
        admit_text shown = admit_str(description);                                               \
        admit_approval_stage_add_##kind(to, &id, &shown);                                        \
    }                                                                                            \
    ADMIT_ACTION void admit_approval_stage_add_##kind(admit_approval_stage_approver_list_t to,   \
                                                      const char *id, const char *description) { \
        admit_approval_stage_add_##kind(to, admit_str(id), description);                         \
    }

ADMIT_APPROVER(user)
ADMIT_APPROVER(group)
ADMIT_APPROVER(connected_organization)
ADMIT_APPROVER(service_principal)
ADMIT_APPROVER(attribute_rule_members)

// Settings and facts by a pointer, and facts by a key, as policy.h documents them.
#define ADMIT_READ(what, type)                                                                   \
    ADMIT_RESULT bool admit_settings_##what(admit_text pointer, type *value) {                   \
        return admit_settings_##what(&pointer, value);                                           \
    }                                                                                            \
    ADMIT_RESULT bool admit_settings_##what(const char *pointer, type *value) {                  \
        return admit_settings_##what(admit_str(pointer), value);                                 \
    }                                                                                            \
    ADMIT_RESULT bool admit_facts_##what(const char *collection, admit_text key,                 \
                                         admit_text pointer, type *value) {                      \
        admit_text name = admit_str(collection);                                                 \
        return admit_facts_##what(&name, &key, &pointer, value);                                 \
    }                                                                                            \
    ADMIT_RESULT bool admit_facts_##what(const char *collection, admit_text key,                 \
                                         const char *pointer, type *value) {                     \
        return admit_facts_##what(collection, key, admit_str(pointer), value);                   \
    }

ADMIT_READ(text, admit_text)
ADMIT_READ(guid, admit_text)
ADMIT_READ(timestamp, int64_t)
ADMIT_READ(flag, bool)
ADMIT_READ(integer, int64_t)
ADMIT_READ(number, double)
ADMIT_READ(count, uint32_t)
ADMIT_READ(length, uint32_t)

ADMIT_RESULT bool admit_facts_lookup(const char *collection, admit_text key, admit_text *value) {
    admit_text name = admit_str(collection);
    return admit_facts_lookup(&name, &key, value);
}

ADMIT_RESULT bool admit_callout_field(const char *pointer, admit_text *value) {
    admit_text at = admit_str(pointer);
    return admit_callout_field(&at, value);
}

ADMIT_RESULT bool admit_evaluation_timestamp(admit_text text, int64_t *seconds) {
    return admit_evaluation_timestamp(&text, seconds);
}

ADMIT_RESULT bool admit_verified_credentials_has_type(uint32_t index, const char *name) {
    admit_text type = admit_str(name);
    return admit_verified_credentials_has_type(index, &type);
}

ADMIT_RESULT bool admit_verified_credentials_claim(uint32_t index, const char *name, admit_text *value) {
    admit_text claim = admit_str(name);
    return admit_verified_credentials_claim(index, &claim, value);
}

ADMIT_ACTION void admit_log_write(admit_log_level_t level, admit_text message) {
    admit_log_write(level, &message);
}
ADMIT_ACTION void admit_log_write(admit_log_level_t level, const char *message) {
    admit_log_write(level, admit_str(message));
}

#ifdef __cplusplus
#include <string_view>

// A text as C++ reads it.
static inline std::string_view admit_view(admit_text text) {
    return {reinterpret_cast<const char *>(text.ptr), text.len};
}

// A string of C++ as a text, which lives as long as the string. Nothing is copied.
static inline admit_text admit_str(std::string_view text) {
    return {reinterpret_cast<uint8_t *>(const_cast<char *>(text.data())), text.size()};
}
#endif

#endif
