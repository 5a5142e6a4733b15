
/** The version of this header as text, such as "0.1.0". */
#define ADMIT_VERSION "@VERSION@"
/** The major version of this header. */
#define ADMIT_VERSION_MAJOR @MAJOR@
/** The minor version of this header. */
#define ADMIT_VERSION_MINOR @MINOR@
/** The patch version of this header. */
#define ADMIT_VERSION_PATCH @PATCH@
/** The version of this header as a number: see `admit_abi_check`. */
#define ADMIT_VERSION_NUMBER @NUMBER@

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
