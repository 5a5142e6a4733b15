/* `random COUNT SEED SMALL COMPONENT SET CALLOUT DATABASE JSON FOLDER`: COUNT sequences of calls that nobody would write,
 * legal and illegal, the same for the same seed. Nothing may crash, leak, or approve after an error. What is undefined
 * is left out: lengths past a buffer, and handles that were freed.
 *
 * SMALL is a component that approves, COMPONENT that of seat-budget. The calls are written by tests/c/random.rs, from
 * the header. */

#include <admit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

/* A number below this one (xorshift64*). */
static size_t below(size_t bound) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (size_t)((state * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % bound;
}

static int once_in(size_t times) {
  return below(times) == 0;
}

/* How much care this sequence takes: with much, most of its calls are legal. */
static size_t care = 1;

/* Something illegal, mostly. */
static int wrongly_in(size_t times) {
  return once_in(times * care);
}

static size_t sequence;
static const char *last = "";

static void expect(int holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "sequence %zu, %s: %s\n", sequence, last, what);
    exit(1);
  }
}

/* Handles that live, by kind. */
enum kind { ENGINE, POLICY, FACTS, SET, REPORT, FINDINGS, ERROR, KINDS };
enum { SLOTS = 4 };
static void *live[KINDS][SLOTS];

static void end(enum kind kind, void *handle) {
  switch (kind) {
    case ENGINE:
      admit_engine_free(handle);
      break;
    case POLICY:
      admit_policy_free(handle);
      break;
    case FACTS:
      admit_facts_free(handle);
      break;
    case SET:
      admit_set_free(handle);
      break;
    case REPORT:
      admit_report_free(handle);
      break;
    case FINDINGS:
      admit_findings_free(handle);
      break;
    case ERROR:
      admit_error_free(handle);
      break;
    case KINDS:
      break;
  }
}

/* Keeps a handle, in the place of another one. */
static void keep(enum kind kind, void *handle) {
  size_t slot = below(SLOTS);
  end(kind, live[kind][slot]);
  live[kind][slot] = handle;
}

/* One of this kind, mostly: or none, or one of another kind. */
static void *any(enum kind kind) {
  if (wrongly_in(24)) {
    kind = (enum kind)below(KINDS);
  }
  size_t slot = below(SLOTS);
  for (size_t more = 0; more < SLOTS && live[kind][slot] == NULL; more++) {
    slot = (slot + 1) % SLOTS;
  }
  return wrongly_in(32) ? NULL : live[kind][slot];
}

/* One of this kind that is about to be freed; or one of another kind, which is left alone. */
static void *taken(enum kind kind) {
  if (once_in(12)) {
    enum kind other = (enum kind)((kind + 1 + below(KINDS - 1)) % KINDS);
    return live[other][below(SLOTS)];
  }
  size_t slot = below(SLOTS);
  void *handle = live[kind][slot];
  live[kind][slot] = NULL;
  return handle;
}

static unsigned char sink;

/* Reads a text that was given out. */
static void touch(admit_str_t text) {
  expect(text.data != NULL || text.len == 0, "a text without a place has a length");
  for (size_t index = 0; index < text.len; index++) {
    sink ^= (unsigned char)text.data[index];
  }
}

/* Reads what a call left, and whether it is a success. */
static int judge(admit_error_t *error, enum kind kind, void *out, void *before) {
  if (error == NULL) {
    expect(out == NULL || out != before, "a success gives its output");
    if (out != NULL) {
      keep(kind, out);
    }
    return 1;
  }
  expect(out == before, "a failure gives nothing");
  expect(admit_error_code(error) != ADMIT_ERROR_NONE && admit_error_code(error) != ADMIT_ERROR_INTERNAL, "the code");
  expect(admit_error_slug(admit_error_code(error)).len > 0, "the code's name");
  expect(admit_error_message(error).len > 0, "the message");
  touch(admit_error_message(error));
  keep(ERROR, error);
  return 0;
}

/* Bytes that are handed over. */
typedef struct {
  const void *data;
  size_t len;
} input_t;

enum { MOST = 1024 * 1024 };
static struct {
  unsigned char bytes[MOST];
  size_t len;
} small, component, payload;
static const char *small_path, *component_path, *set_path, *database_path, *json_path, *folder_path;

