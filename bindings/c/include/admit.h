/*
 * admit: answers Microsoft Entra entitlement-management callouts with WebAssembly policies.
 *
 * The callout's bytes go in, a report comes out: what was decided, why, and, where the stage can be
 * answered, the exact request for Graph's resume action. Nothing is sent. What goes wrong in a policy is
 * never an approval, and what no policy decides only where the set says so.
 *
 * - An engine is created once per process, shared by threads.
 * - A policy is expensive to load (it compiles), immutable.
 * - A policy set is a list and a rule; building one from loaded policies is free.
 * - A report belongs to one callout and holds no WebAssembly.
 *
 * Ownership. What a call gives through an `_out` parameter is the caller's, as is the error that it
 *   returns: each is ended with its own `_free`, once, while no other call uses it. What was made of a
 *   handle goes on without it. Nothing else is freed by the caller, and nothing with free(). Set a handle to
 *   NULL after its `_free`: memory is used again, and what it pointed to may by then be another's answer.
 *
 * Errors. A function that can fail returns NULL on success, otherwise an error. Outputs are written only
 *   on success. What goes wrong in a policy is no error but a fault in the report. Compare an effect with
 *   == alone: it is no condition, and its numbers are no order from good to bad.
 *
 * NULL. Every pointer may be NULL. A handle or an `_out` parameter: the error ADMIT_ERROR_ARGUMENT; of a
 *   function that returns no error: the result says "nothing", which is never an approval. Options: the
 *   defaults. Data: empty if its length is 0, otherwise ADMIT_ERROR_ARGUMENT; in an option block with length
 *   0: not given. A pointer of a block to text that says nothing: ADMIT_ERROR_ARGUMENT. `_free`: no effect.
 *
 * Text and bytes. A pointer and a length; text is UTF-8, paths are bytes as the system takes them. What is
 *   given is copied or not needed after the call, and never taken to end in a NUL. What is given out is
 *   borrowed, does not end in a NUL either, and lives as long as the handle that it comes from.
 *
 * Threads. A function with a `const` handle may be called by many threads at once; one without, and
 *   `_free`, only while no other call uses that handle. Calls wait for each other only where an engine's
 *   `concurrency` is used up, which all sets of that engine share. A thread that evaluates must have 256 KiB of
 *   its stack left beside the engine's `stack`: where it has less, that is ADMIT_FAULT_CAPACITY. One that
 *   loads policies or sets must have 1 MiB.
 *
 * Option blocks begin with their size and are made by their `_INIT`. A program with an older header and a
 *   newer library, and the reverse, understand each other: what one of them does not know counts as not
 *   said, and saying it is ADMIT_ERROR_ARGUMENT. Where the library fills a struct, members that it does not
 *   know stay as they are.
 *
 * Undefined are what C cannot tell: a length past the buffer, a pointer to something else, a handle that
 *   was freed. Handles carry a tag, so that the last two are ADMIT_ERROR_ARGUMENT where chance allows it:
 *   nothing to rely on.
 *
 * The process. A panic, which is a defect of the library, never crosses: it is ADMIT_ERROR_INTERNAL of
 *   that call, and handles stay usable. Where no memory is left the process is aborted. WebAssembly needs
 *   handlers for SIGSEGV, SIGILL and SIGFPE, which pass on what is not its own. While something is
 *   evaluated, a thread of the library's keeps the time. Fork while nothing is evaluated.
 *
 * ABI. Within one major version, which is in the library's name (libadmit.so.0), functions, enumerators and
 *   last members of option blocks are added, and nothing else changes. Numbers and names of errors and
 *   faults never change.
 */

#ifndef ADMIT_H
#define ADMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The version of this header as text, such as "0.1.0". */
#define ADMIT_VERSION "0.1.0"
/** The major version of this header. */
#define ADMIT_VERSION_MAJOR 0
/** The minor version of this header. */
#define ADMIT_VERSION_MINOR 1
/** The patch version of this header. */
#define ADMIT_VERSION_PATCH 0
/** The version of this header as a number: see `admit_abi_check`. */
#define ADMIT_VERSION_NUMBER 1000

/** No text. */
#define ADMIT_STR_NONE { NULL, 0 }
/** Limits that say nothing. */
#define ADMIT_LIMITS_INIT { sizeof(admit_limits_t), 0, 0, 0, 0, 0 }
/** Options of a policy that say nothing. */
#define ADMIT_POLICY_OPTIONS_INIT \
  { sizeof(admit_policy_options_t), ADMIT_STR_NONE, NULL, 0, NULL, 0, NULL, NULL, ADMIT_PREPARE_SNAPSHOT, 0 }
/** Options of a set that say nothing. */
#define ADMIT_SET_OPTIONS_INIT \
  { sizeof(admit_set_options_t), ADMIT_RULE_DENY_OVERRIDES, ADMIT_WHEN_SILENT_DENY, ADMIT_ON_FAULT_DENY, \
    ADMIT_JOIN_APPROVERS_REFUSE, ADMIT_PROFILE_V1, 0, NULL, 0, ADMIT_STR_NONE, ADMIT_STR_NONE, NULL }
