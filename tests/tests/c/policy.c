// Asks of the helpers what they promise; a fault names what does not hold.
#include <stdlib.h>

#include "admit_policy.h"

#define HOLDS(condition) \
    if (!(condition)) return admit_fault(#condition)

static admit_list texts, guids, none;

static bool blank(const char *text) {
    return admit_is_blank(admit_str(text));
}

static admit_verdict strings(void) {
    HOLDS(blank("") && blank(" \t\n\v\f\r") && blank("\u00a0\u1680\u2003 \u2028\u202f\u205f\u3000\xc2\x85"));
    HOLDS(!blank("x") && !blank(" .") && !blank("\u200b") && !blank("\ufeff") && !blank("\xe2\x80") && !blank("\xc2"));
    HOLDS(!admit_is_blank((admit_text){(uint8_t *)"", 1}));
    HOLDS(admit_equal(admit_decimal(0), "0") && admit_equal(admit_decimal(-7), "-7"));
    HOLDS(admit_equal(admit_decimal(INT64_MIN), "-9223372036854775808"));
    HOLDS(admit_equal(admit_decimal(INT64_MAX), "9223372036854775807"));
    HOLDS(admit_equal(admit_item("/windows", 12, "/from"), "/windows/12/from"));
    HOLDS(admit_equal(admit_concat(admit_str(""), admit_str("")), ""));
    HOLDS(!admit_equal(admit_str("ab"), "a") && !admit_equal((admit_text){(uint8_t *)"a\0b", 3}, "a"));
    HOLDS(admit_days(365) == 31536000 && admit_days(366) == UINT32_MAX && admit_days(49711) == UINT32_MAX);
    return admit_approve("holds", "");
}

static admit_verdict settings(void) {
    HOLDS(texts.length == 2 && admit_equal(texts.items[0], "one") && admit_equal(texts.items[1], "zwölf"));
    HOLDS(guids.length == 1 && admit_contains(guids, admit_str("0d000001-0007-400e-a014-d13244aa029e")));
    HOLDS(!admit_contains(guids, admit_str("0d000001")) && none.length == 0);
    int64_t integer = 0;
    double number = 0;
    admit_text text;
    HOLDS(admit_settings_integer("/integer", &integer) && integer == -9007199254740991);
    HOLDS(admit_settings_number("/number", &number) && number == 0.5);
    HOLDS(!admit_settings_text("/missing", &text) && !admit_settings_text("/empty", &text));
    HOLDS(admit_settings_text(admit_item("/texts", 1, ""), &text) && admit_equal(text, "zwölf"));
    return admit_approve("holds", "");
}

static admit_verdict facts(void) {
    admit_list list = {NULL, 0};
    admit_text key = admit_str("somebody");
    HOLDS(admit_facts_texts("held", key, "/names", &list) && list.length == 2 && admit_equal(list.items[1], "b"));
    HOLDS(admit_facts_guids("held", key, "/ids", &list) && list.length == 1);
    HOLDS(admit_equal(list.items[0], "0d000001-0007-400e-a014-d13244aa029e"));
    HOLDS(!admit_facts_texts("held", key, "/missing", &list));
    HOLDS(!admit_facts_texts("held", admit_str("nobody"), "/names", &list));
    return admit_approve("holds", "");
}

static admit_verdict answers(void) {
    admit_text value;
    HOLDS(admit_answers_to("Purpose", &value) && admit_equal(value, "answers"));
    HOLDS(!admit_answers_to("purpose", &value) && !admit_answers_to("", &value));
    HOLDS(admit_answers_to("0b00000a-0006-404c-a088-6243ecb17f6c", &value) && admit_equal(value, "answers"));
    HOLDS(admit_answers_to("0B00000A-0006-404C-A088-6243ECB17F6C", &value) && admit_equal(value, "answers"));
    HOLDS(!admit_answers_to("0b00000a-0006-404c-a088-000000000000", &value));
    int64_t seconds = 0;
    HOLDS(admit_evaluation_timestamp(admit_str("1970-01-02"), &seconds) && seconds == 86400);
    HOLDS(!admit_evaluation_timestamp(admit_str("tomorrow"), &seconds));
    HOLDS(admit_callout_field("/stage", &value) && admit_equal(value, "assignmentRequestCreated"));
    return admit_approve("holds", "");
}

static admit_verdict memory(void) {
    char *first = malloc(10);
    memcpy(first, "123456789", 10);
    char *second = realloc(first, 5000);
    HOLDS(second == first && strcmp(second, "123456789") == 0);
    char *third = malloc(1);
    HOLDS(third >= second + 5000 && (uintptr_t)third % _Alignof(max_align_t) == 0);
    char *moved = realloc(second, 6000);
    HOLDS(moved != second && strcmp(moved, "123456789") == 0);
    memset(moved, 'x', 6000);
    free(moved);
    char *zero = calloc(60, 100);
    HOLDS(zero == moved);
    for (size_t at = 0; at < 6000; at++) HOLDS(zero[at] == 0);
    void *aligned = NULL;
    HOLDS(posix_memalign(&aligned, 4096, 1) == 0 && (uintptr_t)aligned % 4096 == 0);
    // Kept, since the compiler leaves out memory that nobody uses.
    void *volatile refused = malloc(SIZE_MAX);
    HOLDS(refused == NULL);
    refused = calloc(SIZE_MAX / 2, 3);
    HOLDS(refused == NULL);
    refused = realloc(zero, SIZE_MAX);
    HOLDS(refused == NULL);
    char *large = malloc(300000);
    HOLDS(large != NULL);
    memset(large, 'y', 300000);
    HOLDS(zero[5999] == 0);
    return admit_approve("holds", "");
}

admit_configured configure(void) {
    texts = admit_settings_texts("/texts");
    guids = admit_settings_guids("/guids");
    none = admit_settings_texts("/missing");
    return texts.length > 0 ? admit_ready() : admit_refuse("there are no texts");
}

admit_verdict evaluate(void) {
    admit_text what;
    if (!admit_answers_value(0, &what)) return admit_fault("no answer");
    if (admit_equal(what, "strings")) return strings();
    if (admit_equal(what, "settings")) return settings();
    if (admit_equal(what, "facts")) return facts();
    if (admit_equal(what, "answers")) return answers();
    if (admit_equal(what, "memory")) return memory();
    return admit_fault("no such case");
}
