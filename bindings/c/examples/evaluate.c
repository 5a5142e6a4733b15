/* Evaluates a callout: `evaluate SET CALLOUT [NOW_US]` prints the body to send to Graph. */

#include <admit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Says what went wrong, and ends the error. */
static int fail(admit_error_t *error) {
  admit_str_t message = admit_error_message(error);
  fprintf(stderr, "evaluate: %.*s\n", (int)message.len, message.data);
  admit_error_free(error);
  return 1;
}

/* At most a megabyte is read of a callout; one byte more is enough to be refused. */
static uint8_t callout[1024 * 1024 + 1];

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: evaluate SET CALLOUT [NOW_US]\n");
    return 2;
  }
  if (!admit_abi_check(ADMIT_VERSION_NUMBER)) {
    fprintf(stderr, "evaluate: needs libadmit %s, found %s\n", ADMIT_VERSION, admit_version());
    return 1;
  }
  FILE *file = fopen(argv[2], "rb");
  if (file == NULL) {
    perror(argv[2]);
    return 1;
  }
  size_t length = fread(callout, 1, sizeof callout, file);
  fclose(file);

  admit_set_t *set = NULL;
  admit_error_t *error = admit_set_from_file(argv[1], strlen(argv[1]), NULL, &set);
  if (error != NULL) {
    return fail(error);
  }
  admit_evaluate_options_t options = ADMIT_EVALUATE_OPTIONS_INIT;
  options.now_us = argc > 3 ? strtoll(argv[3], NULL, 10) : 0; /* 0: the system's clock */
  admit_report_t *report = NULL;
  error = admit_evaluate(set, callout, length, &options, &report);
  admit_set_free(set);
  if (error != NULL) {
    return fail(error);
  }

  admit_str_t body = admit_report_resume_body(report);
  if (body.data != NULL) {
    printf("%.*s\n", (int)body.len, body.data);
  } else {
    admit_str_t why = admit_report_no_answer_detail(report);
    fprintf(stderr, "nothing to send: %.*s\n", (int)why.len, why.data);
  }
  int status = body.data != NULL ? 0 : 3;
  admit_report_free(report);
  return status;
}