/** Options of a set's file that say nothing. */
#define ADMIT_FILE_OPTIONS_INIT { sizeof(admit_file_options_t), NULL, ADMIT_PREPARE_SNAPSHOT, 0 }
/** Options of an evaluation that say nothing. */
#define ADMIT_EVALUATE_OPTIONS_INIT { sizeof(admit_evaluate_options_t), 0, NULL, 0, 0 }
/** A place for an outcome. */
#define ADMIT_OUTCOME_INIT \
  { sizeof(admit_outcome_t), ADMIT_STR_NONE, ADMIT_OUTCOME_NONE, ADMIT_EFFECT_NONE, ADMIT_FAULT_NONE, 0, \
    ADMIT_STR_NONE, ADMIT_STR_NONE, NULL, 0 }
/** A place for a finding. */
#define ADMIT_FINDING_INIT \
  { sizeof(admit_finding_t), ADMIT_SEVERITY_NONE, 0, ADMIT_STR_NONE, ADMIT_STR_NONE, ADMIT_STR_NONE, \
    ADMIT_STR_NONE, ADMIT_STR_NONE, ADMIT_STR_NONE }

/**
 * For `fuel`: instructions are not counted. The deadline is then all that ends a policy, and what it
 * comes to depends on the machine.
 */
#define ADMIT_FUEL_OFF UINT64_MAX

/**
 * For `admit_report_json`: with the values that policies were shown, of the callout and of facts. The
 * text is then a record from which the callout can be evaluated again.
 */
#define ADMIT_JSON_EVIDENCE 1

/**
 * For `admit_report_json`: with the digests of texts and values in their place.
 */
#define ADMIT_JSON_REDACT 2

/**
 * What is done with a request, from the mildest to the most severe; and what policies say.
 */
enum admit_effect_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * There is no decision, as for a connection test; of an outcome: the policy gave no verdict. Not an
   * approval.
   */
  ADMIT_EFFECT_NONE = 0,
  /**
   * Processing goes on.
   */
  ADMIT_EFFECT_APPROVE = 1,
  /**
   * Processing goes on with an approval stage.
   */
  ADMIT_EFFECT_REQUIRE_APPROVAL = 2,
  /**
   * No answer is sent; the request times out and access is not granted. Of decisions only.
   */
  ADMIT_EFFECT_WITHHOLD = 3,
  /**
   * The request is called off.
   */
  ADMIT_EFFECT_CANCEL = 4,
  /**
   * The request is refused.
   */
  ADMIT_EFFECT_DENY = 5,
  /**
   * No opinion. Of verdicts only.
   */
  ADMIT_EFFECT_ABSTAIN = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_effect_t admit_effect_t;
#else
typedef uint32_t admit_effect_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What kind of thing cannot be used. Numbers and names never change; later versions add some.
 */
enum admit_error_code_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No error.
   */
  ADMIT_ERROR_NONE = 0,
  /**
   * The callout is not JSON text in UTF-8.
   */
  ADMIT_ERROR_CALLOUT_SYNTAX = 101,
  /**
   * The callout is larger, deeper or wider than is read.
   */
  ADMIT_ERROR_CALLOUT_LIMIT = 102,
  /**
   * A value of the callout has the wrong JSON type.
   */
  ADMIT_ERROR_CALLOUT_TYPE = 103,
  /**
   * A member that a callout must have is missing.
   */
  ADMIT_ERROR_CALLOUT_MISSING = 104,
  /**
   * A member stands twice in one object, equal but for case.
   */
  ADMIT_ERROR_CALLOUT_REPEATED = 105,
  /**
   * The stage is not one that is known.
   */
  ADMIT_ERROR_CALLOUT_STAGE = 106,
  /**
   * Envelope and data contradict each other.
   */
  ADMIT_ERROR_CALLOUT_ENVELOPE = 107,
  /**
   * An id is not a GUID.
   */
  ADMIT_ERROR_CALLOUT_ID = 108,
  /**
   * The callback path is not a relative path to this request's resume action.
   */
  ADMIT_ERROR_CALLOUT_CALLBACK_PATH = 109,
  /**
   * The callout is of another kind or catalog than the extension that is answered for.
   */
  ADMIT_ERROR_CALLOUT_EXTENSION = 110,
  /**
   * Another object of Graph's, such as a resume body or an extension, cannot be read.
   */
  ADMIT_ERROR_GRAPH_OBJECT = 121,
  /**
   * The policy file cannot be read.
   */
  ADMIT_ERROR_POLICY_FILE = 201,
  /**
   * The policy is not a WebAssembly component, or a damaged one.
   */
  ADMIT_ERROR_POLICY_FORMAT = 202,
  /**
   * The policy imports or exports other things than the contract's.
   */
  ADMIT_ERROR_POLICY_INTERFACE = 203,
  /**
   * What the policy says about itself is missing, doubled or malformed.
   */
  ADMIT_ERROR_POLICY_METADATA = 204,
  /**
   * The policy's bytes are not those that the set pins.
   */
  ADMIT_ERROR_POLICY_PIN = 205,
  /**
   * The policy's settings do not fit its schema, or the policy refused them.
   */
  ADMIT_ERROR_POLICY_SETTINGS = 206,
  /**
   * The policy does not fit the limits, or failed while it was loaded.
   */
  ADMIT_ERROR_POLICY_LOAD = 207,
  /**
   * The policy set file, or the extension file that it names, cannot be read.
   */
  ADMIT_ERROR_SET_FILE = 301,
  /**
   * The policy set says something that cannot be: the text names what and where.
   */
  ADMIT_ERROR_SET = 302,
  /**
   * A source of facts cannot be opened or read, or its query cannot be used.
   */
  ADMIT_ERROR_FACT_SOURCE = 311,
  /**
   * Recorded facts cannot be read, or lack one that a policy asks for.
   */
  ADMIT_ERROR_FACT_RECORD = 312,
  /**
   * An argument of a call is none that the call takes, such as NULL in C.
   */
  ADMIT_ERROR_ARGUMENT = 401,
  /**
   * A defect of this library.
   */
  ADMIT_ERROR_INTERNAL = 901,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_error_code_t admit_error_code_t;
