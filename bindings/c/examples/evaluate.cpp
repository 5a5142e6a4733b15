// Evaluates a callout: `evaluate SET CALLOUT [NOW_US]` prints the body to send to Graph.

#include <admit.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

int main(int argc, char **argv) {
  if (argc < 3) {
    std::cerr << "usage: evaluate SET CALLOUT [NOW_US]\n";
    return 2;
  }
  if (!admit::abi_check()) {
    std::cerr << "evaluate: needs libadmit " << ADMIT_VERSION << ", found " << admit::version() << '\n';
    return 1;
  }
  std::ifstream file(argv[2], std::ios::binary);
  const std::string callout((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());

  auto set = admit::PolicySet::from_file(argv[1]);
  if (!set.ok()) {
    std::cerr << "evaluate: " << set.error().message() << '\n';
    return 1;
  }
  admit::EvaluateOptions options;
  if (argc > 3) {
    options.now = admit::Instant(std::chrono::microseconds(std::strtoll(argv[3], nullptr, 10)));
  }
  auto evaluated = set->evaluate(callout, options);
  if (!evaluated.ok()) {
    std::cerr << "evaluate: " << evaluated.error().message() << '\n';
    return 1;
  }

  const admit::Report &report = evaluated.value();
  if (const auto body = report.resume_body()) {  // To be sent, whether it approves or denies.
    std::cout << *body << '\n';
    return 0;
  }
  std::cerr << "nothing to send: " << report.no_answer()->detail << '\n';
  return 3;
}
