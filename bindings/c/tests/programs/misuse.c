/* `misuse COMPONENT CALLOUT`: what C may do wrong and the library can tell. */

#include <admit.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int wrong;

static void expect(int holds, const char *what) {
  if (!holds) {
    wrong++;
    fprintf(stderr, "%s\n", what);
  }
}

/* An error of this code that says this, which it ends. */
static void fails(admit_error_t *error, admit_error_code_t code, const char *says) {
  admit_str_t message = admit_error_message(error);
  char text[512];
  snprintf(text, sizeof text, "%.*s", (int)message.len, message.data == NULL ? "" : message.data);
  if (admit_error_code(error) != code || strstr(text, says) == NULL) {
    wrong++;
    fprintf(stderr, "expected %u %s\nfound %u %s\n", code, says, admit_error_code(error), text);
  }
  admit_error_free(error);
}

/* Facts that are added to while one of them ends. */
static struct {
  admit_facts_t *facts;
  int ended;
} refilled;

static void refill(void *user_data) {
  (void)user_data;
  refilled.ended++;
  fails(admit_facts_add_json(refilled.facts, "held", 4, "{}", 2), ADMIT_ERROR_NONE, "");
}

static int destroyed;

static void destroy(void *user_data) {
  destroyed++;
  *(int *)user_data += 1;
}

/* How a lookup is answered, one way for each evaluation. */
enum manner { VALUE, NOTHING, FAILURE, SILENCE, TWICE, NOT_JSON, NOT_UTF8, NULL_WITH_LENGTH, TOO_LONG, ITSELF, FREES, MANNERS };

static struct {
  enum manner manner;
  admit_set_t *set;
  int depth;
  admit_error_code_t inner;
  admit_effect_t inner_effect;
} asked;

static uint8_t component[1024 * 1024];
static uint8_t callout[1024 * 1024];
static size_t component_len;
static size_t callout_len;

static const char seats[] = "{\"used\":1,\"bought\":120}";

static void lookup(void *user_data, const char *key, size_t key_len, uint64_t remaining_ms,
                   admit_fact_answer_t *answer) {
  (void)user_data;
  expect(key_len == 36 && memcmp(key, "0d000001-0007-400e-a014-d13244aa029e", 36) == 0, "the key");
  expect(remaining_ms > 0 && remaining_ms <= 5000, "the time that is left");
  switch (asked.manner) {
    case VALUE:
      admit_fact_answer_json(answer, seats, strlen(seats));
      break;
    case NOTHING:
      admit_fact_answer_none(answer);
      break;
    case FAILURE:
      admit_fact_answer_error(answer, "the service is down", strlen("the service is down"));
      break;
    case SILENCE:
      break;
    case TWICE:
      admit_fact_answer_json(answer, seats, strlen(seats));
      admit_fact_answer_json(answer, seats, strlen(seats));
      break;
    case NOT_JSON:
      admit_fact_answer_json(answer, "{", 1);
      break;
    case NOT_UTF8:
      admit_fact_answer_json(answer, "\"\xff\"", 3);
      break;
    case NULL_WITH_LENGTH:
      admit_fact_answer_json(answer, NULL, 12);
      break;
    case TOO_LONG:
      admit_fact_answer_json(answer, seats, SIZE_MAX);
      break;
    case ITSELF:
      if (asked.depth++ == 0) {
        admit_report_t *report = NULL;
        admit_error_t *error = admit_evaluate(asked.set, callout, callout_len, NULL, &report);
        asked.inner = admit_error_code(error);
        asked.inner_effect = admit_report_effect(report);
        admit_error_free(error);
        admit_report_free(report);
      }
      admit_fact_answer_json(answer, seats, strlen(seats));
      break;
    case FREES:
      admit_set_free(asked.set);
      asked.set = NULL;
      admit_fact_answer_json(answer, seats, strlen(seats));
      break;
    case MANNERS:
      break;
  }
}

static void ends_while_replaced(void) {
  fails(admit_facts_new(&refilled.facts), ADMIT_ERROR_NONE, "");
  fails(admit_facts_add_callback(refilled.facts, "held", 4, lookup, NULL, refill), ADMIT_ERROR_NONE, "");
  fails(admit_facts_add_json(refilled.facts, "held", 4, "{}", 2), ADMIT_ERROR_NONE, "");
  expect(refilled.ended == 1, "what ends may add to the same facts");
  admit_facts_free(refilled.facts);
}