#else
typedef uint32_t admit_error_code_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Which way a policy failed. Numbers and names never change; later versions add some.
 */
enum admit_fault_code_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No fault.
   */
  ADMIT_FAULT_NONE = 0,
  /**
   * The policy trapped.
   */
  ADMIT_FAULT_TRAP = 1,
  /**
   * The policy used up its fuel.
   */
  ADMIT_FAULT_FUEL = 2,
  /**
   * The policy did not end in time.
   */
  ADMIT_FAULT_DEADLINE = 3,
  /**
   * The policy asked for more memory than it may have.
   */
  ADMIT_FAULT_MEMORY = 4,
  /**
   * The policy used up its stack.
   */
  ADMIT_FAULT_STACK = 5,
  /**
   * No instance became free in time, or the thread has too little stack left.
   */
  ADMIT_FAULT_CAPACITY = 6,
  /**
   * A lookup was not granted, failed, or gave a value of another type.
   */
  ADMIT_FAULT_FACTS = 7,
  /**
   * A setting has another type than the one asked for.
   */
  ADMIT_FAULT_SETTINGS = 8,
  /**
   * The answer is none, two or malformed.
   */
  ADMIT_FAULT_ANSWER = 9,
  /**
   * The answer is one that the stage cannot take.
   */
  ADMIT_FAULT_EFFECT = 10,
  /**
   * The policy said itself that it could not evaluate.
   */
  ADMIT_FAULT_REFUSED = 11,
  /**
   * A defect of this library.
   */
  ADMIT_FAULT_INTERNAL = 12,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_fault_code_t admit_fault_code_t;
#else
typedef uint32_t admit_fault_code_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What it comes to when policies ask for different approvers.
 */
enum admit_join_approvers_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No answer is sent.
   */
  ADMIT_JOIN_APPROVERS_REFUSE = 0,
  /**
   * All of them are asked, and one of them suffices.
   */
  ADMIT_JOIN_APPROVERS_UNION = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_join_approvers_t admit_join_approvers_t;
#else
typedef uint32_t admit_join_approvers_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a document is linted as.
 */
enum admit_lint_as_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The body of Graph's `resume` action.
   */
  ADMIT_LINT_RESUME = 0,
  /**
   * A callout.
   */
  ADMIT_LINT_CALLOUT = 1,
  /**
   * The definition of a custom extension.
   */
  ADMIT_LINT_EXTENSION = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_lint_as_t admit_lint_as_t;
#else
typedef uint32_t admit_lint_as_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a fault counts as.
 */
enum admit_on_fault_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * A denial.
   */
  ADMIT_ON_FAULT_DENY = 0,
  /**
   * No answer is sent.
   */
  ADMIT_ON_FAULT_WITHHOLD = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_on_fault_t admit_on_fault_t;
#else
typedef uint32_t admit_on_fault_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What came of one policy.
 */
enum admit_outcome_kind_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing was told.
   */
  ADMIT_OUTCOME_NONE = 0,
  /**
   * It answered.
   */
  ADMIT_OUTCOME_VERDICT = 1,
  /**
   * It failed: a defect or a limit, not a decision.
   */
  ADMIT_OUTCOME_FAULT = 2,
  /**
   * It was not asked.
   */
  ADMIT_OUTCOME_SKIPPED = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_outcome_kind_t admit_outcome_kind_t;
#else
typedef uint32_t admit_outcome_kind_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * When a policy is configured. Reports are the same bytes either way.
 */
enum admit_prepare_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Once, when it is loaded; its instances start configured. Loading compiles three times instead of
   * once.
   */
  ADMIT_PREPARE_SNAPSHOT = 0,
  /**
   * In every instance: for a process that evaluates few callouts.
   */
  ADMIT_PREPARE_EACH_TIME = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_prepare_t admit_prepare_t;
#else
typedef uint32_t admit_prepare_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The version of Graph that answers are for.
 */
enum admit_profile_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * `v1.0`.
   */
  ADMIT_PROFILE_V1 = 0,
  /**
   * `beta`.
   */
  ADMIT_PROFILE_BETA = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_profile_t admit_profile_t;
#else
typedef uint32_t admit_profile_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How outcomes combine.
 */
