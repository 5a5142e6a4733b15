/* Facts from a function of the program's own: `facts_callback COMPONENT CALLOUT NOW_US`, with the component of the
 * stock policy seat-budget. Prints what came of the policy, and how often the function was asked. */

#include <admit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the program knows: seats of one package. */
struct seats {
  const char *package;
  const char *json;
  int asked;
};

/* Answers one lookup. With threads, `asked` would have to be atomic. */
static void lookup(void *user_data, const char *key, size_t key_len, uint64_t remaining_ms,
                   admit_fact_answer_t *answer) {
  struct seats *seats = user_data;
  seats->asked++;
  if (remaining_ms == 0) {
    admit_fact_answer_error(answer, "no time left to ask", strlen("no time left to ask"));
  } else if (key_len == strlen(seats->package) && memcmp(key, seats->package, key_len) == 0) {
    admit_fact_answer_json(answer, seats->json, strlen(seats->json));
  } else {
    admit_fact_answer_none(answer);
  }
}

static void destroy(void *user_data) {
  struct seats *seats = user_data;
  printf("asked %d times\n", seats->asked);
  free(seats);
}

/* Ends the program with what went wrong. */
static void check(admit_error_t *error) {
  if (error != NULL) {
    admit_str_t message = admit_error_message(error);
    fprintf(stderr, "facts_callback: %.*s\n", (int)message.len, message.data);
    exit(1);
  }
}

static uint8_t callout[1024 * 1024 + 1];

int main(int argc, char **argv) {
  FILE *file = argc == 4 ? fopen(argv[2], "rb") : NULL;
  if (file == NULL) {
    fprintf(stderr, "usage: facts_callback COMPONENT CALLOUT NOW_US\n");
    return 2;
  }
  size_t length = fread(callout, 1, sizeof callout, file);
  fclose(file);

  /* The facts own what the function needs, from here on. */
  struct seats *seats = malloc(sizeof *seats);
  if (seats == NULL) {
    return 1;
  }
  *seats = (struct seats){"0d000001-0007-400e-a014-d13244aa029e", "{\"used\":118,\"bought\":120}", 0};
  admit_facts_t *facts = NULL;
  check(admit_facts_new(&facts));
  check(admit_facts_add_callback(facts, "seats", strlen("seats"), lookup, seats, destroy));

  /* The policy, and that it may ask for them. */
  admit_engine_t *engine = NULL;
  check(admit_engine_new(NULL, &engine));
  const char *settings = "{\"packages\":[\"0d000001-0007-400e-a014-d13244aa029e\"],\"reserve\":2}";
  admit_str_t granted[] = {{"seats", strlen("seats")}};
  admit_policy_options_t policy_options = ADMIT_POLICY_OPTIONS_INIT;
  policy_options.settings = (admit_str_t){settings, strlen(settings)};
  policy_options.facts = granted;
  policy_options.fact_count = 1;
  admit_policy_t *policy = NULL;
  check(admit_policy_from_file(engine, "seats", strlen("seats"), argv[1], strlen(argv[1]), &policy_options, &policy));

  admit_set_options_t set_options = ADMIT_SET_OPTIONS_INIT;
  set_options.facts = facts;
  const admit_policy_t *policies[] = {policy};
  admit_set_t *set = NULL;
  check(admit_set_new(engine, "Contoso.Seats", strlen("Contoso.Seats"), policies, 1, &set_options, &set));
  /* The set keeps what it needs of them. */
  admit_facts_free(facts);
  admit_policy_free(policy);
  admit_engine_free(engine);

  admit_evaluate_options_t options = ADMIT_EVALUATE_OPTIONS_INIT;
  options.now_us = strtoll(argv[3], NULL, 10);
  admit_report_t *report = NULL;
  check(admit_evaluate(set, callout, length, &options, &report));
  admit_outcome_t outcome = ADMIT_OUTCOME_INIT;
  if (admit_report_outcome(report, 0, &outcome)) {
    printf("%.*s: %.*s\n", (int)outcome.code.len, outcome.code.data, (int)outcome.detail.len, outcome.detail.data);
  }
  admit_report_free(report);
  admit_set_free(set);
  return 0;
}