static input_t text(const char *literal) {
  return (input_t){literal, strlen(literal)};
}

/* The first, mostly. */
static input_t one_of(const char *const *literals, size_t count) {
  return text(literals[once_in(2) ? below(count) : 0]);
}
#define ONE_OF(...) \
  one_of((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static const char granted[] = "{\"packages\":[\"0d000001-0007-400e-a014-d13244aa029e\"]}";
static const char seats[] = "{\"used\":1,\"bought\":120}";
static const char extension[] = "{\"@odata.type\":\"#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension\"}";

/* What a parameter of this name takes, mostly. */
static input_t input(const char *name) {
  static unsigned char noise[64];
  if (wrongly_in(12)) {
    switch (below(7)) {
      case 0:
        return (input_t){NULL, 0};
      case 1:
        return (input_t){NULL, 1 + below(9)};
      case 2:
        return (input_t){noise, SIZE_MAX - below(9)};
      case 3:
        return (input_t){noise, (size_t)PTRDIFF_MAX + 1};
      case 4:
        return text("\xff\xfe");
      case 5:
        return (input_t){"a\0b", 3};
      default:
        for (size_t index = 0; index < sizeof noise; index++) {
          noise[index] = (unsigned char)below(256);
        }
        return (input_t){noise, below(sizeof noise)};
    }
  }
  if (strcmp(name, "id") == 0) {
    return ONE_OF("one", "two", "a-third", "One", "");
  }
  if (strcmp(name, "source") == 0) {
    return ONE_OF("Contoso", "Contoso.Random", "", "with \xc3\xa4");
  }
  if (strcmp(name, "collection") == 0) {
    return ONE_OF("seats", "held", "no name", "");
  }
  if (strcmp(name, "json") == 0) {
    return ONE_OF("{\"0d000001-0007-400e-a014-d13244aa029e\":{\"used\":1,\"bought\":2}}", "{}", "null", "[]",
                  "{", "{\"a\":1,\"a\":2}");
  }
  if (strcmp(name, "settings") == 0) {
    return ONE_OF(granted, "{}", "[]", "{\"packages\":7}");
  }
  if (strcmp(name, "query") == 0) {
    return ONE_OF("select 1 as used, 2 as bought where ?1 <> ''", "select ?1 as one", "delete from people", "select",
                  "select 1", "");
  }
  if (strcmp(name, "path") == 0) {
    const char *const paths[] = {small_path, set_path, database_path, json_path, component_path, folder_path, "none"};
    return text(paths[below(7)]);
  }
  if (strcmp(name, "component") == 0) {
    return once_in(8)   ? (input_t){component.bytes, component.len}
           : once_in(8) ? (input_t){small.bytes, below(small.len)}
                        : (input_t){small.bytes, small.len};
  }
  if (strcmp(name, "callout") == 0 || strcmp(name, "document") == 0) {
    return wrongly_in(6) ? (input_t){payload.bytes, below(payload.len)} : (input_t){payload.bytes, payload.len};
  }
  if (strcmp(name, "sha256") == 0) {
    admit_str_t digest = admit_policy_sha256(live[POLICY][below(SLOTS)]);
    return digest.data != NULL ? (input_t){digest.data, digest.len} : text("00");
  }
  if (strcmp(name, "stage") == 0) {
    return ONE_OF("assignmentRequestCreated", "assignmentRequestApproved", "assignmentRequestMade");
  }
  if (strcmp(name, "record") == 0) {
    admit_str_t record = admit_report_json(live[REPORT][below(SLOTS)], ADMIT_JSON_EVIDENCE);
    return record.data != NULL ? (input_t){record.data, record.len} : text("{}");
  }
  return ONE_OF("a message", "", "0e000001-0008-400f-a015-08ac7b95cd09");
}

static admit_str_t str(input_t given) {
  return (admit_str_t){given.data, given.len};
}

/* A text of a block: not given, mostly. */
static admit_str_t maybe(const char *name) {
  return once_in(3) ? str(input(name)) : (admit_str_t)ADMIT_STR_NONE;
}

/* A list of texts, and how long it says that it is. */
typedef struct {
  admit_str_t items[4];
  const admit_str_t *data;
  size_t len;
} list_t;

static const list_t *list(list_t *space, const char *name) {
  for (size_t index = 0; index < 4; index++) {
    space->items[index] = str(input(name));
  }
  space->data = space->items;
  space->len = below(3);
  if (wrongly_in(16)) {
    space->len = SIZE_MAX / (1 + below(32));
  }
  if (wrongly_in(16)) {
    space->data = NULL;
  }
  return space;
}

static uint32_t choice(void) {
  return wrongly_in(24) ? UINT32_MAX - (uint32_t)below(2) : wrongly_in(2) ? (uint32_t)below(4) : (uint32_t)below(2);
}

/* Where a block is handed over from: it may be longer than this version knows. */
typedef union {
  unsigned char bytes[512];
  uint64_t aligned;
} space_t;

/* A block, mostly of its own size; or NULL; or one that is not aligned. */
static void *block(space_t *space, const void *filled, size_t size) {
  memset(space, 0, sizeof *space);
  memcpy(space, filled, size);
  size_t said = size;
  if (wrongly_in(10)) {
    const size_t other[] = {0, 1, sizeof(size_t), size - 1, size + 8, size + 8, sizeof *space, 4097, SIZE_MAX};
    said = other[below(sizeof other / sizeof *other)];
    /* Members that nobody knows. */
    space->bytes[size + below(8)] = (unsigned char)below(2);
  }
  memcpy(space, &said, sizeof said);
  return once_in(10) ? NULL : wrongly_in(32) ? (void *)(space->bytes + 1) : (void *)space;
}

static void *limits_block(space_t *space) {
  admit_limits_t limits = ADMIT_LIMITS_INIT;
  limits.concurrency = wrongly_in(16) ? below(2000) : 1 + below(2);
  limits.fuel = once_in(8) ? ADMIT_FUEL_OFF : wrongly_in(4) ? below(10000) : 0;
  limits.deadline_ms = wrongly_in(8) ? (uint64_t)1 << below(64) : 10000;
  limits.memory = wrongly_in(8) ? (uint64_t)1 << below(64) : once_in(2) ? 1024 * 1024 : 0;
  limits.stack = wrongly_in(16) ? (uint64_t)1 << below(64) : 0;
  return block(space, &limits, sizeof limits);
}

static void *policy_limits_block(space_t *space) {
  admit_limits_t limits = ADMIT_LIMITS_INIT;
  limits.fuel = below(100000);
  limits.deadline_ms = once_in(8) ? 1 : 0;
  limits.concurrency = wrongly_in(8);
  return !once_in(4) ? NULL : block(space, &limits, sizeof limits);
}

/* What a block points to lives as long as the call. */
static struct {
  list_t stages;
  list_t facts;
  space_t limits;
  admit_stage_options_t differs[2];
  admit_str_t sha256;
  admit_str_t record;
} behind;

static void *policy_options_block(space_t *space) {
  admit_policy_options_t options = ADMIT_POLICY_OPTIONS_INIT;
  options.settings = wrongly_in(2) ? maybe("settings") : (admit_str_t)ADMIT_STR_NONE;
  if (wrongly_in(4)) {
    const list_t *stages = list(&behind.stages, "stage");
    options.stages = stages->data;
    options.stage_count = stages->len;
  }
  if (wrongly_in(2)) {
    const list_t *facts = list(&behind.facts, "collection");
    options.facts = facts->data;
    options.fact_count = facts->len;
  }
  behind.sha256 = once_in(8) ? (admit_str_t)ADMIT_STR_NONE : str(input("sha256"));
  options.sha256 = once_in(6) ? &behind.sha256 : NULL;
  options.limits = policy_limits_block(&behind.limits);
  options.prepare = (admit_prepare_t)(wrongly_in(16) ? choice() : ADMIT_PREPARE_EACH_TIME);
  return block(space, &options, sizeof options);
}

static void *set_options_block(space_t *space) {
  admit_set_options_t options = ADMIT_SET_OPTIONS_INIT;
  options.rule = (admit_rule_t)choice();
  options.when_silent = (admit_when_silent_t)choice();
  options.on_fault = (admit_on_fault_t)choice();
  options.join_approvers = (admit_join_approvers_t)choice();
  options.profile = (admit_profile_t)choice();
  if (wrongly_in(4)) {
    for (size_t index = 0; index < 2; index++) {
      behind.differs[index] =
          (admit_stage_options_t){str(input("stage")), (admit_when_silent_t)choice(), (admit_on_fault_t)choice()};
    }
    options.stages = behind.differs;
    options.stage_count = wrongly_in(16) ? SIZE_MAX : below(3);
  }
  if (wrongly_in(8)) {
    options.extension = (admit_str_t){extension, strlen(extension)};
  }
  options.catalog = wrongly_in(8) ? maybe("catalog") : (admit_str_t)ADMIT_STR_NONE;
  options.facts = wrongly_in(4) ? NULL : any(FACTS);
  return block(space, &options, sizeof options);
}

static void *file_options_block(space_t *space) {
  admit_file_options_t options = ADMIT_FILE_OPTIONS_INIT;
  options.facts = wrongly_in(4) ? any(FACTS) : NULL;
  options.prepare = (admit_prepare_t)(wrongly_in(8) ? choice() : ADMIT_PREPARE_EACH_TIME);
  options.without_sources = (uint32_t)below(2);
  return block(space, &options, sizeof options);
}

static void *evaluate_options_block(space_t *space) {
  admit_evaluate_options_t options = ADMIT_EVALUATE_OPTIONS_INIT;
  options.now_us = wrongly_in(8) ? INT64_MIN : once_in(4) ? 0 : INT64_C(1795176000000000);
  behind.record = once_in(8) ? (admit_str_t)ADMIT_STR_NONE : str(input("record"));
  options.record = once_in(8) ? &behind.record : NULL;
  options.without_reads = (uint32_t)below(2);
  return block(space, &options, sizeof options);
}

/* Policies for a set, some of them none. */
static const admit_policy_t *const *policies(const admit_policy_t **space, size_t *count) {
  for (size_t index = 0; index < 3; index++) {
    space[index] = any(POLICY);
  }
  *count = wrongly_in(16) ? SIZE_MAX : wrongly_in(2) ? below(4) : 1;
  return wrongly_in(24) ? NULL : space;
}

/* What a callback was given: counted, so that each ends once. */
static size_t given;
static size_t ended;

static void destroy(void *user_data) {
  ended++;
  free(user_data);
}

static void *user_data(void) {
  given++;
  unsigned char *data = malloc(1);
  expect(data != NULL, "memory");
  *data = (unsigned char)below(256);
  return data;
}

static int depth;

/* Answers in one of the ways that there are, also not at all and too often. */
static void lookup(void *data, const char *key, size_t key_len, uint64_t remaining_ms, admit_fact_answer_t *answer) {
  sink ^= *(unsigned char *)data;
  touch((admit_str_t){key, key_len});
  (void)remaining_ms;
  for (size_t times = once_in(8) ? below(3) : 1; times > 0; times--) {
    switch (below(6)) {
      case 0:
        admit_fact_answer_none(answer);
        break;
      case 1: {
        input_t message = input("message");
        admit_fact_answer_error(answer, message.data, message.len);
        break;
      }
      case 2: {
        input_t json = input("json");
        admit_fact_answer_json(answer, json.data, json.len);
        break;
      }
      default:
        admit_fact_answer_json(answer, seats, strlen(seats));
    }
  }
  /* It may evaluate itself. */
  if (depth == 0 && once_in(4)) {
    depth++;
    admit_report_t *report = NULL;
    admit_error_free(admit_evaluate(live[SET][below(SLOTS)], payload.bytes, payload.len, NULL, &report));
    admit_report_free(report);
    depth--;
  }
}

/* Reads what an outcome says, if one was told. */
static void read_outcome(int told, const void *place) {
  if (told) {
    admit_outcome_t outcome;
    memcpy(&outcome, place, sizeof outcome);
    expect(outcome.kind != ADMIT_OUTCOME_NONE, "an outcome is of a kind");
    touch(outcome.policy);
    touch(outcome.code);
    touch(outcome.detail);
    for (size_t index = 0; index < outcome.read_count; index++) {
      touch(outcome.reads[index]);
    }
  }
}

/* The same of a finding. */
static void read_finding(int told, const void *place) {
  if (told) {
    admit_finding_t finding;
    memcpy(&finding, place, sizeof finding);
    expect(finding.severity != ADMIT_SEVERITY_NONE, "a finding is of a severity");
    touch(finding.code);
    touch(finding.policy);
    touch(finding.path);
    touch(finding.problem);
    touch(finding.instead);
    touch(finding.source);
  }
}

static void call(void) {
  space_t space;
  switch (below(CALLS)) {
    /* CALLS */
    default:
      break;
  }
}

/* What programs begin with, so that the other calls have something to be called with. */
static void begin(void) {
  admit_engine_t *engine = NULL;
  admit_limits_t limits = ADMIT_LIMITS_INIT;
  limits.concurrency = 2;
  limits.deadline_ms = 60000; /* for Valgrind on a busy machine */
  expect(admit_engine_new(&limits, &engine) == NULL, "an engine");
  keep(ENGINE, engine);
  admit_policy_options_t options = ADMIT_POLICY_OPTIONS_INIT;
  options.prepare = ADMIT_PREPARE_EACH_TIME;
  admit_policy_t *first = NULL;
  expect(admit_policy_from_bytes(engine, "one", 3, small.bytes, small.len, &options, &first) == NULL, "a policy");
  const admit_str_t asks[] = {{"seats", 5}};
  options.settings = (admit_str_t){granted, strlen(granted)};
  options.facts = asks;
  options.fact_count = 1;
  admit_policy_t *second = NULL;
  expect(admit_policy_from_bytes(engine, "two", 3, component.bytes, component.len, &options, &second) == NULL,
         "a policy");
  admit_facts_t *facts = NULL;
  expect(admit_facts_new(&facts) == NULL, "facts");
  expect(admit_facts_add_callback(facts, "seats", 5, lookup, user_data(), destroy) == NULL, "a callback");
  admit_set_options_t set_options = ADMIT_SET_OPTIONS_INIT;
  set_options.facts = facts;
  admit_set_t *set = NULL;
  const admit_policy_t *both[] = {first, second};
  expect(admit_set_new(engine, "Contoso", 7, both, 2, &set_options, &set) == NULL, "a set");
  admit_policy_t *third = NULL;
  expect(admit_policy_from_bytes(engine, "one", 3, small.bytes, small.len, NULL, &third) == NULL, "a policy");
  keep(POLICY, third);
  keep(POLICY, first);
  keep(POLICY, second);
  keep(FACTS, facts);
  keep(SET, set);
}

static size_t load(const char *path, unsigned char *bytes) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(2);
  }
  size_t length = fread(bytes, 1, MOST, file);
  fclose(file);
  return length;
}