enum admit_rule_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The most severe outcome wins.
   */
  ADMIT_RULE_DENY_OVERRIDES = 0,
  /**
   * The first policy that does not abstain decides.
   */
  ADMIT_RULE_FIRST_APPLICABLE = 1,
  /**
   * As the most severe, and an abstention counts as a denial.
   */
  ADMIT_RULE_UNANIMOUS = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_rule_t admit_rule_t;
#else
typedef uint32_t admit_rule_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How bad a finding is.
 */
enum admit_severity_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing was told.
   */
  ADMIT_SEVERITY_NONE = 0,
  /**
   * It is wrong: expect that it is refused, or does not do what it says.
   */
  ADMIT_SEVERITY_ERROR = 1,
  /**
   * It may be taken, but should not be sent or used so.
   */
  ADMIT_SEVERITY_WARNING = 2,
  /**
   * Worth knowing; nothing to change for certain.
   */
  ADMIT_SEVERITY_NOTE = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_severity_t admit_severity_t;
#else
typedef uint32_t admit_severity_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What it comes to when no policy has an opinion.
 */
enum admit_when_silent_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The request is refused.
   */
  ADMIT_WHEN_SILENT_DENY = 0,
  /**
   * Processing goes on.
   */
  ADMIT_WHEN_SILENT_APPROVE = 1,
  /**
   * No answer is sent.
   */
  ADMIT_WHEN_SILENT_WITHHOLD = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum admit_when_silent_t admit_when_silent_t;
#else
typedef uint32_t admit_when_silent_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Compiles and runs policies. Created once per process, shared by threads.
 */
typedef struct admit_engine_t admit_engine_t;

/**
 * Why a call did nothing. Owned by who called: end it with `admit_error_free`.
 */
typedef struct admit_error_t admit_error_t;

/**
 * The answer to one lookup, given by the function that is asked.
 */
typedef struct admit_fact_answer_t admit_fact_answer_t;

/**
 * Collections of facts that policies may look up. Filled by one thread, then given to sets, which keep
 * what it has at that moment.
 */
typedef struct admit_facts_t admit_facts_t;

/**
 * What was found, the worst first. Immutable, shared by threads.
 */
typedef struct admit_findings_t admit_findings_t;

/**
 * A policy, checked, compiled and configured by one engine. Expensive to load, immutable, shared by
 * threads.
 */
typedef struct admit_policy_t admit_policy_t;

/**
 * What was decided for one callout, why, and what to send. Holds no WebAssembly, immutable, shared by
 * threads.
 */
typedef struct admit_report_t admit_report_t;

/**
 * Policies in order and how they combine. Immutable, shared by threads.
 */
typedef struct admit_set_t admit_set_t;

/**
 * Text: UTF-8, `len` bytes, not NUL-terminated.
 *
 * As a result it is borrowed, and lives as long as the handle that it comes from. `data` is NULL where
 * there is no text, and not NULL where it is empty: in an option block, too, NULL is not given, and an
 * empty text is.
 */
typedef struct {
  /**
   * The first byte.
   */
  const char *data;
  /**
   * How many bytes.
   */
  size_t len;
} admit_str_t;

/**
 * What an evaluation may use: of an engine for every policy, or of one policy where it differs. 0 is
 * the default, or for a policy what the engine has.
 */
typedef struct {
  /**
   * `sizeof(admit_limits_t)`.
   */
  size_t size;
  /**
   * Instructions, roughly, that one evaluation of a policy may execute; the same inputs always use
   * the same. Default 50,000,000.
   */
  uint64_t fuel;
  /**
   * Wall-clock time of one policy's evaluation, below a day, the backstop behind fuel; waiting for an
   * instance and for facts counts. Default 250.
   */
  uint64_t deadline_ms;
  /**
   * Linear memory of one instance, in bytes; of one policy at most the engine's. Default 16 MiB.
   */
  uint64_t memory;
  /**
   * Stack of one instance, in bytes; of an engine only. Default 512 KiB.
   */
  uint64_t stack;
  /**
   * Instances that exist at once, from 1 to 1024; of an engine only. Default 64.
   */
  uint64_t concurrency;
} admit_limits_t;

/**
 * What a set says about one of its policies. What is 0 or NULL is the default.
 */
typedef struct {
  /**
   * `sizeof(admit_policy_options_t)`.
   */
  size_t size;
  /**
   * The policy's settings, a JSON object in text, checked against its own schema. Default `{}`.
   */
  admit_str_t settings;
  /**
   * The stages that it is asked at, by Graph's names, such as `assignmentRequestCreated`; may only
   * narrow those that its metadata names, which are the default. An empty list is an error.
   */
  const admit_str_t *stages;
  /**
   * How many stages.
   */
  size_t stage_count;
  /**
   * The collections of facts that it may look up; any other lookup is a fault. Default none.
   */
  const admit_str_t *facts;
  /**
   * How many collections.
   */
  size_t fact_count;
  /**
   * The SHA-256 that the component must have, in hexadecimal; NULL is any. One without text, as
   * `admit_policy_sha256` gives of NULL, is `ADMIT_ERROR_ARGUMENT`.
   */
  const admit_str_t *sha256;
  /**
   * Its limits, where they differ from the engine's.
   */
  const admit_limits_t *limits;
  /**
   * When it is configured: one of `admit_prepare_t`.
   */
  admit_prepare_t prepare;
  /**
   * 0, and anything else is an error.
   */
  uint32_t reserved;
} admit_policy_options_t;

