/* `corpus SET CALLOUT NOW_US [CALLOUT NOW_US ...]`: evaluates each callout, and writes what the report says,
 * each field as its length, a colon and its bytes, and a line's end after each report. Evaluates it again from its
 * own record, which must give the same bytes. */

#include <admit.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void number(int64_t value) {
  char text[32];
  int length = snprintf(text, sizeof text, "%" PRId64, value);
  printf("%d:%s", length, text);
}

/* No text is written as a length alone. */
static void text(admit_str_t value) {
  if (value.data == NULL) {
    printf("-:");
    return;
  }
  printf("%zu:", value.len);
  fwrite(value.data, 1, value.len, stdout);
}

static void failed(const char *what, admit_error_t *error) {
  admit_str_t message = admit_error_message(error);
  fprintf(stderr, "%s: %u %.*s\n", what, admit_error_code(error), (int)message.len, message.data);
  exit(1);
}

static uint8_t callout[1024 * 1024 + 1];

static void outcomes(const admit_report_t *report) {
  size_t count = admit_report_outcome_count(report);
  number((int64_t)count);
  for (size_t index = 0; index < count; index++) {
    admit_outcome_t outcome = ADMIT_OUTCOME_INIT;
    if (!admit_report_outcome(report, index, &outcome)) {
      fprintf(stderr, "no outcome %zu\n", index);
      exit(1);
    }
    text(outcome.policy);
    number(outcome.kind);
    number(outcome.verdict);
    number(outcome.fault);
    text(outcome.code);
    text(outcome.detail);
    number(outcome.reads == NULL ? -1 : (int64_t)outcome.read_count);
    for (size_t read = 0; read < outcome.read_count; read++) {
      text(outcome.reads[read]);
    }
  }
}

static void again(const admit_set_t *set, size_t length, const admit_report_t *report) {
  admit_str_t record = admit_report_json(report, ADMIT_JSON_EVIDENCE);
  admit_evaluate_options_t options = ADMIT_EVALUATE_OPTIONS_INIT;
  options.now_us = admit_report_now_us(report);
  options.record = &record;
  admit_report_t *repeated = NULL;
  admit_error_t *error = admit_evaluate(set, callout, length, &options, &repeated);
  if (error != NULL) {
    failed("from the record", error);
  }
  admit_str_t same = admit_report_json(repeated, ADMIT_JSON_EVIDENCE);
  if (same.len != record.len || memcmp(same.data, record.data, same.len) != 0) {
    fprintf(stderr, "not the same from the record:\n%.*s\n%.*s\n", (int)record.len, record.data, (int)same.len,
            same.data);
    exit(1);
  }
  admit_report_free(repeated);
}

int main(int argc, char **argv) {
  if (argc < 4 || argc % 2 != 0) {
    fprintf(stderr, "usage: corpus SET CALLOUT NOW_US [CALLOUT NOW_US ...]\n");
    return 2;
  }
  admit_set_t *set = NULL;
  admit_error_t *error = admit_set_from_file(argv[1], strlen(argv[1]), NULL, &set);
  if (error != NULL) {
    failed(argv[1], error);
  }
  admit_file_options_t without = ADMIT_FILE_OPTIONS_INIT;
  without.prepare = ADMIT_PREPARE_EACH_TIME;
  without.without_sources = 1;
  admit_set_t *sourceless = NULL;
  error = admit_set_from_file(argv[1], strlen(argv[1]), &without, &sourceless);
  if (error != NULL) {
    failed(argv[1], error);
  }
  for (int at = 2; at < argc; at += 2) {
    FILE *file = fopen(argv[at], "rb");
    if (file == NULL) {
      perror(argv[at]);
      return 1;
    }
    size_t length = fread(callout, 1, sizeof callout, file);
    fclose(file);
    admit_evaluate_options_t options = ADMIT_EVALUATE_OPTIONS_INIT;
    options.now_us = strtoll(argv[at + 1], NULL, 10);
    admit_report_t *report = NULL;
    error = admit_evaluate(set, callout, length, &options, &report);
    if (error != NULL) {
      failed(argv[at], error);
    }
    text(admit_report_json(report, 0));
    number(admit_report_effect(report));
    text(admit_report_key(report));
    number(admit_report_now_us(report));
    text(admit_report_resume_method(report));
    text(admit_report_resume_path(report));
    text(admit_report_resume_body(report));
    text(admit_report_no_answer_code(report));
    text(admit_report_no_answer_detail(report));
    outcomes(report);
    printf("\n");
    again(sourceless, length, report);
    admit_report_free(report);
  }
  admit_set_free(set);
  admit_set_free(sourceless);
  return 0;
}
