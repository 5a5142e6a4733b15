/* `nulls COMPONENT SET CALLOUT DATABASE JSON`: every function of the header, with every pointer NULL in turn and the
 * other arguments good, and with all of them NULL. The calls are written by tests/c/nulls.rs, from the header. */

#include <admit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int calls;
static int wrong;

static void expect(int holds, const char *call) {
  calls++;
  if (!holds) {
    wrong++;
    fprintf(stderr, "%s\n", call);
  }
}

/* An error of this code, which it ends. */
static int is(admit_error_t *error, admit_error_code_t code) {
  admit_error_code_t found = admit_error_code(error);
  admit_error_free(error);
  return found == code;
}

static void lookup(void *user_data, const char *key, size_t key_len, uint64_t remaining_ms,
                   admit_fact_answer_t *answer) {
  (void)user_data;
  (void)key;
  (void)key_len;
  (void)remaining_ms;
  admit_fact_answer_none(answer);
}

static void destroy(void *user_data) {
  (void)user_data;
}

static uint8_t component[1024 * 1024];
static uint8_t callout[1024 * 1024];

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

int main(int argc, char **argv) {
  if (argc != 6) {
    return 2;
  }
  const char *component_path = argv[1], *set_path = argv[2], *database_path = argv[4], *json_path = argv[5];
  size_t component_len = load(component_path, component, sizeof component);
  size_t callout_len = load(argv[3], callout, sizeof callout);

  admit_limits_t limits = ADMIT_LIMITS_INIT;
  limits.concurrency = 2;
  admit_policy_options_t policy_options = ADMIT_POLICY_OPTIONS_INIT;
  admit_set_options_t set_options = ADMIT_SET_OPTIONS_INIT;
  admit_file_options_t file_options = ADMIT_FILE_OPTIONS_INIT;
  file_options.prepare = ADMIT_PREPARE_EACH_TIME;
  admit_evaluate_options_t evaluate_options = ADMIT_EVALUATE_OPTIONS_INIT;
  admit_outcome_t outcome = ADMIT_OUTCOME_INIT;
  admit_finding_t finding = ADMIT_FINDING_INIT;
  const admit_str_t columns[] = {{"one", 3}};
  int data = 0;

  admit_engine_t *engine = NULL;
  admit_policy_t *policy = NULL;
  admit_facts_t *facts = NULL;
  admit_set_t *set = NULL;
  admit_report_t *report = NULL;
  admit_findings_t *findings = NULL;
  expect(is(admit_engine_new(&limits, &engine), ADMIT_ERROR_NONE), "an engine");
  expect(is(admit_policy_from_bytes(engine, "one", 3, component, component_len, NULL, &policy), ADMIT_ERROR_NONE),
         "a policy");
  const admit_policy_t *policies[] = {policy};
  expect(is(admit_facts_new(&facts), ADMIT_ERROR_NONE), "facts");
  expect(is(admit_set_new(engine, "C", 1, policies, 1, NULL, &set), ADMIT_ERROR_NONE), "a set");
  expect(is(admit_evaluate(set, callout, callout_len, NULL, &report), ADMIT_ERROR_NONE), "a report");
  expect(is(admit_lint(callout, callout_len, ADMIT_LINT_RESUME, &findings), ADMIT_ERROR_NONE), "findings");
  admit_error_t *error = admit_engine_new(NULL, NULL);
  expect(admit_error_code(error) == ADMIT_ERROR_ARGUMENT, "an error");
  calls = 0;

  /* CALLS */

  /* What was given is as good as before. */
  admit_report_t *again = NULL;
  int unharmed = is(admit_evaluate(set, callout, callout_len, NULL, &again), ADMIT_ERROR_NONE);
  unharmed = unharmed && admit_report_effect(again) == admit_report_effect(report);
  wrong += !unharmed;
  admit_report_free(again);
  admit_error_free(error);
  admit_findings_free(findings);
  admit_report_free(report);
  admit_set_free(set);
  admit_facts_free(facts);
  admit_policy_free(policy);
  admit_engine_free(engine);
  printf("%d", calls);
  return wrong == 0 ? 0 : 1;
}