/**
 * Answers one lookup of a fact: see `admit_facts_add_callback`.
 *
 * `user_data` is what was given with the function. `key` is UTF-8, `key_len` bytes, and lives as long
 * as the call; a GUID comes in lower case with hyphens. `remaining_ms` milliseconds are left of the
 * deadline of the policy that asks: an answer that comes later is a fault. The answer is given by one
 * call of `admit_fact_answer_json`, `admit_fact_answer_none` or `admit_fact_answer_error`, with
 * `answer`, which lives as long as the call; to return without one is a fault, never "no such key".
 *
 * Called on the thread that evaluates, by several threads at once where several evaluate. It may
 * evaluate itself, the same set too, and may free the set that asks, which then goes on until its report
 * is made. Must return: no exception, no longjmp.
 */
typedef void (*admit_fact_lookup_t)(void *user_data,
                                    const char *key,
                                    size_t key_len,
                                    uint64_t remaining_ms,
                                    admit_fact_answer_t *answer);

/**
 * Ends what a callback was given; called once, from any thread. Must return: no exception, no
 * longjmp.
 */
typedef void (*admit_destroy_t)(void *user_data);

/**
 * What differs at one stage. Never grows.
 */
typedef struct {
  /**
   * Graph's name of the stage.
   */
  admit_str_t stage;
  /**
   * What silence comes to there: one of `admit_when_silent_t`.
   */
  admit_when_silent_t when_silent;
  /**
   * What a fault counts as there: one of `admit_on_fault_t`.
   */
  admit_on_fault_t on_fault;
} admit_stage_options_t;

/**
 * What a set says beside its policies. What is 0 or NULL is the default.
 */
typedef struct {
  /**
   * `sizeof(admit_set_options_t)`.
   */
  size_t size;
  /**
   * How outcomes combine: one of `admit_rule_t`.
   */
  admit_rule_t rule;
  /**
   * What silence comes to: one of `admit_when_silent_t`.
   */
  admit_when_silent_t when_silent;
  /**
   * What a fault counts as: one of `admit_on_fault_t`.
   */
  admit_on_fault_t on_fault;
  /**
   * What differing approvers come to: one of `admit_join_approvers_t`.
   */
  admit_join_approvers_t join_approvers;
  /**
   * The version of Graph: one of `admit_profile_t`.
   */
  admit_profile_t profile;
  /**
   * 0, and anything else is an error.
   */
  uint32_t reserved;
  /**
   * What differs at single stages.
   */
  const admit_stage_options_t *stages;
  /**
   * How many stages.
   */
  size_t stage_count;
  /**
   * The definition of the custom extension that is answered for, in Graph's JSON: callouts of
   * another kind are not evaluated. Default any.
   */
  admit_str_t extension;
  /**
   * The id of the extension's catalog: callouts of another one are not evaluated. Default any.
   */
  admit_str_t catalog;
  /**
   * The facts that its policies may look up, each those that it is granted. Default none.
   */
  const admit_facts_t *facts;
} admit_set_options_t;

/**
 * What a set file does not say. What is 0 or NULL is the default.
 */
typedef struct {
  /**
   * `sizeof(admit_file_options_t)`.
   */
  size_t size;
  /**
   * The facts that the file declares with `host = true`: each of them, and no others. Default none.
   */
  const admit_facts_t *facts;
  /**
   * When the policies are configured: one of `admit_prepare_t`.
   */
  admit_prepare_t prepare;
  /**
   * Not 0: leave the sources of facts alone, for evaluating with recorded facts; any lookup that is
   * not in a record is a fault.
   */
  uint32_t without_sources;
} admit_file_options_t;

/**
 * How a callout is evaluated. What is 0 or NULL is the default.
 */
typedef struct {
  /**
   * `sizeof(admit_evaluate_options_t)`.
   */
  size_t size;
  /**
   * The instant that policies see, in microseconds since 1970-01-01T00:00:00Z. What is before the year
   * 2000 or after 9999 is `ADMIT_ERROR_ARGUMENT`, as seconds, milliseconds and nanoseconds are.
   * Default: the system's clock.
   */
  int64_t now_us;
  /**
   * Facts that an earlier report recorded, and no others: its JSON text with `ADMIT_JSON_EVIDENCE`.
   * No source is asked then. NULL: the set's own facts. One without text, as `admit_report_json` gives
   * of NULL, is `ADMIT_ERROR_ARGUMENT`.
   */
  const admit_str_t *record;
  /**
   * Not 0: do not keep what policies read of the callout. Decisions are the same.
   */
  uint32_t without_reads;
  /**
   * 0, and anything else is an error.
   */
  uint32_t reserved;
} admit_evaluate_options_t;

/**
 * One policy's outcome. Its texts live as long as the report.
 */
