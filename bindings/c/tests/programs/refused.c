/* `refused SMALL CALLOUT DATABASE FOLDER`: the system refuses files, threads and memory. Each refusal is a stated error,
 * a fault that denies, or, where no memory is left, the end of the process; it is never an approval, and what was
 * loaded before is as good afterwards. SMALL is a component that approves. */

#define _GNU_SOURCE
#include <admit.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *small_path, *database_path, *folder_path;
static uint8_t callout[1024 * 1024];
static size_t callout_len;

static int wrong;

static void expect(int holds, const char *what) {
  if (!holds) {
    wrong++;
    fprintf(stderr, "%s\n", what);
  }
}

/* An error of this code, which it ends. */
static void fails(admit_error_t *error, admit_error_code_t code, const char *what) {
  if (admit_error_code(error) != code) {
    wrong++;
    admit_str_t message = admit_error_message(error);
    fprintf(stderr, "%s: expected %u, found %u %.*s\n", what, code, admit_error_code(error), (int)message.len,
            message.data);
  }
  admit_error_free(error);
}

/* Stands before the C library's, for the whole program and the library. */
static int no_threads;
static int refusals;

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
  static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  if (no_threads) {
    refusals++;
    return EAGAIN;
  }
  if (real == NULL) {
    *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
  }
  return real(thread, attributes, start, argument);
}

static admit_error_t *engine_of(uint64_t concurrency, admit_engine_t **engine) {
  admit_limits_t limits = ADMIT_LIMITS_INIT;
  limits.concurrency = concurrency;
  limits.deadline_ms = 10000;
  return admit_engine_new(&limits, engine);
}

static admit_error_t *loaded(const admit_engine_t *engine, admit_policy_t **policy) {
  admit_policy_options_t options = ADMIT_POLICY_OPTIONS_INIT;
  options.prepare = ADMIT_PREPARE_EACH_TIME;
  return admit_policy_from_file(engine, "one", 3, small_path, strlen(small_path), &options, policy);
}

static admit_error_t *set_of(const admit_engine_t *engine, const admit_policy_t *policy, admit_set_t **set) {
  return admit_set_new(engine, "C", 1, &policy, 1, NULL, set);
}

/* A path that cannot be read for one reason or another. */
static void is_refused(const char *path, const char *why) {
  size_t len = strlen(path);
  char what[4096];
  admit_set_t *set = NULL;
  admit_policy_t *policy = NULL;
  admit_facts_t *facts = NULL;
  admit_engine_t *engine = NULL;
  fails(engine_of(1, &engine), ADMIT_ERROR_NONE, "an engine");
  fails(admit_facts_new(&facts), ADMIT_ERROR_NONE, "facts");

  snprintf(what, sizeof what, "a set's file that %s", why);
  fails(admit_set_from_file(path, len, NULL, &set), ADMIT_ERROR_SET_FILE, what);
  snprintf(what, sizeof what, "a component that %s", why);
  fails(admit_policy_from_file(engine, "one", 3, path, len, NULL, &policy), ADMIT_ERROR_POLICY_FILE, what);
  snprintf(what, sizeof what, "facts that %s", why);
  fails(admit_facts_add_json_file(facts, "one", 3, path, len), ADMIT_ERROR_FACT_SOURCE, what);
  snprintf(what, sizeof what, "a database that %s", why);
  const char *query = "select ?1 as one";
  fails(admit_facts_add_sqlite(facts, "one", 3, path, len, query, strlen(query), NULL, 0), ADMIT_ERROR_FACT_SOURCE,
        what);

  expect(set == NULL && policy == NULL, "nothing is written");
  admit_facts_free(facts);
  admit_engine_free(engine);
}

static const char *within(const char *name) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder_path, name);
  return path;
}

static void written(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
    perror(path);
    exit(2);
  }
}

static void missing_files(void) {
  is_refused(within("missing"), "is missing");
  is_refused(folder_path, "is a folder");
  is_refused("/dev/null/beyond", "lies beneath a file");
}

static void unreadable_files(void) {
  const char *path = within("secret");
  written(path, "{}");
  if (chmod(path, 0) != 0 || (geteuid() == 0 && seteuid(65534) != 0)) {
    perror(path);
    exit(2);
  }
  expect(open(path, O_RDONLY) < 0, "it can be read all the same");
  is_refused(path, "may not be read");
}

/* No file can be opened any more: what was loaded goes on. */
static void no_more_files(void) {
  admit_engine_t *engine = NULL;
  admit_policy_t *policy = NULL;
  admit_set_t *set = NULL;
  fails(engine_of(1, &engine), ADMIT_ERROR_NONE, "an engine");
  fails(loaded(engine, &policy), ADMIT_ERROR_NONE, "a policy");
  fails(set_of(engine, policy, &set), ADMIT_ERROR_NONE, "a set");
  const struct rlimit none = {3, 3};
  expect(setrlimit(RLIMIT_NOFILE, &none) == 0 && open("/dev/null", O_RDONLY) < 0, "files are refused");
  is_refused(small_path, "cannot be opened");
  is_refused(database_path, "cannot be opened");
  admit_report_t *report = NULL;
  fails(admit_evaluate(set, callout, callout_len, NULL, &report), ADMIT_ERROR_NONE, "a callout");
  expect(admit_report_effect(report) == ADMIT_EFFECT_APPROVE, "what was loaded goes on");
  admit_report_free(report);
  admit_set_free(set);
  admit_policy_free(policy);
  admit_engine_free(engine);
}

