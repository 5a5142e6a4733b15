/* The C side of the bench: for each line on stdin, a number of calls, times so many evaluations from a payload's bytes
 * to a body's bytes, and prints the nanoseconds of one. The Rust side is benches/examples/rounds.rs.
 *
 * Arguments: a set's file and a callout's. */

#include <admit.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint8_t callout[1024 * 1024];
static size_t length;
static const admit_set_t *set;

static void check(admit_error_t *error) {
  if (error != NULL) {
    admit_str_t message = admit_error_message(error);
    fprintf(stderr, "rounds: %.*s\n", (int)message.len, message.data);
    exit(1);
  }
}

static admit_report_t *evaluate(admit_str_t *body) {
  admit_report_t *report = NULL;
  check(admit_evaluate(set, callout, length, NULL, &report));
  *body = admit_report_resume_body(report);
  if (body->data == NULL) {
    fprintf(stderr, "rounds: there is no answer\n");
    exit(1);
  }
  return report;
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

int main(int argc, char **argv) {
  FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
  if (file == NULL) {
    fprintf(stderr, "give a set's file and a callout's\n");
    return 2;
  }
  length = fread(callout, 1, sizeof callout, file);
  fclose(file);
  admit_set_t *loaded = NULL;
  check(admit_set_from_file(argv[1], strlen(argv[1]), NULL, &loaded));
  set = loaded;

  admit_str_t body;
  admit_report_t *report = evaluate(&body);
  printf("%.*s\n", (int)body.len, body.data);
  fflush(stdout);
  admit_report_free(report);
  char line[32];
  while (fgets(line, sizeof line, stdin) != NULL) {
    uint64_t calls = strtoull(line, NULL, 10);
    uint64_t start = now();
    for (uint64_t call = 0; call < calls; call++) {
      admit_report_free(evaluate(&body));
    }
    printf("%" PRIu64 "\n", (now() - start) / (calls > 0 ? calls : 1));
    fflush(stdout);
  }
  admit_set_free(loaded);
  return 0;
}
