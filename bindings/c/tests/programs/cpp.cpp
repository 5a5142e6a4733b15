// `cpp COMPONENT SET CALLOUT DATABASE NOW_US`: everything of admit.hpp once, with the component of the stock policy
// seat-budget. Compiled with and without exceptions.

#include <admit.hpp>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

namespace {

int wrong = 0;

void expect(bool holds, const char *what) {
  if (!holds) {
    ++wrong;
    std::fprintf(stderr, "%s\n", what);
  }
}

template <class T>
constexpr bool is_moved_only = std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T> &&
                               !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;
static_assert(is_moved_only<admit::Engine> && is_moved_only<admit::Error> && is_moved_only<admit::Facts>);
static_assert(is_moved_only<admit::Findings> && is_moved_only<admit::Policy> && is_moved_only<admit::PolicySet>);
static_assert(is_moved_only<admit::Report> && is_moved_only<admit::Result<admit::Report>>);

// A denial must not count as true, and that it could be evaluated not as an approval.
template <class T>
constexpr bool is_condition = std::is_constructible_v<bool, T>;
static_assert(!is_condition<admit::Effect> && !is_condition<admit::Report> && !is_condition<admit::Outcome>);
static_assert(!is_condition<admit::Result<admit::Report>> && !is_condition<admit::Result<void>>);

// A lookup cannot say nothing, and a report is made of a handle on purpose alone.
static_assert(!std::is_default_constructible_v<admit::Fact>);
static_assert(!std::is_convertible_v<admit_report_t *, admit::Report>);

// A view of a temporary object would outlive it, and does not compile.
#define TEMPORARIES_GIVE_NO(name, call)                                                     \
  template <class T, class = void>                                                          \
  constexpr bool name##_gives = false;                                                      \
  template <class T>                                                                        \
  constexpr bool name##_gives<T, std::void_t<decltype(std::declval<T>().call)>> = true
TEMPORARIES_GIVE_NO(message, message());
TEMPORARIES_GIVE_NO(policy, policy());
TEMPORARIES_GIVE_NO(path, path());
TEMPORARIES_GIVE_NO(sha256, sha256());
TEMPORARIES_GIVE_NO(at, at(0));
TEMPORARIES_GIVE_NO(key, key());
TEMPORARIES_GIVE_NO(resume, resume());
TEMPORARIES_GIVE_NO(resume_body, resume_body());
TEMPORARIES_GIVE_NO(no_answer, no_answer());
TEMPORARIES_GIVE_NO(outcome, outcome(0));
TEMPORARIES_GIVE_NO(json, json());
TEMPORARIES_GIVE_NO(member, operator->());
#undef TEMPORARIES_GIVE_NO
#define KEPT_ALONE(name, type) static_assert(name##_gives<type &> && !name##_gives<type> && !name##_gives<const type>)
KEPT_ALONE(message, admit::Error);
KEPT_ALONE(policy, admit::Error);
KEPT_ALONE(path, admit::Error);
KEPT_ALONE(sha256, admit::Policy);
KEPT_ALONE(at, admit::Findings);
KEPT_ALONE(key, admit::Report);
KEPT_ALONE(resume, admit::Report);
KEPT_ALONE(resume_body, admit::Report);
KEPT_ALONE(no_answer, admit::Report);
KEPT_ALONE(outcome, admit::Report);
KEPT_ALONE(json, admit::Report);
KEPT_ALONE(member, admit::Result<admit::Report>);
#undef KEPT_ALONE
static_assert(std::is_same_v<decltype(std::declval<admit::Result<void>>().error()), admit::Error>);
static_assert(std::is_same_v<decltype(std::declval<admit::Result<admit::Report>>().error()), admit::Error>);

std::string load(const char *path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

template <class T>
void fails(const admit::Result<T> &result, admit::ErrorCode code, std::string_view says) {
  const admit::Error &error = result.error();
  if (result.ok() || error.code() != code || !has(error.message(), says)) {
    ++wrong;
    std::fprintf(stderr, "expected %u: %.*s\nfound %.*s\n", static_cast<unsigned>(code), static_cast<int>(says.size()),
                 says.data(), static_cast<int>(error.message().size()), error.message().data());
  }
}

constexpr std::string_view package = "0d000001-0007-400e-a014-d13244aa029e";

// Counts how many of it there are, so that each ends once.
struct Counted {
  explicit Counted(std::atomic<int> &alive) : alive(&alive) { ++alive; }
  Counted(Counted &&other) noexcept : alive(std::exchange(other.alive, nullptr)) {}
  Counted(const Counted &) = delete;
  ~Counted() {
    if (alive != nullptr) {
      --*alive;
    }
  }
  std::atomic<int> *alive;
};

admit::PolicyOptions seats_granted() {
  admit::PolicyOptions options;
  options.settings = "{\"packages\":[\"" + std::string(package) + "\"]}";
  options.facts = {"seats"};
  options.prepare = admit::Prepare::each_time;
  options.limits.deadline = std::chrono::seconds(20);
  return options;
}

void errors(const admit::Engine &engine, const std::string &component) {
  admit::Limits limits;
  limits.concurrency = 5000;
  fails(admit::Engine::create(limits), admit::ErrorCode::set, "concurrency");
  limits.concurrency = 0;
  limits.deadline = std::chrono::milliseconds(-1);
  fails(admit::Engine::create(limits), admit::ErrorCode::set, "deadline");

  admit::PolicyOptions options = seats_granted();
  options.sha256 = "00";
  fails(admit::Policy::from_bytes(engine, "one", component, options), admit::ErrorCode::policy_pin, "one");
  options.sha256 = "";
  fails(admit::Policy::from_bytes(engine, "one", component, options), admit::ErrorCode::argument, "sha256: no text");
  options = seats_granted();
  options.stages.emplace();
  fails(admit::Policy::from_bytes(engine, "one", component, options), admit::ErrorCode::set, "stages");
  options.stages->push_back("assignmentRequestMade");
  fails(admit::Policy::from_bytes(engine, "one", component, options), admit::ErrorCode::set, "assignmentRequestMade");
  options = seats_granted();
  options.settings = "";
  fails(admit::Policy::from_bytes(engine, "one", component, options), admit::ErrorCode::policy_settings, "settings");

  const auto missing = admit::Policy::from_file(engine, "one", "no such file");
  fails(missing, admit::ErrorCode::policy_file, "no such file");
  expect(missing.error().policy() == "one", "the policy of an error");
  const auto set = admit::PolicySet::from_file("no such file");
  fails(set, admit::ErrorCode::set_file, "no such file");
  expect(!set.error().policy(), "no policy");
  const admit::Error none;
  expect(none.code() == admit::ErrorCode::none && none.message().empty(), "no error");
  expect(slug(admit::ErrorCode::policy_pin) == "policy-pin" && slug(admit::FaultCode::deadline) == "deadline", "slugs");
  expect(slug(static_cast<admit::ErrorCode>(7)).empty(), "no code");

  // What was moved from is NULL.
  auto first = admit::Engine::create();
  const admit::Engine taken = std::move(first).value();
  fails(admit::Policy::from_bytes(first.value(), "one", component), admit::ErrorCode::argument, "engine: NULL");
  auto facts = admit::Facts::create();
  const admit::Facts kept = std::move(facts).value();
  fails(facts->add_json("seats", "{}"), admit::ErrorCode::argument, "facts: NULL");
  admit::SetOptions of_set;
  of_set.facts = &facts.value();
  const admit::Policy policy = admit::Policy::from_bytes(engine, "one", component, seats_granted()).value();
  fails(admit::PolicySet::create(engine, "C", {policy}, of_set), admit::ErrorCode::argument, "facts: NULL");
  admit::FileOptions of_file;
  of_file.facts = &facts.value();
  fails(admit::PolicySet::from_file("no such file", of_file), admit::ErrorCode::argument, "facts: NULL");
  fails(admit::PolicySet::check_file("no such file", of_file), admit::ErrorCode::argument, "facts: NULL");
}

// Evaluates with a lookup, and gives what came of the policy.
template <class Lookup>
admit::Outcome asked(const admit::Engine &engine, const std::string &component, const std::string &callout,
                     Lookup lookup, std::string &kept) {
  admit::Facts facts = admit::Facts::create().value();
  expect(facts.add("seats", std::move(lookup)).ok(), "a callable");
  admit::SetOptions options;
  options.facts = &facts;
  const admit::Policy policy = admit::Policy::from_bytes(engine, "one", component, seats_granted()).value();
  const admit::PolicySet set = admit::PolicySet::create(engine, "C", {policy}, options).value();
  const admit::Report report = set.evaluate(callout).value();
  admit::Outcome outcome = report.outcome(0).value();
  expect(outcome.policy == "one" && !report.outcome(1) && report.outcome_count() == 1, "one outcome");
  expect((report.effect() == admit::Effect::approve) == (outcome.verdict == admit::Effect::approve), "the decision");
  kept = outcome.detail;
  outcome.policy = outcome.code = outcome.detail = {};
  outcome.reads.reset();
  return outcome;
}

void facts(const admit::Engine &engine, const std::string &component, const std::string &callout,
           const std::string &database) {
  using std::chrono::milliseconds;
  std::atomic<int> alive = 0;
  std::string detail;
  const auto ask = [&](auto lookup) { return asked(engine, component, callout, std::move(lookup), detail); };

  admit::Outcome outcome = ask([held = Counted(alive), key_is_right = false](std::string_view key,
                                                                            milliseconds remaining) mutable {
    key_is_right = key == package && remaining.count() > 0 && remaining <= std::chrono::seconds(20);
    return admit::Fact::json(key_is_right ? "{\"used\":1,\"bought\":120}" : "no");
  });
  expect(outcome.kind == admit::OutcomeKind::verdict && outcome.verdict == admit::Effect::approve, "approved");
  expect(alive == 0, "a callable ends with its set");

  outcome = ask([](std::string_view, milliseconds) { return admit::Fact::none(); });
  expect(outcome.kind == admit::OutcomeKind::verdict && outcome.verdict == admit::Effect::deny, "no seats are known");

  outcome = ask([](std::string_view, milliseconds) { return admit::Fact::error("the service is down"); });
  expect(outcome.fault == admit::FaultCode::facts && has(detail, "the service is down"), "a failure");
  expect(outcome.verdict == admit::Effect::none, "no verdict");

  outcome = ask([](std::string_view, milliseconds) { return admit::Fact::json("{"); });
  expect(outcome.fault == admit::FaultCode::facts, "not JSON");

#if ADMIT_HAS_EXCEPTIONS
  outcome = ask([](std::string_view, milliseconds) -> admit::Fact { throw std::runtime_error("thrown"); });
  expect(outcome.fault == admit::FaultCode::facts && has(detail, "thrown"), "an exception is a failure");
  outcome = ask([](std::string_view, milliseconds) -> admit::Fact { throw 7; });
  expect(outcome.fault == admit::FaultCode::facts && has(detail, "no std::exception"), "a number that is thrown");
  outcome = ask([](std::string_view, milliseconds) -> admit::Fact { throw std::runtime_error("\xff"); });
  expect(outcome.fault == admit::FaultCode::facts, "an exception whose text is not UTF-8");
#endif

  // A function, and an object that is only moved, are callables, too.
  admit::Facts facts = admit::Facts::create().value();
  expect(facts.add("one", +[](std::string_view, milliseconds) { return admit::Fact::none(); }).ok(), "a function");
  fails(facts.add("\xff", [held = Counted(alive)](std::string_view, milliseconds) { return admit::Fact::none(); }),
        admit::ErrorCode::argument, "collection: not UTF-8");
  expect(alive == 0, "a callable ends with the error");
  expect(facts.add("one", [held = Counted(alive)](std::string_view, milliseconds) { return admit::Fact::none(); }).ok(),
         "another one");
  expect(alive == 1, "a callable is kept");
  expect(facts.add_json("one", "{\"a\":1}").ok() && alive == 0, "a callable that is replaced ends");
  fails(facts.add_json("one", "[]"), admit::ErrorCode::fact_source, "object");
  fails(facts.add_json_file("one", "no such file"), admit::ErrorCode::fact_source, "no such file");
  expect(facts.add_sqlite("two", database, "select ?1 as one", {"one"}).ok(), "a database");
  fails(facts.add_sqlite("two", database, "select ?1 as one", {"other"}), admit::ErrorCode::fact_source, "other");
}

void reports(const admit::PolicySet &set, const std::string &callout, std::int64_t now_us) {
  admit::EvaluateOptions options;
  options.now = admit::Instant(std::chrono::microseconds(now_us));
  auto evaluated = set.evaluate(callout, options);
  expect(evaluated.ok() && evaluated.error().code() == admit::ErrorCode::none, "evaluated");
  const admit::Report report = std::move(evaluated).value();
  expect(report.effect() == admit::Effect::cancel, "cancelled");
  expect(report.now() == options.now, "the instant");
  expect(report.key().size() == 73, "the key");
  const admit::Resume resume = report.resume().value();
  expect(resume.method == "POST" && has(resume.path, "/v1.0/") && has(resume.body, "canceled"), "the request");
  expect(resume.body == report.resume_body() && !report.no_answer(), "an answer, and not why there is none");
  const admit::Outcome first = report.outcome(0).value();
  expect(first.kind == admit::OutcomeKind::verdict && first.verdict == admit::Effect::approve, "the first outcome");
  expect(first.reads && !first.reads->empty() && first.reads->front().front() == '/', "reads");
  const admit::Outcome last = report.outcome(report.outcome_count() - 1).value();
  expect(last.kind == admit::OutcomeKind::skipped && last.code == "stage", "the last outcome");
  expect(report.json() == std::string_view(report.json()) && report.json().front() == '{', "JSON");
  expect(report.json({true, false}).size() > report.json().size(), "evidence");
  expect(report.json({false, true}) != report.json(), "redacted");

  // From the record; bytes of any kind.
  options.record = report.json({true, false});
  const std::vector<std::uint8_t> bytes(callout.begin(), callout.end());
  const auto again = set.evaluate(bytes, options);
  expect(again.ok(), "from the record");
  options.record = "";
  fails(set.evaluate(callout, options), admit::ErrorCode::argument, "record: no text");
  options.record.reset();
  options.without_reads = true;
  const admit::Report unread = set.evaluate(admit::Bytes(callout.data(), callout.size()), options).value();
  expect(!unread.outcome(0)->reads && unread.resume_body() == report.resume_body(), "reads that are not kept");
  options.now = admit::Instant();
  fails(set.evaluate(callout, options), admit::ErrorCode::argument, "now_us");

  fails(set.evaluate(std::string_view()), admit::ErrorCode::callout_syntax, "");
  fails(set.evaluate(std::string_view("{}")), admit::ErrorCode::callout_missing, "");

  // Texts stay where they are when the report moves; what was moved from says nothing.
  auto moved = set.evaluate(callout).value();
  const std::string_view key = moved.key();
  const admit::Report there = std::move(moved);
  expect(key.data() == there.key().data(), "texts move with their report");
  expect(moved.effect() == admit::Effect::none && !moved.resume() && moved.key().empty(), "moved from");  // NOLINT
  expect(moved.outcome_count() == 0 && !moved.outcome(0) && moved.json().empty(), "moved from");          // NOLINT

  std::array<std::thread, 4> threads;
  std::atomic<int> same = 0;
  for (std::thread &thread : threads) {
    thread = std::thread([&] {
      admit::EvaluateOptions at;
      at.now = report.now();
      const admit::Report other = set.evaluate(callout, at).value();
      same += other.json() == report.json();
    });
  }
  for (std::thread &thread : threads) {
    thread.join();
  }
  expect(same == 4, "threads");
}

void findings(const admit::PolicySet &set, const char *path, const std::string &callout) {
  expect(set.findings().value().size() > 0, "findings of a set");
  const admit::Findings checked = admit::PolicySet::check_file(path).value();
  const admit::Finding finding = checked.at(0).value();
  expect(finding.severity == admit::Severity::note && !finding.code.empty() && !finding.problem.empty(), "a finding");
  expect(finding.path && !finding.source && !checked.at(checked.size()), "of a file");
  admit::FileOptions options;
  options.without_sources = true;
  options.prepare = admit::Prepare::each_time;
  const admit::Findings none = admit::PolicySet::check_file("no such file", options).value();
  expect(none.at(0)->severity == admit::Severity::error, "no file");

  expect(admit::lint_detect(callout) == admit::LintAs::callout, "a callout");
  expect(admit::lint(callout, admit::LintAs::callout).value().size() == 0, "nothing found");
  const admit::Findings linted = admit::lint(std::string_view("{}"), admit::LintAs::resume).value();
  expect(linted.size() > 0 && linted.at(0)->severity == admit::Severity::error, "found");
  fails(admit::lint(callout, static_cast<admit::LintAs>(7)), admit::ErrorCode::argument, "kind");
}

void stages(const admit::Engine &engine, const std::string &component, const std::string &callout) {
  // Facts are looked up and there are none: a fault, which is withheld at this stage and denied elsewhere.
  admit::Facts none = admit::Facts::create().value();
  expect(none.add("seats", [](std::string_view, std::chrono::milliseconds) { return admit::Fact::error("no"); }).ok(),
         "a failure");
  admit::SetOptions options;
  options.rule = admit::Rule::unanimous;
  options.on_fault = admit::OnFault::deny;
  options.stages.push_back({"assignmentRequestCreated", admit::WhenSilent::deny, admit::OnFault::withhold});
  options.facts = &none;
  const admit::Policy policy = admit::Policy::from_bytes(engine, "one", component, seats_granted()).value();
  expect(policy.sha256().size() == 64, "a digest");
  const admit::PolicySet set = admit::PolicySet::create(engine, "C", {policy}, options).value();
  const admit::Report report = set.evaluate(callout).value();
  expect(report.effect() == admit::Effect::withhold && !report.resume() && !report.resume_body(), "withheld");
  expect(report.no_answer() && !report.no_answer()->code.empty() && !report.no_answer()->detail.empty(), "why");

  options.extension = "{}";
  fails(admit::PolicySet::create(engine, "C", {policy}, options), admit::ErrorCode::graph_object, "");
  options.extension.reset();
  options.join_approvers = static_cast<admit::JoinApprovers>(9);
  fails(admit::PolicySet::create(engine, "C", {policy}, options), admit::ErrorCode::argument, "join_approvers: 9");
  fails(admit::PolicySet::create(engine, "C", {}, {}), admit::ErrorCode::set, "policies");

  // Handles of C's go in and out.
  admit_report_t *raw = nullptr;
  expect(admit_evaluate(set.get(), reinterpret_cast<const std::uint8_t *>(callout.data()), callout.size(), nullptr,
                        &raw) == nullptr,
         "C");
  const admit::Report owned(raw);
  expect(owned.get() == raw && owned.effect() == admit::Effect::withhold, "C's report");
}

#if ADMIT_HAS_EXCEPTIONS
void throws() {
  auto none = admit::PolicySet::from_file("no such file");
  bool thrown = false;
  try {
    const admit::PolicySet set = std::move(none).value();
  } catch (const std::runtime_error &error) {
    thrown = has(error.what(), "no such file");
  }
  expect(thrown && !none.ok(), "value throws");  // NOLINT
  thrown = false;
  auto failed = admit::Facts::create().value().add_json("one", "[]");
  try {
    failed.value();
  } catch (const admit::Exception &exception) {
    const admit::Exception copy = exception;
    thrown = copy.error().code() == admit::ErrorCode::fact_source;
  }
  expect(thrown && !failed.ok(), "what was not done stays undone");
}
#endif

}  // namespace

int main(int argc, char **argv) {
  if (argc != 6) {
    return 2;
  }
  const std::string component = load(argv[1]);
  const std::string callout = load(argv[3]);
  expect(admit::abi_check() && admit::version() == ADMIT_VERSION, "the version");
  admit::Limits limits;
  limits.concurrency = 4;
  const admit::Engine engine = admit::Engine::create(limits).value();
  errors(engine, component);
  facts(engine, component, callout, argv[4]);
  stages(engine, component, callout);
  const admit::PolicySet set = admit::PolicySet::from_file(argv[2]).value();
  reports(set, callout, std::strtoll(argv[5], nullptr, 10));
  findings(set, argv[2], callout);
#if ADMIT_HAS_EXCEPTIONS
  throws();
#endif
  return wrong == 0 ? 0 : 1;
}
