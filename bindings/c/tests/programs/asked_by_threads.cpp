// `asked_by_threads COMPONENT CALLOUT`: eight threads evaluate one set whose facts come from one callable, and the last
// of them ends it, with the component of the stock policy seat-budget.

#include <admit.hpp>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>
#include <vector>

namespace {

constexpr int thread_count = 8;
constexpr int times = 25;

std::string load(const char *path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

// What the callable keeps; it says when it ends.
struct Kept {
  std::atomic<int> asked = 0;
  std::atomic<int> &ended;
  explicit Kept(std::atomic<int> &ended) : ended(ended) {}
  ~Kept() { ++ended; }
};

admit::PolicySet made(const std::string &component, std::shared_ptr<Kept> kept) {
  admit::Facts facts = admit::Facts::create().value();
  const auto seats = [kept = std::move(kept)](std::string_view, std::chrono::milliseconds) {
    const bool is_even = kept->asked.fetch_add(1) % 2 == 0;
    return is_even ? admit::Fact::json(R"({"used":1,"bought":120})") : admit::Fact::error("odd");
  };
  facts.add("seats", seats).value();
  admit::Limits limits;
  limits.concurrency = 4;
  limits.deadline = std::chrono::seconds(60);
  admit::PolicyOptions options;
  options.settings = R"({"packages":["0d000001-0007-400e-a014-d13244aa029e"]})";
  options.facts = {"seats"};
  admit::SetOptions set_options;
  set_options.facts = &facts;
  const admit::Engine engine = admit::Engine::create(limits).value();
  const admit::Policy policy = admit::Policy::from_bytes(engine, "one", component, options).value();
  return admit::PolicySet::create(engine, "C", {policy}, set_options).value();
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    return 2;
  }
  const std::string component = load(argv[1]);
  const std::string callout = load(argv[2]);
  std::atomic<int> approved = 0;
  std::atomic<int> faults = 0;
  std::atomic<int> ended = 0;
  auto kept = std::make_shared<Kept>(ended);
  const std::weak_ptr<Kept> seen = kept;
  auto set = std::make_shared<const admit::PolicySet>(made(component, std::move(kept)));
  std::vector<std::thread> threads;
  for (int index = 0; index < thread_count; ++index) {
    threads.emplace_back([&approved, &faults, &callout, set] {
      for (int time = 0; time < times; ++time) {
        const admit::Report report = set->evaluate(callout).value();
        approved += report.effect() == admit::Effect::approve;
        faults += report.outcome(0)->fault == admit::FaultCode::facts && report.effect() == admit::Effect::deny;
      }
    });
  }
  set.reset();
  for (std::thread &thread : threads) {
    thread.join();
  }
  const int half = thread_count * times / 2;
  if (approved != half || faults != half || ended != 1 || !seen.expired()) {
    std::fprintf(stderr, "%d approved, %d faults, ended %d times\n", approved.load(), faults.load(), ended.load());
    return 1;
  }
  return 0;
}
