// One set, eight threads: `threads SET CALLOUT NOW_US`. Every thread evaluates the callout a hundred times, and all
// reports are the same bytes. Errors are exceptions here.

#include <admit.hpp>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr int thread_count = 8;
constexpr int times = 100;

// Counts reports that differ from the first, which all threads read at once.
void work(const admit::PolicySet &set, const std::string &callout, const admit::Report &first,
          std::atomic<int> &different) {
  admit::EvaluateOptions options;
  options.now = first.now();
  for (int time = 0; time < times; ++time) {
    const admit::Report report = set.evaluate(callout, options).value();
    if (report.json({true, false}) != first.json({true, false})) {
      ++different;
    }
  }
}

int run(char **argv) {
  std::ifstream file(argv[2], std::ios::binary);
  const std::string callout((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const admit::PolicySet set = admit::PolicySet::from_file(argv[1]).value();
  admit::EvaluateOptions options;
  options.now = admit::Instant(std::chrono::microseconds(std::strtoll(argv[3], nullptr, 10)));
  const admit::Report first = set.evaluate(callout, options).value();

  std::atomic<int> different = 0;
  std::vector<std::thread> threads;
  for (int index = 0; index < thread_count; ++index) {
    threads.emplace_back([&] { work(set, callout, first, different); });
  }
  for (std::thread &thread : threads) {
    thread.join();
  }
  std::cout << thread_count * times << " reports, " << different << " different\n";
  return different == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 4) {
    std::cerr << "usage: threads SET CALLOUT NOW_US\n";
    return 2;
  }
  try {
    return run(argv);
  } catch (const admit::Exception &exception) {
    std::cerr << "threads: " << exception.what() << '\n';
    return 1;
  }
}
