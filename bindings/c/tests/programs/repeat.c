/* `repeat COMPONENT CALLOUT`: loads, evaluates and frees a thousand times, and needs no more memory at the end. */

#include <admit.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TIMES = 1000, WARM = 200 };

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

static void check(admit_error_t *error) {
  if (error != NULL) {
    admit_str_t message = admit_error_message(error);
    fprintf(stderr, "repeat: %.*s\n", (int)message.len, message.data);
    exit(1);
  }
}

/* Resident memory, in bytes. */
static long resident(void) {
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1) {
    perror("/proc/self/statm");
    exit(2);
  }
  fclose(file);
  return pages * sysconf(_SC_PAGESIZE);
}

static void once(size_t component_len, size_t callout_len) {
  admit_limits_t limits = ADMIT_LIMITS_INIT;
  limits.concurrency = 1;
  admit_engine_t *engine = NULL;
  check(admit_engine_new(&limits, &engine));
  admit_policy_options_t options = ADMIT_POLICY_OPTIONS_INIT;
  options.prepare = ADMIT_PREPARE_EACH_TIME;
  admit_policy_t *policy = NULL;
  check(admit_policy_from_bytes(engine, "one", 3, component, component_len, &options, &policy));
  const admit_policy_t *policies[] = {policy};
  admit_set_t *set = NULL;
  check(admit_set_new(engine, "C", 1, policies, 1, NULL, &set));
  admit_report_t *report = NULL;
  check(admit_evaluate(set, callout, callout_len, NULL, &report));
  if (admit_report_effect(report) != ADMIT_EFFECT_APPROVE || admit_report_resume_body(report).len == 0 ||
      admit_report_json(report, ADMIT_JSON_EVIDENCE).len == 0) {
    fprintf(stderr, "repeat: not approved\n");
    exit(1);
  }
  /* Errors, too. */
  admit_report_t *none = NULL;
  admit_error_t *error = admit_evaluate(set, callout, 1, NULL, &none);
  if (admit_error_message(error).len == 0) {
    fprintf(stderr, "repeat: no error\n");
    exit(1);
  }
  admit_error_free(error);
  admit_report_free(report);
  admit_set_free(set);
  admit_policy_free(policy);
  admit_engine_free(engine);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    return 2;
  }
  size_t component_len = load(argv[1], component, sizeof component);
  size_t callout_len = load(argv[2], callout, sizeof callout);
  long before = 0;
  for (int time = 0; time < TIMES; time++) {
    if (time == WARM) {
      before = resident();
    }
    once(component_len, callout_len);
  }
  long grown = resident() - before;
  printf("%ld KiB more after %d times\n", grown / 1024, TIMES - WARM);
  /* A leak of one report each time would be several megabytes. */
  return grown < 2 * 1024 * 1024 ? 0 : 1;
}