typedef struct {
  /**
   * `sizeof(admit_outcome_t)`, written by the caller.
   */
  size_t size;
  /**
   * Id of the policy.
   */
  admit_str_t policy;
  /**
   * Which of the three: one of `admit_outcome_kind_t`.
   */
  admit_outcome_kind_t kind;
  /**
   * The verdict: one of `admit_effect_t`, `ADMIT_EFFECT_NONE` where there is none.
   */
  admit_effect_t verdict;
  /**
   * The fault: one of `admit_fault_code_t`, `ADMIT_FAULT_NONE` where there is none.
   */
  admit_fault_code_t fault;
  /**
   * 0.
   */
  uint32_t reserved;
  /**
   * Why, for programs: the verdict's code, the fault's slug, or `stage` or `decided` for a policy that
   * was not asked.
   */
  admit_str_t code;
  /**
   * Why, for people; may be empty. Of a fault it is for the report and never part of an answer.
   */
  admit_str_t detail;
  /**
   * What it read of the callout, JSON pointers into the canonical document; NULL where that was not
   * kept. The array lives as long as the report.
   */
  const admit_str_t *reads;
  /**
   * How many pointers.
   */
  size_t read_count;
} admit_outcome_t;

/**
 * One finding. Its texts live as long as the findings.
 */
typedef struct {
  /**
   * `sizeof(admit_finding_t)`, written by the caller.
   */
  size_t size;
  /**
   * How bad it is: one of `admit_severity_t`.
   */
  admit_severity_t severity;
  /**
   * 0.
   */
  uint32_t reserved;
  /**
   * What it is, for programs: a stable name.
   */
  admit_str_t code;
  /**
   * Id of the policy that is concerned; no text where none is.
   */
  admit_str_t policy;
  /**
   * Where: a JSON pointer, empty for the whole document, or a file with line and column; no text
   * for a set from code.
   */
  admit_str_t path;
  /**
   * What is wrong or doubtful.
   */
  admit_str_t problem;
  /**
   * What to write instead; no text where the problem says it.
   */
  admit_str_t instead;
  /**
   * Where that is said; no text for findings of a set.
   */
  admit_str_t source;
} admit_finding_t;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The library's version, such as `0.1.0`: here, as an exception, NUL-terminated. Lives as long as the
 * program.
 */
const char *admit_version(void);

/**
 * The library's version as a number, to be compared with `ADMIT_VERSION_NUMBER`.
 */
uint32_t admit_version_number(void);

/**
 * Whether a program that was compiled with a header may use this library: same major version, and the
 * library not the older one. Call it once with `ADMIT_VERSION_NUMBER`, before anything else.
 */
bool admit_abi_check(uint32_t header);

/**
 * The kind of an error; `ADMIT_ERROR_NONE` of NULL.
 */
admit_error_code_t admit_error_code(const admit_error_t *error);

/**
 * What happened and where, in one line for people: the policy, if one is concerned, the place, the
 * problem.
 */
admit_str_t admit_error_message(const admit_error_t *error);

/**
 * Id of the policy that is concerned; no text where none is.
 */
admit_str_t admit_error_policy(const admit_error_t *error);

/**
 * Where: a JSON pointer into the payload, a file with line and column, or the parameter of the call;
 * no text where there is no such place.
 */
admit_str_t admit_error_path(const admit_error_t *error);

/**
 * Ends an error. NULL is left alone.
 */
void admit_error_free(admit_error_t *error);

/**
 * The name of an error code for programs, such as `policy-pin`; no text of a number that is no code.
 * Lives as long as the program.
 */
admit_str_t admit_error_slug(admit_error_code_t code);

/**
 * The name of a fault code for programs, such as `deadline`; no text of a number that is no code.
 * Lives as long as the program.
 */
admit_str_t admit_fault_slug(admit_fault_code_t code);

/**
 * Makes an engine, for policies that are loaded one by one; a set from a file has its own.
 *
 * It reserves address space for `limits->concurrency` instances. `limits` may be NULL: the defaults.
 * Errors: `ADMIT_ERROR_SET` for limits that cannot be, `ADMIT_ERROR_INTERNAL` where the machine
 * cannot run WebAssembly.
 */
admit_error_t *admit_engine_new(const admit_limits_t *limits,
                                admit_engine_t **engine_out);

/**
 * Ends an engine. What was made with it goes on. NULL is left alone.
 */
void admit_engine_free(admit_engine_t *engine);

/**
 * Loads a policy from a component's file.
 *
 * As `admit_policy_from_bytes`, and `ADMIT_ERROR_POLICY_FILE` where the file cannot be read.
 */
admit_error_t *admit_policy_from_file(const admit_engine_t *engine,
                                      const char *id,
                                      size_t id_len,
                                      const char *path,
                                      size_t path_len,
                                      const admit_policy_options_t *options,
                                      admit_policy_t **policy_out);

/**
 * Loads a policy from a component's bytes: checks and compiles them, checks the settings, and lets the
 * policy configure itself.
 *
 * `id` is its id in the set, `[a-z0-9-]{1,64}`. `options` may be NULL: the defaults. Errors:
 * `ADMIT_ERROR_POLICY_FORMAT` and its siblings say what is wrong with the component or its settings,
 * `ADMIT_ERROR_SET` what is with id, stages or limits.
 */
admit_error_t *admit_policy_from_bytes(const admit_engine_t *engine,
                                       const char *id,
                                       size_t id_len,
                                       const uint8_t *component,
                                       size_t component_len,
                                       const admit_policy_options_t *options,
                                       admit_policy_t **policy_out);