static void *evaluated(void *set) {
  admit_report_t *report = NULL;
  fails(admit_evaluate(set, callout, callout_len, NULL, &report), ADMIT_ERROR_NONE, "");
  return report;
}

/* What comes of a thread with so much stack. */
static void stack_of(admit_set_t *set, size_t kib, admit_effect_t effect, admit_fault_code_t fault) {
  pthread_attr_t attributes;
  pthread_t thread;
  void *report = NULL;
  expect(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, kib * 1024) == 0 &&
             pthread_create(&thread, &attributes, evaluated, set) == 0 && pthread_join(thread, &report) == 0,
         "a thread");
  admit_outcome_t outcome = ADMIT_OUTCOME_INIT;
  expect(admit_report_outcome(report, 0, &outcome) && outcome.fault == fault, "what little stack comes to");
  expect(admit_report_effect(report) == effect, "what little stack decides");
  admit_report_free(report);
  pthread_attr_destroy(&attributes);
}

static size_t load(const char *path, uint8_t *bytes, size_t size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(2);
  }
  size_t length = fread(bytes, 1, size, file);
  fclose(file);
  return length;
}

/* Blocks of sizes that no version has, that an older and a newer one have. */
static void blocks(void) {
  admit_engine_t *engine = NULL;
  admit_limits_t limits = ADMIT_LIMITS_INIT;
  limits.concurrency = 1;
  const size_t never[] = {0, 1, sizeof(size_t), sizeof limits - 1, sizeof limits + 1, sizeof limits + 4, 520, SIZE_MAX};
  for (size_t index = 0; index < sizeof never / sizeof *never; index++) {
    limits.size = never[index];
    fails(admit_engine_new(&limits, &engine), ADMIT_ERROR_ARGUMENT, "limits: says that its size is ");
  }
  expect(engine == NULL, "nothing is written");

  struct {
    admit_limits_t known;
    uint64_t beyond[4];
  } newer = {ADMIT_LIMITS_INIT, {0, 0, 0, 0}};
  newer.known.size = sizeof newer;
  newer.known.concurrency = 1;
  fails(admit_engine_new(&newer.known, &engine), ADMIT_ERROR_NONE, "");
  admit_engine_free(engine);
  engine = NULL;
  newer.beyond[3] = 1;
  fails(admit_engine_new(&newer.known, &engine), ADMIT_ERROR_ARGUMENT, "says more than this version");
  expect(engine == NULL, "nothing is written");

  const char *misaligned = (const char *)&newer + 1;
  const void *pointer = misaligned;
  fails(admit_engine_new(pointer, &engine), ADMIT_ERROR_ARGUMENT, "limits: a pointer that is not aligned");
}

static void limits(void) {
  admit_engine_t *engine = NULL;
  for (int index = 0; index < 6; index++) {
    admit_limits_t limits = ADMIT_LIMITS_INIT;
    uint64_t *const members[] = {&limits.deadline_ms, &limits.memory, &limits.memory,
                                 &limits.stack,       &limits.stack,  &limits.concurrency};
    const uint64_t values[] = {UINT64_MAX, 1, UINT64_MAX, 1, UINT64_MAX, UINT64_MAX};
    *members[index] = values[index];
    fails(admit_engine_new(&limits, &engine), ADMIT_ERROR_SET, "limits: ");
  }
}