/* Without the thread that keeps the time nothing is evaluated. */
static void no_threads_to_evaluate(void) {
  admit_engine_t *engine = NULL;
  admit_policy_t *policy = NULL;
  admit_set_t *set = NULL;
  fails(engine_of(1, &engine), ADMIT_ERROR_NONE, "an engine");
  fails(loaded(engine, &policy), ADMIT_ERROR_NONE, "a policy");
  fails(set_of(engine, policy, &set), ADMIT_ERROR_NONE, "a set");
  admit_report_t *report = NULL;
  /* The thread that loading started ends after a second. */
  sleep(2);
  no_threads = 1;
  fails(admit_evaluate(set, callout, callout_len, NULL, &report), ADMIT_ERROR_NONE, "a callout");
  expect(refusals > 0, "no thread was asked for");
  admit_outcome_t outcome = ADMIT_OUTCOME_INIT;
  expect(admit_report_outcome(report, 0, &outcome) && outcome.fault == ADMIT_FAULT_INTERNAL, "a fault");
  expect(outcome.verdict == ADMIT_EFFECT_NONE && admit_report_effect(report) == ADMIT_EFFECT_DENY, "it denies");
  admit_report_free(report);
  no_threads = 0;
  fails(admit_evaluate(set, callout, callout_len, NULL, &report), ADMIT_ERROR_NONE, "a callout");
  expect(admit_report_effect(report) == ADMIT_EFFECT_APPROVE, "evaluated once there are threads again");
  admit_report_free(report);
  admit_set_free(set);
  admit_policy_free(policy);
  admit_engine_free(engine);
}

/* Without threads nothing is compiled. */
static void no_threads_to_load(void) {
  admit_engine_t *engine = NULL;
  admit_policy_t *policy = NULL;
  fails(engine_of(1, &engine), ADMIT_ERROR_NONE, "an engine");
  no_threads = 1;
  fails(loaded(engine, &policy), ADMIT_ERROR_INTERNAL, "a policy without threads");
  expect(policy == NULL && refusals > 0, "nothing is written");
  admit_engine_free(engine);
}

/* How much there is beyond what the process has. */
static rlim_t allowance;

/* Address space is refused: from the pool of instances to the last page. */
static void no_memory(void) {
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%ld", &pages) != 1) {
    exit(2);
  }
  fclose(file);
  const rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + allowance;
  const struct rlimit limit = {bytes, bytes};
  expect(setrlimit(RLIMIT_AS, &limit) == 0, "the limit");
  admit_engine_t *engine = NULL;
  admit_policy_t *policy = NULL;
  admit_set_t *set = NULL;
  admit_report_t *report = NULL;
  /* 64 instances, as by default: their address space is far beyond every allowance. */
  admit_error_t *error = engine_of(64, &engine);
  if (error == NULL) {
    error = loaded(engine, &policy);
  }
  if (error == NULL) {
    error = set_of(engine, policy, &set);
  }
  if (error == NULL) {
    error = admit_evaluate(set, callout, callout_len, NULL, &report);
  }
  int status = 0;
  if (error != NULL) {
    admit_error_code_t code = admit_error_code(error);
    expect(code == ADMIT_ERROR_INTERNAL || code == ADMIT_ERROR_POLICY_LOAD || code == ADMIT_ERROR_POLICY_FORMAT ||
               code == ADMIT_ERROR_POLICY_FILE,
           "a stated error");
    status = 11;
  } else {
    admit_outcome_t outcome = ADMIT_OUTCOME_INIT;
    expect(admit_report_outcome(report, 0, &outcome), "an outcome");
    int is_fault = outcome.kind == ADMIT_OUTCOME_FAULT;
    expect(admit_report_effect(report) == (is_fault ? ADMIT_EFFECT_DENY : ADMIT_EFFECT_APPROVE), "a fault denies");
    status = is_fault ? 12 : 13;
  }
  admit_error_free(error);
  admit_report_free(report);
  admit_set_free(set);
  admit_policy_free(policy);
  admit_engine_free(engine);
  exit(wrong == 0 ? status : 1);
}

/* Runs it in a process of its own: what the exit code is, or the signal, negative. */
static int apart(void (*body)(void)) {
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    body();
    exit(wrong == 0 ? 0 : 1);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    perror("fork");
    exit(2);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int main(int argc, char **argv) {
  FILE *file = argc == 5 ? fopen(argv[2], "rb") : NULL;
  if (file == NULL) {
    return 2;
  }
  callout_len = fread(callout, 1, sizeof callout, file);
  fclose(file);
  small_path = argv[1];
  database_path = argv[3];
  folder_path = argv[4];

  expect(apart(missing_files) == 0, "missing files");
  expect(apart(unreadable_files) == 0, "unreadable files");
  expect(apart(no_more_files) == 0, "no more files");
  expect(apart(no_threads_to_evaluate) == 0, "no threads to evaluate");
  expect(apart(no_threads_to_load) == 0, "no threads to load");

  /* From nothing to enough. Without memory the process is aborted, as the header says. */
  int came[4] = {0, 0, 0, 0};
  const char *const names[] = {"aborted", "errors", "faults", "evaluated"};
  for (int power = 12; power <= 31; power++) {
    for (int half = 0; half < 2; half++) {
      allowance = ((rlim_t)1 << power) + (half != 0 ? (rlim_t)1 << (power - 1) : 0);
      int status = apart(no_memory);
      if (status == -SIGABRT) {
        came[0]++;
      } else if (status >= 11 && status <= 13) {
        came[status - 10]++;
      } else {
        wrong++;
        fprintf(stderr, "%zu bytes: %d\n", (size_t)allowance, status);
      }
    }
  }
  for (int way = 0; way < 4; way++) {
    printf("%d %s%s", came[way], names[way], way < 3 ? ", " : "\n");
  }
  expect(came[3] > 0, "with enough memory, but none for the pool, it is evaluated");
  expect(came[0] + came[1] + came[2] > 0, "nothing was refused");
  return wrong == 0 ? 0 : 1;
}
