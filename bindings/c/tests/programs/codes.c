/* `codes GOLDEN`: the names of error and fault codes are those of the golden list, and there are no others. */

#include <admit.h>
#include <stdio.h>
#include <string.h>

static int is(admit_str_t text, const char *expected) {
  return text.data != NULL && text.len == strlen(expected) && memcmp(text.data, expected, text.len) == 0;
}

int main(int argc, char **argv) {
  FILE *golden = argc == 2 ? fopen(argv[1], "r") : NULL;
  if (golden == NULL) {
    fprintf(stderr, "usage: codes GOLDEN\n");
    return 2;
  }
  int listed[2] = {0, 0};
  char line[256];
  while (fgets(line, sizeof line, golden) != NULL) {
    char what[16];
    char slug[64];
    unsigned code = 0;
    if (line[0] == '#') {
      continue;
    }
    if (sscanf(line, "%15s %u %63s", what, &code, slug) != 3) {
      fprintf(stderr, "not a line of the list: %s", line);
      return 1;
    }
    int fault = strcmp(what, "fault") == 0;
    listed[fault]++;
    if (!is(fault ? admit_fault_slug((admit_fault_code_t)code) : admit_error_slug((admit_error_code_t)code), slug)) {
      fprintf(stderr, "%s %u is not %s\n", what, code, slug);
      return 1;
    }
  }
  fclose(golden);
  int named[2] = {0, 0};
  for (unsigned code = 0; code < 10000; code++) {
    named[0] += admit_error_slug((admit_error_code_t)code).data != NULL;
    named[1] += admit_fault_slug((admit_fault_code_t)code).data != NULL;
  }
  if (named[0] != listed[0] || named[1] != listed[1] || listed[0] == 0 || listed[1] == 0) {
    fprintf(stderr, "%d and %d are named, %d and %d listed\n", named[0], named[1], listed[0], listed[1]);
    return 1;
  }
  return 0;
}
