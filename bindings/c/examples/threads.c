/* One set, eight threads: `threads SET CALLOUT NOW_US`. Every thread evaluates the callout a hundred times, and all
 * reports are the same bytes. */

#include <admit.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, TIMES = 100 };

static uint8_t callout[1024 * 1024 + 1];
static size_t length;
static const admit_set_t *set;
static admit_evaluate_options_t options = ADMIT_EVALUATE_OPTIONS_INIT;

/* The first report; read by all threads at once. */
static const admit_report_t *first;

/* Ends the program with what went wrong. */
static void check(admit_error_t *error) {
  if (error != NULL) {
    admit_str_t message = admit_error_message(error);
    fprintf(stderr, "threads: %.*s\n", (int)message.len, message.data);
    exit(1);
  }
}

static void *work(void *different) {
  for (int time = 0; time < TIMES; time++) {
    admit_report_t *report = NULL;
    check(admit_evaluate(set, callout, length, &options, &report));
    admit_str_t mine = admit_report_json(report, ADMIT_JSON_EVIDENCE);
    admit_str_t theirs = admit_report_json(first, ADMIT_JSON_EVIDENCE);
    if (mine.len != theirs.len || memcmp(mine.data, theirs.data, mine.len) != 0) {
      *(int *)different += 1;
    }
    admit_report_free(report);
  }
  return NULL;
}

int main(int argc, char **argv) {
  FILE *file = argc == 4 ? fopen(argv[2], "rb") : NULL;
  if (file == NULL) {
    fprintf(stderr, "usage: threads SET CALLOUT NOW_US\n");
    return 2;
  }
  length = fread(callout, 1, sizeof callout, file);
  fclose(file);
  options.now_us = strtoll(argv[3], NULL, 10);

  admit_set_t *loaded = NULL;
  admit_report_t *report = NULL;
  check(admit_set_from_file(argv[1], strlen(argv[1]), NULL, &loaded));
  check(admit_evaluate(loaded, callout, length, &options, &report));
  set = loaded;
  first = report;

  pthread_t threads[THREADS];
  int different[THREADS] = {0};
  for (int index = 0; index < THREADS; index++) {
    if (pthread_create(&threads[index], NULL, work, &different[index]) != 0) {
      fprintf(stderr, "threads: no thread\n");
      return 1;
    }
  }
  int sum = 0;
  for (int index = 0; index < THREADS; index++) {
    pthread_join(threads[index], NULL);
    sum += different[index];
  }
  printf("%d reports, %d different\n", THREADS * TIMES, sum);
  admit_report_free(report);
  admit_set_free(loaded);
  return sum == 0 ? 0 : 1;
}
