// What admit_policy.h declares.
#include "admit_policy.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (memory == NULL && count > 0 && size > 0) __builtin_trap();
    return memory;
}

// Copied, since the error is freed after it was read.
static bool fail(admit_text text, const char *otherwise, policy_string_t *error) {
    *error = admit_concat(text.len > 0 ? text : admit_str(otherwise), admit_str(""));
    return false;
}

bool exports_policy_configure(policy_string_t *error) {
    admit_configured configured = configure();
    return configured.ready || fail(configured.refusal, "`configure` returned nothing", error);
}

bool exports_policy_evaluate(policy_string_t *error) {
    admit_verdict verdict = evaluate();
    return verdict.given || fail(verdict.fault, "`evaluate` returned no verdict", error);
}

void admit_trap(const char *message) {
    admit_log_write(ADMIT_LOG_LEVEL_ERROR, message);
    __builtin_trap();
}

admit_text admit_concat(admit_text first, admit_text second) {
    size_t length;
    if (__builtin_add_overflow(first.len, second.len, &length)) __builtin_trap();
    admit_text text = {allocate(1, length), length};
    if (first.len > 0) memcpy(text.ptr, first.ptr, first.len);
    if (second.len > 0) memcpy(text.ptr + first.len, second.ptr, second.len);
    return text;
}

admit_text admit_decimal(int64_t number) {
    uint8_t digits[20];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (uint8_t)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) digits[--at] = '-';
    admit_text text = {digits + at, sizeof digits - at};
    return admit_concat(text, admit_str(""));
}

bool admit_is_blank(admit_text text) {
    static const char *const blanks[] = {
        "\xc2\x85", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
        "\u2007",   "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000",
    };
    for (size_t at = 0; at < text.len;) {
        uint8_t first = text.ptr[at];
        size_t length = first == ' ' || (first >= '\t' && first <= '\r');
        for (size_t index = 0; first >= 0x80 && length == 0 && index < sizeof blanks / sizeof *blanks; index++) {
            admit_text blank = admit_str(blanks[index]);
            if (blank.len <= text.len - at && memcmp(text.ptr + at, blank.ptr, blank.len) == 0) length = blank.len;
        }
        if (length == 0) return false;
        at += length;
    }
    return true;
}

admit_text admit_item(const char *list, uint32_t index, const char *member) {
    admit_text item = admit_concat(admit_concat(admit_str(list), admit_str("/")), admit_decimal(index));
    return admit_concat(item, admit_str(member));
}

static admit_list room(uint32_t length) {
    admit_list list = {allocate(length, sizeof(admit_text)), length};
    return list;
}

static const char *const null_item = "an item of a list is null";

admit_list admit_settings_texts(const char *pointer) {
    uint32_t length = 0;
    if (!admit_settings_length(pointer, &length)) length = 0;
    admit_list list = room(length);
    for (uint32_t index = 0; index < length; index++) {
        if (!admit_settings_text(admit_item(pointer, index, ""), &list.items[index])) admit_trap(null_item);
    }
    return list;
}

admit_list admit_settings_guids(const char *pointer) {
    uint32_t length = 0;
    if (!admit_settings_length(pointer, &length)) length = 0;
    admit_list list = room(length);
    for (uint32_t index = 0; index < length; index++) {
        if (!admit_settings_guid(admit_item(pointer, index, ""), &list.items[index])) admit_trap(null_item);
    }
    return list;
}

bool admit_facts_texts(const char *collection, admit_text key, const char *pointer, admit_list *list) {
    uint32_t length;
    if (!admit_facts_length(collection, key, pointer, &length)) return false;
    *list = room(length);
    for (uint32_t index = 0; index < length; index++) {
        admit_text item = admit_item(pointer, index, "");
        if (!admit_facts_text(collection, key, item, &list->items[index])) admit_trap(null_item);
    }
    return true;
}

bool admit_facts_guids(const char *collection, admit_text key, const char *pointer, admit_list *list) {
    uint32_t length;
    if (!admit_facts_length(collection, key, pointer, &length)) return false;
    *list = room(length);
    for (uint32_t index = 0; index < length; index++) {
        admit_text item = admit_item(pointer, index, "");
        if (!admit_facts_guid(collection, key, item, &list->items[index])) admit_trap(null_item);
    }
    return true;
}

// Whether a text is spelt as the ids of the callout are, but for upper case.
static bool is_id(const char *text) {
    if (strlen(text) != 36) return false;
    for (size_t at = 0; at < 36; at++) {
        bool hyphen = at == 8 || at == 13 || at == 18 || at == 23;
        if (hyphen ? text[at] != '-' : !isxdigit((unsigned char)text[at])) return false;
    }
    return true;
}

bool admit_answers_to(const char *question, admit_text *value) {
    bool by_id = is_id(question);
    uint32_t count = admit_answers_count();
    for (uint32_t index = 0; index < count; index++) {
        admit_text name;
        bool found = by_id ? admit_answers_question_id(index, &name) && name.len == 36 &&
                                 strncasecmp((const char *)name.ptr, question, 36) == 0
                           : admit_answers_question_text(index, &name) && admit_equal(name, question);
        if (found) return admit_answers_value(index, value);
    }
    return false;
}