/**
 * SHA-256 of a policy's component in hexadecimal, its identity; no text of NULL.
 */
admit_str_t admit_policy_sha256(const admit_policy_t *policy);

/**
 * Ends a policy. Sets that were made with it go on. NULL is left alone.
 */
void admit_policy_free(admit_policy_t *policy);

/**
 * Makes collections of facts, none at first.
 */
admit_error_t *admit_facts_new(admit_facts_t **facts_out);

/**
 * Adds a collection of a JSON object in text, `[a-z0-9-]{1,64}` its name: the members' names are the
 * keys, and null is no such key.
 *
 * One of the same name is replaced, as by the functions below. Errors: `ADMIT_ERROR_FACT_SOURCE`.
 */
admit_error_t *admit_facts_add_json(admit_facts_t *facts,
                                    const char *collection,
                                    size_t collection_len,
                                    const char *json,
                                    size_t json_len);

/**
 * Adds a collection of a file that holds a JSON object, which is read now.
 *
 * Errors: `ADMIT_ERROR_FACT_SOURCE`.
 */
admit_error_t *admit_facts_add_json_file(admit_facts_t *facts,
                                         const char *collection,
                                         size_t collection_len,
                                         const char *path,
                                         size_t path_len);

/**
 * Adds a collection of an SQLite database, which is opened for reading now and asked at each lookup.
 *
 * `query` only reads, and has one parameter, `?1`, the key; its row becomes an object with a member for
 * each column, and no row is no such key. `json_columns`, which may be NULL, names columns whose text is
 * JSON. Errors: `ADMIT_ERROR_FACT_SOURCE`.
 */
admit_error_t *admit_facts_add_sqlite(admit_facts_t *facts,
                                      const char *collection,
                                      size_t collection_len,
                                      const char *path,
                                      size_t path_len,
                                      const char *query,
                                      size_t query_len,
                                      const admit_str_t *json_columns,
                                      size_t json_column_count);

/**
 * Adds a collection that a function answers for, at each lookup.
 *
 * In one evaluation it is asked at most once for a key. `user_data` is handed to it; threads share it.
 * `destroy`, which may be NULL, is called once with `user_data`: when the last set and the last
 * `admit_facts_t` that have the collection are gone, or before this call returns an error. It may call
 * every function, but not with a handle that is being freed.
 */
admit_error_t *admit_facts_add_callback(admit_facts_t *facts,
                                        const char *collection,
                                        size_t collection_len,
                                        admit_fact_lookup_t lookup,
                                        void *user_data,
                                        admit_destroy_t destroy);

/**
 * Ends collections of facts. Sets that were made with them go on. NULL is left alone.
 */
void admit_facts_free(admit_facts_t *facts);

/**
 * Answers a lookup with a value, as JSON text; null is no such key.
 *
 * What is no JSON, or no UTF-8, makes the lookup a fault, as does a second answer. Only while the
 * function is asked; NULL for `answer` has no effect, and so the lookup is a fault.
 */
void admit_fact_answer_json(admit_fact_answer_t *answer,
                            const char *json,
                            size_t json_len);

/**
 * Answers a lookup: there is no such key. As for `admit_fact_answer_json`.
 */
void admit_fact_answer_none(admit_fact_answer_t *answer);

/**
 * Answers a lookup: it failed, and this is what the report says. Ends the policy's evaluation as a
 * fault. As for `admit_fact_answer_json`.
 */
void admit_fact_answer_error(admit_fact_answer_t *answer,
                             const char *message,
                             size_t message_len);

/**
 * Makes a set of policies that were loaded by this engine, in the order in which they are asked.
 *
 * `source` says who answers, for the audit log. `options` may be NULL: the defaults. Policies and facts
 * may be freed afterwards. Errors: `ADMIT_ERROR_SET` for what cannot be, such as a policy of another
 * engine or a grant without facts, `ADMIT_ERROR_GRAPH_OBJECT` for the extension.
 */
admit_error_t *admit_set_new(const admit_engine_t *engine,
                             const char *source,
                             size_t source_len,
                             const admit_policy_t *const *policies,
                             size_t policy_count,
                             const admit_set_options_t *options,
                             admit_set_t **set_out);

/**
 * Loads a set from its file, `admit.toml`, with an engine of its own.
 *
 * `options` may be NULL: the defaults. Errors: `ADMIT_ERROR_SET_FILE` where it cannot be read,
 * `ADMIT_ERROR_SET` for what it says, with line and column, and those of `admit_policy_from_file`
 * and `admit_facts_add_sqlite` for what it names.
 */
admit_error_t *admit_set_from_file(const char *path,
                                   size_t path_len,
                                   const admit_file_options_t *options,
                                   admit_set_t **set_out);

/**
 * Finds everything that is wrong with a set file or, where nothing is, everything that is doubtful with
 * its set, the worst first. The set can be loaded where there is no `ADMIT_SEVERITY_ERROR`.
 *
 * It is loaded as by `admit_set_from_file`; facts that the host gives may be missing. `options` may be
 * NULL. A file that cannot be read is a finding, too. Errors: of the arguments alone.
 */