int main(int argc, char **argv) {
  if (argc != 3) {
    return 2;
  }
  component_len = load(argv[1], component, sizeof component);
  callout_len = load(argv[2], callout, sizeof callout);
  alarm(600); /* To wait for a lock for ever is to fail. */
  blocks();
  limits();
  ends_while_replaced();

  admit_engine_t *engine = NULL;
  admit_limits_t few = ADMIT_LIMITS_INIT;
  few.concurrency = 4;
  few.deadline_ms = 5000;
  fails(admit_engine_new(&few, &engine), ADMIT_ERROR_NONE, "");

  /* Text and bytes. */
  admit_policy_t *policy = NULL;
  fails(admit_policy_from_bytes(engine, "\xff", 1, component, component_len, NULL, &policy), ADMIT_ERROR_ARGUMENT,
        "id: not UTF-8");
  fails(admit_policy_from_bytes(engine, "One", 3, component, component_len, NULL, &policy), ADMIT_ERROR_SET, "`One`");
  fails(admit_policy_from_bytes(engine, "one", 3, component, 0, NULL, &policy), ADMIT_ERROR_POLICY_FORMAT, "one");
  fails(admit_policy_from_bytes(engine, "one", 3, component, SIZE_MAX, NULL, &policy), ADMIT_ERROR_ARGUMENT,
        "component: a length of ");
  fails(admit_policy_from_file(engine, "one", 3, "", 0, NULL, &policy), ADMIT_ERROR_ARGUMENT, "path: an empty path");
  fails(admit_policy_from_file(engine, "one", 3, "a\0b", 3, NULL, &policy), ADMIT_ERROR_POLICY_FILE, "one");
  fails(admit_policy_from_file(engine, "one", 3, "\xff.wasm", 6, NULL, &policy), ADMIT_ERROR_POLICY_FILE, "one");

  /* Options of a policy. */
  const char settings[] = "{\"packages\":[\"0d000001-0007-400e-a014-d13244aa029e\"]}";
  const admit_str_t granted[] = {{"seats", 5}};
  admit_policy_options_t options = ADMIT_POLICY_OPTIONS_INIT;
  options.facts = granted;
  options.fact_count = 1;
  const struct {
    const char *text;
    admit_error_code_t code;
    const char *says;
  } texts[] = {
      {"", ADMIT_ERROR_POLICY_SETTINGS, "policy `one`: settings: line 1 column 0: "},
      {"{", ADMIT_ERROR_POLICY_SETTINGS, "policy `one`: settings: line 1 column 1: "},
      {"{\"packages\":[],\"packages\":[]}", ADMIT_ERROR_POLICY_SETTINGS, "stands twice"},
      {"[]", ADMIT_ERROR_POLICY_SETTINGS, "do not fit"},
      {"\"\xff\"", ADMIT_ERROR_ARGUMENT, "settings: not UTF-8"},
  };
  for (size_t index = 0; index < sizeof texts / sizeof *texts; index++) {
    options.settings = (admit_str_t){texts[index].text, strlen(texts[index].text)};
    fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), texts[index].code,
          texts[index].says);
  }
  options.settings = (admit_str_t){settings, strlen(settings)};
  options.prepare = (admit_prepare_t)2;
  fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), ADMIT_ERROR_ARGUMENT,
        "prepare: 2, which is none");
  options.prepare = ADMIT_PREPARE_EACH_TIME;
  options.reserved = 1;
  fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), ADMIT_ERROR_ARGUMENT,
        "reserved: 1, and not 0");
  options.reserved = 0;
  const admit_str_t stages[] = {{"assignmentRequestMade", 21}};
  options.stages = stages;
  options.stage_count = 1;
  fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), ADMIT_ERROR_SET,
        "unknown stage `assignmentRequestMade`");
  options.stage_count = SIZE_MAX;
  fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), ADMIT_ERROR_ARGUMENT,
        "stages: a length of ");
  options.stage_count = 0;
  fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), ADMIT_ERROR_SET,
        "an empty list of stages");
  options.stages = NULL;
  options.stage_count = 0;
  few.fuel = 1000;
  options.limits = &few;
  fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), ADMIT_ERROR_SET,
        "concurrency is the engine's");
  options.limits = NULL;
  admit_str_t digest = {"00", 2};
  options.sha256 = &digest;
  fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), ADMIT_ERROR_POLICY_PIN,
        "one");
  digest = (admit_str_t){"", 0};
  fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), ADMIT_ERROR_ARGUMENT,
        "sha256: no text");
  /* The digest of no policy pins nothing, and must not load anything. */
  digest = admit_policy_sha256(NULL);
  fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), ADMIT_ERROR_ARGUMENT,
        "sha256: no text");
  digest = (admit_str_t){NULL, 64};
  fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), ADMIT_ERROR_ARGUMENT,
        "sha256: NULL");
  options.sha256 = NULL;
  expect(policy == NULL, "nothing is written");
  fails(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy), ADMIT_ERROR_NONE, "");
  expect(admit_policy_sha256(policy).len == 64, "the digest");

  /* Facts: what the callback was given ends once, whatever happens. */
  int ended[3] = {0, 0, 0};
  admit_facts_t *facts = NULL;
  fails(admit_facts_new(&facts), ADMIT_ERROR_NONE, "");
  fails(admit_facts_add_callback(facts, "seats", 5, NULL, &ended[0], destroy), ADMIT_ERROR_ARGUMENT, "lookup: NULL");
  expect(ended[0] == 1, "ended with the error");
  fails(admit_facts_add_callback(facts, "seats", 5, lookup, &ended[1], destroy), ADMIT_ERROR_NONE, "");
  fails(admit_facts_add_callback(facts, "seats", 5, lookup, &ended[2], destroy), ADMIT_ERROR_NONE, "");
  expect(ended[1] == 1 && ended[2] == 0, "replaced");
  fails(admit_facts_add_json(facts, "held", 4, "[]", 2), ADMIT_ERROR_FACT_SOURCE, "not a JSON object");
  fails(admit_facts_add_json(facts, "held", 4, "{\"a\":1,\"a\":2}", 13), ADMIT_ERROR_FACT_SOURCE, "stands twice");

  /* Options of a set. */
  const admit_policy_t *policies[] = {policy};
  admit_set_t *set = NULL;
  admit_set_options_t set_options = ADMIT_SET_OPTIONS_INIT;
  fails(admit_set_new(engine, "C", 1, policies, 1, &set_options, &set), ADMIT_ERROR_SET, "seats");
  set_options.facts = facts;
  fails(admit_set_new(engine, "C", 1, policies, 0, &set_options, &set), ADMIT_ERROR_SET, "policies");
  fails(admit_set_new(engine, "", 0, policies, 1, &set_options, &set), ADMIT_ERROR_SET, "source");
  admit_rule_t *const choices[] = {(admit_rule_t *)&set_options.rule, (admit_rule_t *)&set_options.when_silent,
                                   (admit_rule_t *)&set_options.on_fault, (admit_rule_t *)&set_options.join_approvers,
                                   (admit_rule_t *)&set_options.profile};
  for (size_t index = 0; index < sizeof choices / sizeof *choices; index++) {
    *choices[index] = (admit_rule_t)UINT32_MAX;
    fails(admit_set_new(engine, "C", 1, policies, 1, &set_options, &set), ADMIT_ERROR_ARGUMENT, "4294967295, which is none");
    *choices[index] = (admit_rule_t)0;
  }
  set_options.reserved = 1;
  fails(admit_set_new(engine, "C", 1, policies, 1, &set_options, &set), ADMIT_ERROR_ARGUMENT, "reserved: 1, and not 0");
  set_options.reserved = 0;
  const admit_stage_options_t twice[] = {
      {{"assignmentRequestCreated", 24}, ADMIT_WHEN_SILENT_DENY, ADMIT_ON_FAULT_DENY},
      {{"assignmentRequestCreated", 24}, ADMIT_WHEN_SILENT_APPROVE, ADMIT_ON_FAULT_DENY},
  };
  set_options.stages = twice;
  set_options.stage_count = 2;
  fails(admit_set_new(engine, "C", 1, policies, 1, &set_options, &set), ADMIT_ERROR_SET, "stands twice");
  set_options.stage_count = 1;
  set_options.catalog = (admit_str_t){"0e000001-0008-400f-a015-08ac7b95cd09", 36};
  fails(admit_set_new(engine, "C", 1, policies, 1, &set_options, &set), ADMIT_ERROR_SET, "catalog");
  set_options.extension = (admit_str_t){"", 0};
  fails(admit_set_new(engine, "C", 1, policies, 1, &set_options, &set), ADMIT_ERROR_GRAPH_OBJECT, "");
  set_options.extension = (admit_str_t){"{}", 2};
  fails(admit_set_new(engine, "C", 1, policies, 1, &set_options, &set), ADMIT_ERROR_GRAPH_OBJECT, "");
  set_options.extension = set_options.catalog = (admit_str_t)ADMIT_STR_NONE;
  expect(set == NULL, "nothing is written");
  fails(admit_set_new(engine, "C", 1, policies, 1, &set_options, &set), ADMIT_ERROR_NONE, "");

  /* Handles that are none. */
  const void *other = engine;
  fails(admit_evaluate(other, callout, callout_len, NULL, NULL), ADMIT_ERROR_ARGUMENT, "report_out: NULL");
  admit_report_t *report = NULL;
  fails(admit_evaluate(other, callout, callout_len, NULL, &report), ADMIT_ERROR_ARGUMENT, "set: no set, or one that was freed");
  expect(admit_report_effect(other) == ADMIT_EFFECT_NONE, "an engine has no effect");
  expect(admit_report_resume_body(other).data == NULL, "an engine has no body");
  void *mistaken = engine;
  admit_report_free(mistaken);

  /* Answers of the callback: one value, and faults, which deny. */
  asked.set = set;
  const struct {
    admit_effect_t effect;
    const char *says;
  } manners[FREES] = {
      [VALUE] = {ADMIT_EFFECT_APPROVE, ""},
      [NOTHING] = {ADMIT_EFFECT_DENY, ""},
      [FAILURE] = {ADMIT_EFFECT_DENY, "the source `seats` failed: the service is down"},
      [SILENCE] = {ADMIT_EFFECT_DENY, "it returned without an answer"},
      [TWICE] = {ADMIT_EFFECT_DENY, "it answered twice"},
      [NOT_JSON] = {ADMIT_EFFECT_DENY, "the source `seats` failed"},
      [NOT_UTF8] = {ADMIT_EFFECT_DENY, "its answer: json: not UTF-8"},
      [NULL_WITH_LENGTH] = {ADMIT_EFFECT_DENY, "its answer: json: NULL"},
      [TOO_LONG] = {ADMIT_EFFECT_DENY, "its answer: json: a length of "},
      [ITSELF] = {ADMIT_EFFECT_APPROVE, ""},
  };
  for (int manner = 0; manner < FREES; manner++) {
    asked.manner = (enum manner)manner;
    fails(admit_evaluate(set, callout, callout_len, NULL, &report), ADMIT_ERROR_NONE, "");
    admit_outcome_t outcome = ADMIT_OUTCOME_INIT;
    expect(admit_report_outcome(report, 0, &outcome), "an outcome");
    int is_fault = manners[manner].says[0] != 0;
    char detail[512];
    snprintf(detail, sizeof detail, "%.*s", (int)outcome.detail.len, outcome.detail.data);
    int holds = admit_report_effect(report) == manners[manner].effect;
    holds = holds && outcome.fault == (is_fault ? ADMIT_FAULT_FACTS : ADMIT_FAULT_NONE);
    holds = holds && strstr(detail, manners[manner].says) != NULL;
    if (!holds) {
      wrong++;
      fprintf(stderr, "manner %d: effect %u, fault %u, %s\n", manner, admit_report_effect(report), outcome.fault, detail);
    }
    admit_report_free(report);
  }
  expect(asked.depth == 2 && asked.inner == ADMIT_ERROR_NONE && asked.inner_effect == ADMIT_EFFECT_APPROVE,
         "a callback may evaluate the same set");

  /* What a report is asked for. */
  admit_evaluate_options_t evaluate = ADMIT_EVALUATE_OPTIONS_INIT;
  report = NULL;
  /* 2025-12-24T12:00:00Z in seconds, milliseconds and nanoseconds; 2000 begins. */
  const int64_t instants[] = {1766577600, 1766577600000, 1766577600000000000, 946684799999999, 1, -1,
                              INT64_MIN,  INT64_MAX};
  for (size_t index = 0; index < sizeof instants / sizeof *instants; index++) {
    evaluate.now_us = instants[index];
    fails(admit_evaluate(set, callout, callout_len, &evaluate, &report), ADMIT_ERROR_ARGUMENT, "now_us: ");
  }
  evaluate.now_us = 946684800000000;
  admit_str_t record = {"{}", 2};
  evaluate.record = &record;
  fails(admit_evaluate(set, callout, callout_len, &evaluate, &report), ADMIT_ERROR_FACT_RECORD, "");
  record = (admit_str_t){"\xff", 1};
  fails(admit_evaluate(set, callout, callout_len, &evaluate, &report), ADMIT_ERROR_ARGUMENT, "record: not UTF-8");
  record = (admit_str_t){"", 0};
  fails(admit_evaluate(set, callout, callout_len, &evaluate, &report), ADMIT_ERROR_ARGUMENT, "record: no text");
  /* What no report recorded asks nobody. */
  record = admit_report_json(NULL, ADMIT_JSON_EVIDENCE);
  fails(admit_evaluate(set, callout, callout_len, &evaluate, &report), ADMIT_ERROR_ARGUMENT, "record: no text");
  record = (admit_str_t){NULL, 1};
  fails(admit_evaluate(set, callout, callout_len, &evaluate, &report), ADMIT_ERROR_ARGUMENT, "record: NULL");
  evaluate.record = NULL;
  evaluate.reserved = UINT32_MAX;
  fails(admit_evaluate(set, callout, callout_len, &evaluate, &report), ADMIT_ERROR_ARGUMENT, "reserved: 4294967295, and");
  evaluate.reserved = 0;
  fails(admit_evaluate(set, callout, 0, &evaluate, &report), ADMIT_ERROR_CALLOUT_SYNTAX, "");
  fails(admit_evaluate(set, callout, callout_len / 2, &evaluate, &report), ADMIT_ERROR_CALLOUT_SYNTAX, "");
  expect(report == NULL, "nothing is written");
  asked.manner = VALUE;
  stack_of(set, 512, ADMIT_EFFECT_DENY, ADMIT_FAULT_CAPACITY);
  stack_of(set, 1024, ADMIT_EFFECT_APPROVE, ADMIT_FAULT_NONE);
  evaluate.without_reads = 1;
  fails(admit_evaluate(set, callout, callout_len, &evaluate, &report), ADMIT_ERROR_NONE, "");
  expect(admit_report_now_us(report) == 946684800000000, "the instant");
  expect(admit_report_json(report, 3).data != NULL, "evidence, redacted");
  expect(admit_report_json(report, 0).data == admit_report_json(report, 0).data, "made once");
  expect(admit_report_json(report, 4).data == NULL && admit_report_json(report, UINT32_MAX).data == NULL, "other flags");
  struct {
    admit_outcome_t known;
    uint64_t beyond;
  } newer = {ADMIT_OUTCOME_INIT, 7};
  newer.known.size = sizeof newer;
  expect(admit_report_outcome(report, 0, &newer.known), "a newer outcome");
  expect(newer.known.size == sizeof newer && newer.beyond == 7, "nothing is written past what is known");
  expect(newer.known.kind == ADMIT_OUTCOME_VERDICT && newer.known.reads == NULL, "reads were not kept");
  admit_outcome_t outcome = ADMIT_OUTCOME_INIT;
  expect(!admit_report_outcome(report, 1, &outcome) && outcome.policy.data == NULL, "no such outcome");
  const size_t sizes[] = {0, 8, sizeof outcome - 8, sizeof outcome - 1, sizeof outcome + 1, 520, SIZE_MAX};
  for (size_t index = 0; index < sizeof sizes / sizeof *sizes; index++) {
    outcome.size = sizes[index];
    expect(!admit_report_outcome(report, 0, &outcome) && outcome.policy.data == NULL, "no such size");
  }

  /* Findings. */
  admit_findings_t *findings = NULL;
  fails(admit_lint(callout, callout_len, (admit_lint_as_t)3, &findings), ADMIT_ERROR_ARGUMENT, "kind: 3");
  expect(admit_lint_detect(callout, callout_len) == ADMIT_LINT_CALLOUT, "a callout");
  const uint8_t body[] = "{\"source\":\"C\"";
  fails(admit_lint(body, sizeof body - 1, ADMIT_LINT_RESUME, &findings), ADMIT_ERROR_NONE, "");
  admit_finding_t finding = ADMIT_FINDING_INIT;
  expect(admit_findings_count(findings) == 1 && admit_findings_get(findings, 0, &finding), "a finding");
  expect(finding.severity == ADMIT_SEVERITY_ERROR && finding.policy.data == NULL, "an error, of no policy");
  expect(finding.code.len == 8 && memcmp(finding.code.data, "not-json", 8) == 0, "not JSON");
  expect(!admit_findings_get(findings, 1, &finding), "no such finding");
  admit_findings_free(findings);
  fails(admit_set_check_file("none.toml", 9, NULL, &findings), ADMIT_ERROR_NONE, "");
  expect(admit_findings_get(findings, 0, &finding), "a finding");
  expect(finding.code.len == 8 && memcmp(finding.code.data, "set-file", 8) == 0, "no such file");
  admit_findings_free(findings);
  fails(admit_set_findings(set, &findings), ADMIT_ERROR_NONE, "");
  expect(admit_findings_count(findings) > 0, "findings of a set");
  admit_findings_free(findings);

  /* What was made of a handle goes on without it. */
  admit_engine_free(engine);
  admit_policy_free(policy);
  admit_facts_free(facts);
  expect(ended[2] == 0, "the set still has the facts");
  admit_report_t *last = NULL;
  fails(admit_evaluate(set, callout, callout_len, &evaluate, &last), ADMIT_ERROR_NONE, "");
  admit_report_free(last);
  last = NULL;
  asked.manner = FREES;
  fails(admit_evaluate(set, callout, callout_len, &evaluate, &last), ADMIT_ERROR_NONE, "");
  expect(asked.set == NULL, "freed while it is evaluated");
  expect(ended[2] == 1 && destroyed == 3, "ended with the set");
  expect(admit_report_effect(last) == ADMIT_EFFECT_APPROVE && admit_report_effect(report) == ADMIT_EFFECT_APPROVE,
         "reports go on");
  admit_report_free(report);
  admit_report_free(last);
  return wrong == 0 ? 0 : 1;
}
