// SPDX-License-Identifier: MIT
// --strategy and --strategy-opt, line by line: the first is the word. What is read of it is
// checked against declared options of each type.
#include "strategy/word.hpp"

#include <string>
#include <string_view>

#include "expect.hpp"
#include "strategy/options.hpp"

namespace {

using namespace taskworker::strategy;

constexpr const char *choices[] = {"leak", "capacity", "alloc", nullptr};
constexpr taskworker_option declared[] = {
    {"text", "any", "", nullptr, 0, 0, TASKWORKER_OPTION_TEXT, 0},
    {"flag", "on or off", "true", nullptr, 0, 0, TASKWORKER_OPTION_FLAG, 0},
    {"keep", "a number", "0", nullptr, -5, 1000, TASKWORKER_OPTION_INTEGER, 0},
    {"mode", "one", "leak", choices, 0, 0, TASKWORKER_OPTION_CHOICE, 0},
    {"problems", "some", "none", choices, 0, 0, TASKWORKER_OPTION_SET, 0},
};

void check(const word &read) {
  expect(!read.target.empty(), "a target");
  expect(read.is_path() || is_name(read.target), "a path or a name");
  for (const auto &option : read.options) expect(is_name(option.name), "options have names");
  const auto resolved = resolve_options({declared, std::size(declared)}, read.options, "mine");
  expect(resolved.size() == std::size(declared), "a value for each option");
  for (std::size_t i = 0; i < resolved.size(); ++i) {
    expect(resolved[i].name == declared[i].name, "in their order");
    expect(allows(declared[i], resolved[i].value), "each allowed");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char *>(data), size);
  const auto next_line = [&] {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
  };
  try {
    auto read = parse_word(next_line());
    while (!rest.empty()) read.options.push_back(parse_option(next_line()));
    check(read);
  } catch (const word_error &error) {
    expect(*error.what() != '\0', "a refusal says why");
  }
  return 0;
}