int main(int argc, char **argv) {
  if (argc != 10) {
    return 2;
  }
  size_t count = strtoull(argv[1], NULL, 10);
  state = strtoull(argv[2], NULL, 10) * 2 + 1;
  small_path = argv[3];
  component_path = argv[4];
  set_path = argv[5];
  database_path = argv[7];
  json_path = argv[8];
  folder_path = argv[9];
  small.len = load(small_path, small.bytes);
  component.len = load(component_path, component.bytes);
  payload.len = load(argv[6], payload.bytes);

  size_t calls = 0;
  for (sequence = 0; sequence < count; sequence++) {
    if (sequence % 32 == 0) {
      begin();
    }
    care = once_in(3) ? 1 : 16;
    for (size_t more = 1 + below(24); more > 0; more--, calls++) {
      call();
    }
    /* Now and then nothing is left. */
    if (sequence % 32 == 31) {
      for (int kind = 0; kind < KINDS; kind++) {
        for (int slot = 0; slot < SLOTS; slot++) {
          end((enum kind)kind, live[kind][slot]);
          live[kind][slot] = NULL;
        }
      }
      expect(given == ended, "what callbacks were given ends once");
    }
  }
  for (int kind = 0; kind < KINDS; kind++) {
    for (int slot = 0; slot < SLOTS; slot++) {
      end((enum kind)kind, live[kind][slot]);
    }
  }
  expect(given == ended, "what callbacks were given ends once");
  printf("%zu sequences, %zu calls\n", count, calls);
  return 0;
}
