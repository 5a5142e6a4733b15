// admit for C++17: admit.h with owners, results and callables. Header-only.
//
// What admit.h says of threads, of absence and of the process holds here, too. In addition:
//
// Ownership. Objects own what they stand for, are moved and never copied, and end it with themselves. One
//   that was moved from owns nothing and acts as NULL does in C: calls with it fail, and reports say
//   nothing, which is never an approval.
//
// Errors. What can fail gives a `Result`: a value or an `Error`. It is no condition, since that a callout
//   could be evaluated does not mean that it was approved; nor is a report or an effect. `Result::value`
//   throws `Exception` where there is no value; compiled without exceptions it ends the program. Parts of
//   a program that are compiled with and without have types of their own, so that each keeps its way;
//   what goes from one to the other goes as a handle of C's. Nothing else here throws, but for what the
//   standard library does where no memory is left.
//
// Text. Parameters are views that are not needed after the call. A view that is given out lives as long as
//   the object that gave it, also when that is moved: keep the report. Asking a temporary one does not compile.
//
// Enumerators are those of C without their prefix, and values that a newer library adds are numbers
//   without a name here.

#ifndef ADMIT_HPP
#define ADMIT_HPP

#include <admit.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define ADMIT_HAS_EXCEPTIONS 1
#include <exception>
#include <stdexcept>
#else
#define ADMIT_HAS_EXCEPTIONS 0
#include <cstdio>
#include <cstdlib>
#endif

