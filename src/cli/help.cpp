// SPDX-License-Identifier: MIT
#include "cli/help.hpp"

#include <taskworker/strategy.h>

#include <boost/version.hpp>

#include "cli/option_table.hpp"
#include "metrics/allocator.hpp"
#include "strategy/text.hpp"
#include "strategy/version.hpp"

namespace taskworker::cli {
namespace {

constexpr char introduction[] =
    "Runs background tasks through a strategy, a shared library, and shows what that\n"
    "does to the machine.\n"
    "\n"
    "  taskworker --strategy=bad:problems=leak --tasks=1000 --duration=5s\n"
    "  taskworker --strategy=./mine.so --tasks=100000 --duration=0 --report=json\n"
    "  taskworker compare bad optimized        which is better: compare --help\n"
    "  taskworker check ./mine.so              does it keep the rules: check --help\n";

constexpr char ending[] =
    "\n"
    "man taskworker tells more: task files, endpoints, signals, exit codes. How to\n"
    "write a strategy: strategies/template/README.md in the source.\n";

std::string left_column(const option_spec &option) {
  const std::string name = "  --" + option.name;
  return option.is_switch() ? name : name + "=" + option.value_name;
}

std::string boost_version() {
  return std::to_string(BOOST_VERSION / 100'000) + "." +
         std::to_string(BOOST_VERSION / 100 % 1'000) + "." + std::to_string(BOOST_VERSION % 100);
}

}  // namespace

std::string describe_groups(const std::vector<option_group> &groups) {
  constexpr std::size_t indent = 26;
  std::string text;
  for (const auto &group : groups) {
    text += "\n" + group.title + "\n";
    for (const auto &option : group.options) {
      text += strategy::row(left_column(option), option.help, indent);
    }
  }
  return text;
}

std::string help_text() { return introduction + describe_groups(option_groups()) + ending; }

std::string version_text() {
  return std::string("taskworker ") + strategy::program_version + " (" +
         strategy::program_revision + ")\n" + "compiler            " + strategy::program_compiler +
         ", " + strategy::program_build_type + "\n" + "strategy interface  " +
         std::to_string(TASKWORKER_ABI_MAJOR) + "." + std::to_string(TASKWORKER_ABI_MINOR) + "\n" +
         "allocator           " + metrics::allocator_name() + "\n" + "Boost               " +
         boost_version() + "\n";
}

}  // namespace taskworker::cli