admit_error_t *admit_set_check_file(const char *path,
                                    size_t path_len,
                                    const admit_file_options_t *options,
                                    admit_findings_t **findings_out);

/**
 * Finds what is doubtful with a set: warnings and notes, the worst first. Nothing is evaluated.
 */
admit_error_t *admit_set_findings(const admit_set_t *set,
                                  admit_findings_t **findings_out);

/**
 * Ends a set. Reports that it gave go on. NULL is left alone.
 */
void admit_set_free(admit_set_t *set);

/**
 * Evaluates a callout: asks every policy of the set that answers its stage, each in a fresh instance,
 * and combines what they say.
 *
 * `callout` is the payload as it was received; it is not used after the call. `options` may be NULL:
 * the defaults. What goes wrong in a policy or in its facts is a fault in the report, which denies or
 * withholds, and no error. The same callout, instant, facts and set give the same report. Errors:
 * `ADMIT_ERROR_CALLOUT_SYNTAX` and its siblings for what is no callout, `ADMIT_ERROR_FACT_RECORD` for
 * a record of another callout, of an evaluation that was cut short, or that lacks a fact.
 */
admit_error_t *admit_evaluate(const admit_set_t *set,
                              const uint8_t *callout,
                              size_t callout_len,
                              const admit_evaluate_options_t *options,
                              admit_report_t **report_out);

/**
 * What was decided: one of `admit_effect_t`, `ADMIT_EFFECT_NONE` of NULL and where the callout is none
 * that is evaluated. Whether there is an answer to send, `admit_report_resume_body` says.
 */
admit_effect_t admit_report_effect(const admit_report_t *report);

/**
 * What identifies the question: `requestId/instanceId`, the same when the service asks again. No text
 * of NULL.
 */
admit_str_t admit_report_key(const admit_report_t *report);

/**
 * The instant that policies saw, in microseconds since 1970-01-01T00:00:00Z; 0 of NULL.
 */
int64_t admit_report_now_us(const admit_report_t *report);

/**
 * The HTTP method of the request to send to Graph; no text of NULL, and where there is no answer.
 */
admit_str_t admit_report_resume_method(const admit_report_t *report);

/**
 * The path of the request below Graph's host, with the version, built from the request's id and never
 * from the callout's own path; no text of NULL, and where there is no answer.
 */
admit_str_t admit_report_resume_path(const admit_report_t *report);

/**
 * The body of the request, JSON: the bytes to send, as `application/json`. No text of NULL, and where
 * there is no answer: then nothing may be sent, and `admit_report_no_answer_code` says why.
 */
admit_str_t admit_report_resume_body(const admit_report_t *report);

/**
 * Why there is no answer, for programs; no text of NULL, and where there is one.
 */
admit_str_t admit_report_no_answer_code(const admit_report_t *report);

/**
 * Why there is no answer, for people; no text of NULL, and where there is one.
 */
admit_str_t admit_report_no_answer_detail(const admit_report_t *report);

/**
 * How many policies the set has, and outcomes the report; 0 of NULL, and where the callout is none that
 * is evaluated.
 */
size_t admit_report_outcome_count(const admit_report_t *report);

/**
 * Tells what came of a policy, by its place in the set.
 *
 * `outcome->size` must be set; `ADMIT_OUTCOME_INIT` does. False, and nothing is written, where there is
 * no such outcome, of NULL, and for a size that no version has.
 */
bool admit_report_outcome(const admit_report_t *report,
                          size_t index,
                          admit_outcome_t *outcome);

/**
 * The whole report as JSON text, the same bytes for the same inputs, as every other binding gives it.
 *
 * `flags` are 0, `ADMIT_JSON_EVIDENCE`, `ADMIT_JSON_REDACT` or both. A text is made when it is first
 * asked for. No text of NULL and for other flags.
 */
admit_str_t admit_report_json(const admit_report_t *report,
                              uint32_t flags);

/**
 * Ends a report, and every text that it gave. NULL is left alone.
 */
void admit_report_free(admit_report_t *report);

/**
 * Says what is wrong with a document before it is sent, the worst first.
 *
 * `kind` is one of `admit_lint_as_t`; `admit_lint_detect` finds it out. What is no JSON is a finding,
 * too. Errors: of the arguments alone.
 */
admit_error_t *admit_lint(const uint8_t *document,
                          size_t document_len,
                          admit_lint_as_t kind,
                          admit_findings_t **findings_out);

/**
 * What a document says that it is: one of `admit_lint_as_t`, `ADMIT_LINT_RESUME` where it says nothing
 * and of NULL.
 */
admit_lint_as_t admit_lint_detect(const uint8_t *document,
                                  size_t document_len);

/**
 * How many findings there are; 0 of NULL.
 */
size_t admit_findings_count(const admit_findings_t *findings);

/**
 * Tells a finding, by its place.
 *
 * `finding->size` must be set; `ADMIT_FINDING_INIT` does. False, and nothing is written, where there is
 * no such finding, of NULL, and for a size that no version has.
 */
bool admit_findings_get(const admit_findings_t *findings,
                        size_t index,
                        admit_finding_t *finding);

/**
 * Ends findings, and every text that they gave. NULL is left alone.
 */
void admit_findings_free(admit_findings_t *findings);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* ADMIT_H */