/// Answers Microsoft Entra entitlement-management callouts with WebAssembly policies.
namespace admit {
#if ADMIT_HAS_EXCEPTIONS
inline namespace with_exceptions {
#else
inline namespace without_exceptions {
#endif

/// What is done with a request, from the mildest to the most severe; and what policies say. None is no
/// decision, and not an approval.
enum class Effect : std::uint32_t {
  none = ADMIT_EFFECT_NONE,
  approve = ADMIT_EFFECT_APPROVE,
  require_approval = ADMIT_EFFECT_REQUIRE_APPROVAL,
  withhold = ADMIT_EFFECT_WITHHOLD,
  cancel = ADMIT_EFFECT_CANCEL,
  deny = ADMIT_EFFECT_DENY,
  abstain = ADMIT_EFFECT_ABSTAIN,
};

/// What kind of thing cannot be used.
enum class ErrorCode : std::uint32_t {
  none = ADMIT_ERROR_NONE,
  callout_syntax = ADMIT_ERROR_CALLOUT_SYNTAX,
  callout_limit = ADMIT_ERROR_CALLOUT_LIMIT,
  callout_type = ADMIT_ERROR_CALLOUT_TYPE,
  callout_missing = ADMIT_ERROR_CALLOUT_MISSING,
  callout_repeated = ADMIT_ERROR_CALLOUT_REPEATED,
  callout_stage = ADMIT_ERROR_CALLOUT_STAGE,
  callout_envelope = ADMIT_ERROR_CALLOUT_ENVELOPE,
  callout_id = ADMIT_ERROR_CALLOUT_ID,
  callout_callback_path = ADMIT_ERROR_CALLOUT_CALLBACK_PATH,
  callout_extension = ADMIT_ERROR_CALLOUT_EXTENSION,
  graph_object = ADMIT_ERROR_GRAPH_OBJECT,
  policy_file = ADMIT_ERROR_POLICY_FILE,
  policy_format = ADMIT_ERROR_POLICY_FORMAT,
  policy_interface = ADMIT_ERROR_POLICY_INTERFACE,
  policy_metadata = ADMIT_ERROR_POLICY_METADATA,
  policy_pin = ADMIT_ERROR_POLICY_PIN,
  policy_settings = ADMIT_ERROR_POLICY_SETTINGS,
  policy_load = ADMIT_ERROR_POLICY_LOAD,
  set_file = ADMIT_ERROR_SET_FILE,
  set = ADMIT_ERROR_SET,
  fact_source = ADMIT_ERROR_FACT_SOURCE,
  fact_record = ADMIT_ERROR_FACT_RECORD,
  argument = ADMIT_ERROR_ARGUMENT,
  internal = ADMIT_ERROR_INTERNAL,
};

/// Which way a policy failed.
enum class FaultCode : std::uint32_t {
  none = ADMIT_FAULT_NONE,
  trap = ADMIT_FAULT_TRAP,
  fuel = ADMIT_FAULT_FUEL,
  deadline = ADMIT_FAULT_DEADLINE,
  memory = ADMIT_FAULT_MEMORY,
  stack = ADMIT_FAULT_STACK,
  capacity = ADMIT_FAULT_CAPACITY,
  facts = ADMIT_FAULT_FACTS,
  settings = ADMIT_FAULT_SETTINGS,
  answer = ADMIT_FAULT_ANSWER,
  effect = ADMIT_FAULT_EFFECT,
  refused = ADMIT_FAULT_REFUSED,
  internal = ADMIT_FAULT_INTERNAL,
};

/// What it comes to when policies ask for different approvers.
enum class JoinApprovers : std::uint32_t {
  refuse = ADMIT_JOIN_APPROVERS_REFUSE,
  union_ = ADMIT_JOIN_APPROVERS_UNION,
};

/// What a document is linted as.
enum class LintAs : std::uint32_t {
  resume = ADMIT_LINT_RESUME,
  callout = ADMIT_LINT_CALLOUT,
  extension = ADMIT_LINT_EXTENSION,
};

/// What a fault counts as.
enum class OnFault : std::uint32_t {
  deny = ADMIT_ON_FAULT_DENY,
  withhold = ADMIT_ON_FAULT_WITHHOLD,
};

/// What came of one policy.
enum class OutcomeKind : std::uint32_t {
  none = ADMIT_OUTCOME_NONE,
  verdict = ADMIT_OUTCOME_VERDICT,
  fault = ADMIT_OUTCOME_FAULT,
  skipped = ADMIT_OUTCOME_SKIPPED,
};

/// When a policy is configured. Reports are the same bytes either way.
enum class Prepare : std::uint32_t {
  snapshot = ADMIT_PREPARE_SNAPSHOT,
  each_time = ADMIT_PREPARE_EACH_TIME,
};

/// The version of Graph that answers are for.
enum class Profile : std::uint32_t {
  v1 = ADMIT_PROFILE_V1,
  beta = ADMIT_PROFILE_BETA,
};

/// How outcomes combine.
enum class Rule : std::uint32_t {
  deny_overrides = ADMIT_RULE_DENY_OVERRIDES,
  first_applicable = ADMIT_RULE_FIRST_APPLICABLE,
  unanimous = ADMIT_RULE_UNANIMOUS,
};

/// How bad a finding is.
enum class Severity : std::uint32_t {
  none = ADMIT_SEVERITY_NONE,
  error = ADMIT_SEVERITY_ERROR,
  warning = ADMIT_SEVERITY_WARNING,
  note = ADMIT_SEVERITY_NOTE,
};

/// What it comes to when no policy has an opinion.
enum class WhenSilent : std::uint32_t {
  deny = ADMIT_WHEN_SILENT_DENY,
  approve = ADMIT_WHEN_SILENT_APPROVE,
  withhold = ADMIT_WHEN_SILENT_WITHHOLD,
};

/// An instant, in the microseconds that reports have.
using Instant = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// Bytes that are looked at during a call: of anything that has `data` and `size` and holds single bytes,
/// such as `std::string`, `std::string_view` and `std::vector<std::uint8_t>`.
class Bytes {
 public:
  /// Bytes from a pointer and a length.
  Bytes(const void *data, std::size_t size) noexcept
      : data_(static_cast<const std::uint8_t *>(data)), size_(size) {}

  /// The bytes of a container.
  template <class Container, class Item = std::remove_pointer_t<decltype(std::declval<const Container &>().data())>,
            class = std::enable_if_t<sizeof(Item) == 1>>
  Bytes(const Container &container) noexcept : Bytes(container.data(), container.size()) {}

  /// The first byte.
  const std::uint8_t *data() const noexcept { return data_; }

  /// How many bytes.
  std::size_t size() const noexcept { return size_; }

 private:
  const std::uint8_t *data_;
  std::size_t size_;
};

namespace detail {

template <class Handle, void (*Free)(Handle *)>
struct Deleter {
  void operator()(Handle *handle) const noexcept { Free(handle); }
};

template <class Handle, void (*Free)(Handle *)>
using Owner = std::unique_ptr<Handle, Deleter<Handle, Free>>;

inline std::optional<std::string_view> view(admit_str_t text) noexcept {
  if (text.data == nullptr) {
    return std::nullopt;
  }
  return std::string_view(text.data, text.len);
}

inline std::string_view view_or_empty(admit_str_t text) noexcept { return view(text).value_or(std::string_view()); }

// What is empty is not what is absent.
inline admit_str_t str(std::string_view text) noexcept {
  return {text.data() != nullptr ? text.data() : "", text.size()};
}

template <class Text>
admit_str_t str(const std::optional<Text> &text) noexcept {
  return text ? str(std::string_view(*text)) : admit_str_t ADMIT_STR_NONE;
}

inline std::vector<admit_str_t> strs(const std::vector<std::string> &texts) {
  std::vector<admit_str_t> made;
  for (const std::string &text : texts) {
    made.push_back(str(std::string_view(text)));
  }
  return made;
}

}  // namespace detail

/// The name of an error code for programs, such as `policy-pin`; empty for a number that is no code.
inline std::string_view slug(ErrorCode code) noexcept {
  return detail::view_or_empty(admit_error_slug(static_cast<admit_error_code_t>(code)));
}

/// The name of a fault code for programs, such as `deadline`; empty for a number that is no code.
inline std::string_view slug(FaultCode code) noexcept {
  return detail::view_or_empty(admit_fault_slug(static_cast<admit_fault_code_t>(code)));
}

/// The library's version, such as `0.1.0`.
inline std::string_view version() noexcept { return admit_version(); }

/// Whether a program that is compiled with this header may use the library that it has found.
inline bool abi_check() noexcept { return admit_abi_check(ADMIT_VERSION_NUMBER); }

/// Why a call did nothing.
class Error {
 public:
  /// No error.
  Error() = default;

  /// Takes over an error of C's; null is none.
  explicit Error(admit_error_t *error) noexcept : error_(error) {}

  /// What kind of error; none where there is no error.
  ErrorCode code() const noexcept { return static_cast<ErrorCode>(admit_error_code(error_.get())); }

  /// What happened and where, in one line for people; empty where there is no error.
  std::string_view message() const & noexcept { return detail::view_or_empty(admit_error_message(error_.get())); }
  std::string_view message() const && = delete;

  /// Id of the policy that is concerned, if one is.
  std::optional<std::string_view> policy() const & noexcept {
    return detail::view(admit_error_policy(error_.get()));
  }
  std::optional<std::string_view> policy() const && = delete;

  /// Where: a JSON pointer into the payload, a file with line and column, or the parameter of the call.
  std::optional<std::string_view> path() const & noexcept { return detail::view(admit_error_path(error_.get())); }
  std::optional<std::string_view> path() const && = delete;

 private:
  detail::Owner<admit_error_t, admit_error_free> error_;
};

#if ADMIT_HAS_EXCEPTIONS
/// What `Result::value` throws. Its text is the error's message.
class Exception : public std::runtime_error {
 public:
  /// Carries an error.
  explicit Exception(Error error)
      : std::runtime_error(std::string(error.message())), error_(std::make_shared<const Error>(std::move(error))) {}

  /// The error.
  const Error &error() const noexcept { return *error_; }

 private:
  std::shared_ptr<const Error> error_;
};
#endif

namespace detail {

[[noreturn]] inline void fail(Error &&error) {
#if ADMIT_HAS_EXCEPTIONS
  throw Exception(std::move(error));
#else
  const std::string_view message = error.message();
  std::fprintf(stderr, "admit: %.*s\n", static_cast<int>(message.size()), message.data());
  std::abort();
#endif
}

}  // namespace detail

/// A value, or the error why there is none. No condition: ask `ok`.
template <class Value>
class [[nodiscard]] Result {
 public:
  /// A value.
  Result(Value value) : value_(std::move(value)) {}

  /// An error.
  Result(Error error) noexcept : error_(std::move(error)) {}

  /// Whether there is a value. Of a report: whether the callout could be evaluated, not whether it was
  /// approved.
  bool ok() const noexcept { return value_.has_value(); }

  /// The error; one whose code is none where there is a value.
  const Error &error() const & noexcept { return error_; }

  /// As above, to take the error away.
  Error error() && noexcept { return std::move(error_); }

  /// The value; where there is none, throws `Exception`, or ends the program if exceptions are off. The
  /// error goes with the exception.
  Value &value() & {
    require();
    return *value_;
  }

  /// As above, to take the value away.
  Value value() && {
    require();
    return std::move(*value_);
  }

  /// As `value`.
  Value *operator->() & { return &value(); }
  Value *operator->() && = delete;

 private:
  void require() {
    if (!value_) {
      detail::fail(std::move(error_));
    }
  }

  std::optional<Value> value_;
  Error error_;
};

/// That something was done, or the error why it was not.
template <>
class [[nodiscard]] Result<void> {
 public:
  /// An error, or that it was done, if there is none.
  Result(Error error) noexcept : ok_(error.code() == ErrorCode::none), error_(std::move(error)) {}

  /// Whether it was done.
  bool ok() const noexcept { return ok_; }

  /// The error; one whose code is none where it was done.
  const Error &error() const & noexcept { return error_; }

  /// As above, to take the error away.
  Error error() && noexcept { return std::move(error_); }

  /// Throws `Exception` where it was not done, or ends the program if exceptions are off.
  void value() {
    if (!ok_) {
      detail::fail(std::move(error_));
    }
  }

 private:
  bool ok_;
  Error error_;
};

/// What an evaluation may use: of an engine for every policy, or of one policy where it differs. What is 0
/// is the default, or for a policy what the engine has.
struct Limits {
  /// Instructions, roughly, that one evaluation of a policy may execute; `ADMIT_FUEL_OFF` does not count.
  std::uint64_t fuel = 0;
  /// Wall-clock time of one policy's evaluation, waiting for an instance and for facts included.
  std::chrono::milliseconds deadline{0};
  /// Linear memory of one instance, in bytes.
  std::uint64_t memory = 0;
  /// Stack of one instance, in bytes; of an engine only.
  std::uint64_t stack = 0;
  /// Instances that exist at once, from 1 to 1024; of an engine only.
  std::uint64_t concurrency = 0;
};

namespace detail {

inline admit_limits_t block(const Limits &limits) noexcept {
  admit_limits_t block = ADMIT_LIMITS_INIT;
  block.fuel = limits.fuel;
  // Less than nothing becomes more than a day, which is an error.
  block.deadline_ms = static_cast<std::uint64_t>(limits.deadline.count());
  block.memory = limits.memory;
  block.stack = limits.stack;
  block.concurrency = limits.concurrency;
  return block;
}

}  // namespace detail

/// Compiles and runs policies. Created once per process, shared by threads.
class Engine {
 public:
  /// An engine, for policies that are loaded one by one; a set from a file has its own.
  static Result<Engine> create(const Limits &limits = {}) {
    const admit_limits_t block = detail::block(limits);
    admit_engine_t *engine = nullptr;
    if (admit_error_t *error = admit_engine_new(&block, &engine)) {
      return Error(error);
    }
    return Engine(engine);
  }

  /// The handle, for functions of C; still this object's.
  const admit_engine_t *get() const noexcept { return engine_.get(); }

 private:
  explicit Engine(admit_engine_t *engine) noexcept : engine_(engine) {}
  detail::Owner<admit_engine_t, admit_engine_free> engine_;
};

/// What a set says about one of its policies.
struct PolicyOptions {
  /// The policy's settings, a JSON object in text. Default `{}`.
  std::optional<std::string> settings;
  /// The stages that it is asked at, by Graph's names. Default those of its metadata; an empty list is an
  /// error.
  std::optional<std::vector<std::string>> stages;
  /// The collections of facts that it may look up; any other lookup is a fault.
  std::vector<std::string> facts;
  /// The SHA-256 that the component must have, in hexadecimal. Default any; an empty one is an error.
  std::optional<std::string> sha256;
  /// Its limits, where they differ from the engine's.
  Limits limits;
  /// When it is configured.
  Prepare prepare = Prepare::snapshot;
};

/// A policy, checked, compiled and configured by one engine. Expensive to load, immutable, shared by
/// threads.
class Policy {
 public:
  /// Loads a policy from a component's file. `id` is its id in the set.
  static Result<Policy> from_file(const Engine &engine, std::string_view id, std::string_view path,
                                  const PolicyOptions &options = {}) {
    const Block block(options);
    admit_policy_t *policy = nullptr;
    admit_error_t *error = admit_policy_from_file(engine.get(), id.data(), id.size(), path.data(), path.size(),
                                                  &block.options, &policy);
    return given(error, policy);
  }

  /// Loads a policy from a component's bytes.
  static Result<Policy> from_bytes(const Engine &engine, std::string_view id, Bytes component,
                                   const PolicyOptions &options = {}) {
    const Block block(options);
    admit_policy_t *policy = nullptr;
    admit_error_t *error = admit_policy_from_bytes(engine.get(), id.data(), id.size(), component.data(),
                                                   component.size(), &block.options, &policy);
    return given(error, policy);
  }

  /// SHA-256 of its component in hexadecimal, its identity.
  std::string_view sha256() const & noexcept { return detail::view_or_empty(admit_policy_sha256(policy_.get())); }
  std::string_view sha256() const && = delete;

  /// The handle, for functions of C; still this object's.
  const admit_policy_t *get() const noexcept { return policy_.get(); }

 private:
  // Options as C has them. They point into the given ones and into itself.
  struct Block {
    explicit Block(const PolicyOptions &given)
        : limits(detail::block(given.limits)), facts(detail::strs(given.facts)) {
      options.settings = detail::str(given.settings);
      if (given.stages) {
        stages = detail::strs(*given.stages);
        // One that is never read, so that a list without stages is not the list that was not given.
        stages.push_back(ADMIT_STR_NONE);
        options.stages = stages.data();
        options.stage_count = stages.size() - 1;
      }
      options.facts = facts.data();
      options.fact_count = facts.size();
      if (given.sha256) {
        sha256 = detail::str(std::string_view(*given.sha256));
        options.sha256 = &sha256;
      }
      options.limits = &limits;
      options.prepare = static_cast<admit_prepare_t>(given.prepare);
    }
    Block(const Block &) = delete;
    Block &operator=(const Block &) = delete;

    admit_policy_options_t options = ADMIT_POLICY_OPTIONS_INIT;
    admit_limits_t limits;
    admit_str_t sha256 = ADMIT_STR_NONE;
    std::vector<admit_str_t> facts;
    std::vector<admit_str_t> stages;
  };

  static Result<Policy> given(admit_error_t *error, admit_policy_t *policy) {
    if (error != nullptr) {
      return Error(error);
    }
    return Policy(policy);
  }

  explicit Policy(admit_policy_t *policy) noexcept : policy_(policy) {}
  detail::Owner<admit_policy_t, admit_policy_free> policy_;
};

/// What a lookup of a fact comes to. There is none that says nothing: who does not know says so by `error`.
class Fact {
 public:
  /// A value, as JSON text; null is no such key.
  static Fact json(std::string text) noexcept { return Fact(Kind::json, std::move(text)); }

  /// There is no such key, and the policy goes on with that.
  static Fact none() noexcept { return Fact(Kind::none, std::string()); }

  /// The lookup failed, and this is what the report says: a fault of the policy that asks.
  static Fact error(std::string message) noexcept { return Fact(Kind::error, std::move(message)); }

 private:
  friend class Facts;
  enum class Kind { json, none, error };
  Fact(Kind kind, std::string text) noexcept : kind_(kind), text_(std::move(text)) {}

  void give(admit_fact_answer_t *answer) const noexcept {
    switch (kind_) {
      case Kind::json:
        return admit_fact_answer_json(answer, text_.data(), text_.size());
      case Kind::none:
        return admit_fact_answer_none(answer);
      case Kind::error:
        return admit_fact_answer_error(answer, text_.data(), text_.size());
    }
  }

  Kind kind_;
  std::string text_;
};

/// Collections of facts that policies may look up. Filled by one thread, then given to sets, which keep
/// what it has at that moment.
class Facts {
 public:
  /// No collections at first.
  static Result<Facts> create() {
    admit_facts_t *facts = nullptr;
    if (admit_error_t *error = admit_facts_new(&facts)) {
      return Error(error);
    }
    return Facts(facts);
  }

  /// Adds a collection of a JSON object in text: the members' names are the keys, and null is no such key.
  /// One of the same name is replaced, as by the functions below.
  Result<void> add_json(std::string_view collection, std::string_view json) {
    return Error(admit_facts_add_json(facts_.get(), collection.data(), collection.size(), json.data(), json.size()));
  }

  /// Adds a collection of a file that holds a JSON object, which is read now.
  Result<void> add_json_file(std::string_view collection, std::string_view path) {
    return Error(
        admit_facts_add_json_file(facts_.get(), collection.data(), collection.size(), path.data(), path.size()));
  }

  /// Adds a collection of an SQLite database, which is opened for reading now and asked at each lookup.
  /// `query` has one parameter, `?1`, the key; `json_columns` names columns whose text is JSON.
  Result<void> add_sqlite(std::string_view collection, std::string_view path, std::string_view query,
                          const std::vector<std::string> &json_columns = {}) {
    const std::vector<admit_str_t> columns = detail::strs(json_columns);
    return Error(admit_facts_add_sqlite(facts_.get(), collection.data(), collection.size(), path.data(), path.size(),
                                        query.data(), query.size(), columns.data(), columns.size()));
  }

  /// Adds a collection that a callable answers for, at each lookup:
  /// `Fact(std::string_view key, std::chrono::milliseconds remaining)`.
  ///
  /// It is called on the thread that evaluates, by several at once where several evaluate. An answer after
  /// the remaining time is a fault, and so is an exception, with its text. It ends once the last set and
  /// the last `Facts` that have the collection are gone, or when this fails; its destructor must not throw.
  template <class Lookup>
  Result<void> add(std::string_view collection, Lookup lookup) {
    static_assert(std::is_invocable_r_v<Fact, Lookup &, std::string_view, std::chrono::milliseconds>,
                  "a lookup takes a key and the remaining time, and gives a Fact");
    auto held = std::make_unique<Lookup>(std::move(lookup));
    return Error(admit_facts_add_callback(facts_.get(), collection.data(), collection.size(), ask<Lookup>,
                                          held.release(), end<Lookup>));
  }

  /// The handle, for functions of C; still this object's.
  const admit_facts_t *get() const noexcept { return facts_.get(); }

 private:
  explicit Facts(admit_facts_t *facts) noexcept : facts_(facts) {}

  template <class Lookup>
  static void ask(void *held, const char *key, std::size_t key_len, std::uint64_t remaining_ms,
                  admit_fact_answer_t *answer) noexcept {
    const std::string_view asked(key, key_len);
    const std::chrono::milliseconds remaining(remaining_ms);
#if ADMIT_HAS_EXCEPTIONS
    try {
      Fact((*static_cast<Lookup *>(held))(asked, remaining)).give(answer);
    } catch (const std::exception &exception) {
      const std::string_view what = exception.what();
      admit_fact_answer_error(answer, what.data(), what.size());
    } catch (...) {
      const std::string_view what = "an exception that is no std::exception";
      admit_fact_answer_error(answer, what.data(), what.size());
    }
#else
    Fact((*static_cast<Lookup *>(held))(asked, remaining)).give(answer);
#endif
  }

  template <class Lookup>
  static void end(void *held) noexcept {
    delete static_cast<Lookup *>(held);
  }

  detail::Owner<admit_facts_t, admit_facts_free> facts_;
};

namespace detail {

// Null of a set's facts is none; facts that were moved from are no such null, and the error says so.
inline admit_error_t *refused(const Facts *facts) noexcept {
  const bool is_moved_from = facts != nullptr && facts->get() == nullptr;
  return is_moved_from ? admit_facts_add_json(nullptr, "", 0, "", 0) : nullptr;
}

}  // namespace detail

/// One finding. Its texts live as long as the findings.
struct Finding {
  /// How bad it is.
  Severity severity = Severity::none;
  /// What it is, for programs: a stable name.
  std::string_view code;
  /// Id of the policy that is concerned, if one is.
  std::optional<std::string_view> policy;
  /// Where: a JSON pointer, empty for the whole document, or a file with line and column; none for a set
  /// from code.
  std::optional<std::string_view> path;
  /// What is wrong or doubtful.
  std::string_view problem;
  /// What to write instead; none where the problem says it.
  std::optional<std::string_view> instead;
  /// Where that is said; none for findings of a set.
  std::optional<std::string_view> source;
};

/// What was found, the worst first. Immutable, shared by threads.
class Findings {
 public:
  /// Takes over findings of C's.
  explicit Findings(admit_findings_t *findings) noexcept : findings_(findings) {}

  /// How many findings there are.
  std::size_t size() const noexcept { return admit_findings_count(findings_.get()); }

  /// A finding by its place, if there is one.
  std::optional<Finding> at(std::size_t index) const & noexcept {
    admit_finding_t found = ADMIT_FINDING_INIT;
    if (!admit_findings_get(findings_.get(), index, &found)) {
      return std::nullopt;
    }
    Finding finding;
    finding.severity = static_cast<Severity>(found.severity);
    finding.code = detail::view_or_empty(found.code);
    finding.policy = detail::view(found.policy);
    finding.path = detail::view(found.path);
    finding.problem = detail::view_or_empty(found.problem);
    finding.instead = detail::view(found.instead);
    finding.source = detail::view(found.source);
    return finding;
  }
  std::optional<Finding> at(std::size_t index) const && = delete;

 private:
  detail::Owner<admit_findings_t, admit_findings_free> findings_;
};

/// The request to send to Graph, as `application/json`. Its texts live as long as the report.
struct Resume {
  /// The HTTP method.
  std::string_view method;
  /// The path below Graph's host, with the version.
  std::string_view path;
  /// The body: the bytes to send.
  std::string_view body;
};

/// Why there is nothing to send. Its texts live as long as the report.
struct NoAnswer {
  /// Why, for programs.
  std::string_view code;
  /// Why, for people.
  std::string_view detail;
};

/// One policy's outcome. Its texts live as long as the report.
struct Outcome {
  /// Id of the policy.
  std::string_view policy;
  /// Which of the three.
  OutcomeKind kind = OutcomeKind::none;
  /// The verdict; none where there is none.
  Effect verdict = Effect::none;
  /// The fault; none where there is none.
  FaultCode fault = FaultCode::none;
  /// Why, for programs: the verdict's code, the fault's slug, or `stage` or `decided` for a policy that was
  /// not asked.
  std::string_view code;
  /// Why, for people; may be empty. Of a fault it is for the report and never part of an answer.
  std::string_view detail;
  /// What it read of the callout, JSON pointers into the canonical document; none where that was not kept.
  std::optional<std::vector<std::string_view>> reads;
};

/// How a report is written as JSON.
struct JsonOptions {
  /// With the values that policies were shown, of the callout and of facts.
  bool evidence = false;
  /// With the digests of texts and values in their place.
  bool redact = false;
};

/// What was decided for one callout, why, and what to send. Holds no WebAssembly, immutable, shared by
/// threads.
class Report {
 public:
  /// Takes over a report of C's.
  explicit Report(admit_report_t *report) noexcept : report_(report) {}

  /// What was decided; none where the callout is none that is evaluated, which is no approval. Whether there
  /// is an answer to send, `resume` says.
  Effect effect() const noexcept { return static_cast<Effect>(admit_report_effect(report_.get())); }

  /// What identifies the question, the same when the service asks again.
  std::string_view key() const & noexcept { return detail::view_or_empty(admit_report_key(report_.get())); }
  std::string_view key() const && = delete;

  /// The instant that policies saw.
  Instant now() const noexcept { return Instant(std::chrono::microseconds(admit_report_now_us(report_.get()))); }

  /// The request to send, of a denial as of an approval. None: nothing may be sent, and `no_answer` says
  /// why.
  std::optional<Resume> resume() const & noexcept {
    const std::optional<std::string_view> body = resume_body();
    if (!body) {
      return std::nullopt;
    }
    return Resume{detail::view_or_empty(admit_report_resume_method(report_.get())),
                  detail::view_or_empty(admit_report_resume_path(report_.get())), *body};
  }
  std::optional<Resume> resume() const && = delete;

  /// The body of the request alone, of a denial as of an approval. None: nothing may be sent.
  std::optional<std::string_view> resume_body() const & noexcept {
    return detail::view(admit_report_resume_body(report_.get()));
  }
  std::optional<std::string_view> resume_body() const && = delete;

  /// Why there is nothing to send; none where there is an answer.
  std::optional<NoAnswer> no_answer() const & noexcept {
    const std::optional<std::string_view> code = detail::view(admit_report_no_answer_code(report_.get()));
    if (!code) {
      return std::nullopt;
    }
    return NoAnswer{*code, detail::view_or_empty(admit_report_no_answer_detail(report_.get()))};
  }
  std::optional<NoAnswer> no_answer() const && = delete;

  /// How many policies the set has; 0 where the callout is none that is evaluated.
  std::size_t outcome_count() const noexcept { return admit_report_outcome_count(report_.get()); }

  /// What came of a policy, by its place in the set, if there is one.
  std::optional<Outcome> outcome(std::size_t index) const & {
    admit_outcome_t told = ADMIT_OUTCOME_INIT;
    if (!admit_report_outcome(report_.get(), index, &told)) {
      return std::nullopt;
    }
    Outcome outcome;
    outcome.policy = detail::view_or_empty(told.policy);
    outcome.kind = static_cast<OutcomeKind>(told.kind);
    outcome.verdict = static_cast<Effect>(told.verdict);
    outcome.fault = static_cast<FaultCode>(told.fault);
    outcome.code = detail::view_or_empty(told.code);
    outcome.detail = detail::view_or_empty(told.detail);
    if (told.reads != nullptr) {
      std::vector<std::string_view> &reads = outcome.reads.emplace();
      for (std::size_t read = 0; read < told.read_count; ++read) {
        reads.push_back(detail::view_or_empty(told.reads[read]));
      }
    }
    return outcome;
  }
  std::optional<Outcome> outcome(std::size_t index) const && = delete;

  /// The whole report as JSON text, the same bytes for the same inputs, as every other binding gives it.
  std::string_view json(JsonOptions options = {}) const & noexcept {
    const std::uint32_t flags = (options.evidence ? static_cast<std::uint32_t>(ADMIT_JSON_EVIDENCE) : 0) |
                                (options.redact ? static_cast<std::uint32_t>(ADMIT_JSON_REDACT) : 0);
    return detail::view_or_empty(admit_report_json(report_.get(), flags));
  }
  std::string_view json(JsonOptions options = {}) const && = delete;

  /// The handle, for functions of C; still this object's.
  const admit_report_t *get() const noexcept { return report_.get(); }

 private:
  detail::Owner<admit_report_t, admit_report_free> report_;
};

/// What differs at one stage.
struct StageOptions {
  /// Graph's name of the stage.
  std::string stage;
  /// What silence comes to there.
  WhenSilent when_silent = WhenSilent::deny;
  /// What a fault counts as there.
  OnFault on_fault = OnFault::deny;
};

/// What a set says beside its policies.
struct SetOptions {
  /// How outcomes combine.
  Rule rule = Rule::deny_overrides;
  /// What silence comes to.
  WhenSilent when_silent = WhenSilent::deny;
  /// What a fault counts as.
  OnFault on_fault = OnFault::deny;
  /// What differing approvers come to.
  JoinApprovers join_approvers = JoinApprovers::refuse;
  /// The version of Graph.
  Profile profile = Profile::v1;
  /// What differs at single stages.
  std::vector<StageOptions> stages;
  /// The definition of the custom extension that is answered for, in Graph's JSON. Default any.
  std::optional<std::string> extension;
  /// The id of the extension's catalog. Default any.
  std::optional<std::string> catalog;
  /// The facts that its policies may look up, each those that it is granted; none if null.
  const Facts *facts = nullptr;
};

/// What a set file does not say.
struct FileOptions {
  /// The facts that the file declares with `host = true`: each of them, and no others; none if null.
  const Facts *facts = nullptr;
  /// When the policies are configured.
  Prepare prepare = Prepare::snapshot;
  /// Leave the sources of facts alone: any lookup that is not in a record is a fault.
  bool without_sources = false;
};

/// How a callout is evaluated.
struct EvaluateOptions {
  /// The instant that policies see; one before the year 2000 is an error. Default: the system's clock.
  std::optional<Instant> now;
  /// Facts that an earlier report recorded, and no others: a view of its JSON text with evidence. Default:
  /// the set's own facts; an empty one is an error.
  std::optional<std::string_view> record;
  /// Do not keep what policies read of the callout. Decisions are the same.
  bool without_reads = false;
};

/// Policies in order and how they combine. Immutable, shared by threads.
class PolicySet {
 public:
  /// Loads a set from its file, `admit.toml`, with an engine of its own.
  static Result<PolicySet> from_file(std::string_view path, const FileOptions &options = {}) {
    if (admit_error_t *error = detail::refused(options.facts)) {
      return Error(error);
    }
    const admit_file_options_t block = file_block(options);
    admit_set_t *set = nullptr;
    admit_error_t *error = admit_set_from_file(path.data(), path.size(), &block, &set);
    return given(error, set);
  }

  /// Makes a set of policies that were loaded by this engine, in the order in which they are asked. `source`
  /// says who answers, for the audit log. Engine, policies and facts may end before the set does.
  static Result<PolicySet> create(const Engine &engine, std::string_view source,
                                  const std::vector<std::reference_wrapper<const Policy>> &policies,
                                  const SetOptions &options = {}) {
    if (admit_error_t *error = detail::refused(options.facts)) {
      return Error(error);
    }
    std::vector<const admit_policy_t *> handles;
    for (const Policy &policy : policies) {
      handles.push_back(policy.get());
    }
    std::vector<admit_stage_options_t> stages;
    for (const StageOptions &stage : options.stages) {
      stages.push_back({detail::str(std::string_view(stage.stage)),
                        static_cast<admit_when_silent_t>(stage.when_silent),
                        static_cast<admit_on_fault_t>(stage.on_fault)});
    }
    admit_set_options_t block = ADMIT_SET_OPTIONS_INIT;
    block.rule = static_cast<admit_rule_t>(options.rule);
    block.when_silent = static_cast<admit_when_silent_t>(options.when_silent);
    block.on_fault = static_cast<admit_on_fault_t>(options.on_fault);
    block.join_approvers = static_cast<admit_join_approvers_t>(options.join_approvers);
    block.profile = static_cast<admit_profile_t>(options.profile);
    block.stages = stages.data();
    block.stage_count = stages.size();
    block.extension = detail::str(options.extension);
    block.catalog = detail::str(options.catalog);
    block.facts = options.facts != nullptr ? options.facts->get() : nullptr;
    admit_set_t *set = nullptr;
    admit_error_t *error =
        admit_set_new(engine.get(), source.data(), source.size(), handles.data(), handles.size(), &block, &set);
    return given(error, set);
  }

  /// Finds everything that is wrong with a set file or, where nothing is, everything that is doubtful with
  /// its set. The set can be loaded where there is no finding of severity error.
  static Result<Findings> check_file(std::string_view path, const FileOptions &options = {}) {
    if (admit_error_t *error = detail::refused(options.facts)) {
      return Error(error);
    }
    const admit_file_options_t block = file_block(options);
    admit_findings_t *findings = nullptr;
    if (admit_error_t *error = admit_set_check_file(path.data(), path.size(), &block, &findings)) {
      return Error(error);
    }
    return Findings(findings);
  }

  /// Finds what is doubtful with the set: warnings and notes. Nothing is evaluated.
  Result<Findings> findings() const {
    admit_findings_t *findings = nullptr;
    if (admit_error_t *error = admit_set_findings(set_.get(), &findings)) {
      return Error(error);
    }
    return Findings(findings);
  }

  /// Evaluates a callout, the payload as it was received: asks every policy that answers its stage, each in a
  /// fresh instance, and combines what they say. What goes wrong in a policy or in its facts is a fault in
  /// the report, which denies or withholds, and no error.
  Result<Report> evaluate(Bytes callout, const EvaluateOptions &options = {}) const {
    admit_evaluate_options_t block = ADMIT_EVALUATE_OPTIONS_INIT;
    if (options.now) {
      const std::int64_t now = options.now->time_since_epoch().count();
      // 0 would be the clock, and is refused as what is before 2000.
      block.now_us = now != 0 ? now : INT64_MIN;
    }
    const admit_str_t record = detail::str(options.record);
    block.record = options.record ? &record : nullptr;
    block.without_reads = options.without_reads ? 1 : 0;
    admit_report_t *report = nullptr;
    if (admit_error_t *error = admit_evaluate(set_.get(), callout.data(), callout.size(), &block, &report)) {
      return Error(error);
    }
    return Report(report);
  }

  /// The handle, for functions of C; still this object's.
  const admit_set_t *get() const noexcept { return set_.get(); }

 private:
  static admit_file_options_t file_block(const FileOptions &options) noexcept {
    admit_file_options_t block = ADMIT_FILE_OPTIONS_INIT;
    block.facts = options.facts != nullptr ? options.facts->get() : nullptr;
    block.prepare = static_cast<admit_prepare_t>(options.prepare);
    block.without_sources = options.without_sources ? 1 : 0;
    return block;
  }

  static Result<PolicySet> given(admit_error_t *error, admit_set_t *set) {
    if (error != nullptr) {
      return Error(error);
    }
    return PolicySet(set);
  }

  explicit PolicySet(admit_set_t *set) noexcept : set_(set) {}
  detail::Owner<admit_set_t, admit_set_free> set_;
};

/// Says what is wrong with a document before it is sent.
inline Result<Findings> lint(Bytes document, LintAs kind) {
  admit_findings_t *findings = nullptr;
  if (admit_error_t *error =
          admit_lint(document.data(), document.size(), static_cast<admit_lint_as_t>(kind), &findings)) {
    return Error(error);
  }
  return Findings(findings);
}

/// What a document says that it is; a resume body where it says nothing.
inline LintAs lint_detect(Bytes document) noexcept {
  return static_cast<LintAs>(admit_lint_detect(document.data(), document.size()));
}

}  // namespace with_exceptions or without_exceptions
}  // namespace admit

#endif  // ADMIT_HPP
