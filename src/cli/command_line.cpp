// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"

#include <algorithm>
#include <string_view>

#include "cli/check_line.hpp"
#include "cli/compare_line.hpp"
#include "cli/config_file.hpp"
#include "cli/help.hpp"
#include "cli/option_table.hpp"
#include "cli/output_file.hpp"
#include "cli/words.hpp"
#include "strategy/text.hpp"

namespace taskworker::cli {
namespace {

[[noreturn]] void refuse_word(const std::string &word) {
  if (word == "compare") {
    throw usage_error(
        "'compare' comes first, its options after it: taskworker compare bad optimized");
  }
  if (word == "check") {
    throw usage_error("'check' comes first, its options after it: taskworker check optimized");
  }
  const std::vector<std::string> commands{"compare", "check"};
  throw usage_error("unexpected word '" + word + "'" + strategy::did_you_mean(word, commands) +
                    "; options begin with --, a strategy is named by --strategy=NAME");
}

// ---- From settings to a command ----------------------------------------------------

std::vector<setting> read_file(const std::string &path) {
  auto settings = read_config_file(path);
  for (const auto &given : settings) {
    const auto *option = find_option(option_groups(), given.name);
    const std::string place =
        given.value.where.substr(0, given.value.where.size() - given.name.size());
    if (option == nullptr) {
      throw usage_error(place + "unknown option '" + given.name + "'" +
                        suggest_option(option_groups(), given.name, "") + "; --help shows all");
    }
    if (option->apply == nullptr) {
      throw usage_error(place + "'" + given.name + "' can be given on the command line only");
    }
  }
  check_repeats(settings, option_groups());
  return settings;
}

bool holds_over(const std::vector<setting> &words, const setting &from_file) {
  const bool is_for_other_strategy =
      from_file.name == "strategy-opt" && find(words, "strategy") != nullptr;
  return is_for_other_strategy || find(words, from_file.name) != nullptr;
}

void apply(run_config &config, const setting &given) {
  const auto *option = find_option(option_groups(), given.name);
  if (option->apply != nullptr) option->apply(config, given.value);
}

run_config make_config(const std::vector<setting> &words) {
  run_config config;
  if (const auto *file = find(words, "config")) {
    for (const auto &given : read_file(file->value.text)) {
      if (!holds_over(words, given)) apply(config, given);
    }
  }
  for (const auto &given : words) apply(config, given);
  return config;
}

// With nothing checked, all would seem to be as expected.
void check_verified(const run_config &config) {
  const bool is_asked = !config.results.empty() || !config.expect.empty();
  if (!is_asked || config.verify != verify_mode::none) return;
  throw usage_error(
      "--results and --expect are about results that are checked, and --verify=none checks none; "
      "--verify=all checks all");
}

probe_command make_probe(const given_value &given) {
  auto target = http::parse_probe_url(given.text);
  if (!target) refuse(given, "an address such as http://127.0.0.1:9090/readyz");
  return {given.text, std::move(*target)};
}

}  // namespace

command parse(int argc, const char *const *argv) {
  if (argc > 1 && std::string_view(argv[1]) == "compare") return parse_compare(argc - 1, argv + 1);
  if (argc > 1 && std::string_view(argv[1]) == "check") return parse_check(argc - 1, argv + 1);
  // Before its options, which may be those of the command that was meant.
  if (argc > 1 && argv[1][0] != '-') refuse_word(argv[1]);
  const auto line = split_words(argc, argv, option_groups());
  if (!line.words.empty()) refuse_word(line.words.front());
  const auto &words = line.settings;
  if (find(words, "help") != nullptr) return print_command{help_text()};
  if (find(words, "version") != nullptr) return print_command{version_text()};
  if (const auto *url = find(words, "probe")) return make_probe(url->value);

  run_config config = make_config(words);
  if (find(words, "list") != nullptr) return list_command{std::move(config.strategy_dirs)};
  if (find(words, "doctor") != nullptr) {
    return doctor_command{std::move(config.strategy), std::move(config.strategy_dirs),
                          config.workers};
  }
  if (config.strategy.target.empty()) {
    throw usage_error(
        "no strategy given: expected --strategy=NAME, and bad or optimized is a start; --help "
        "shows all options");
  }
  if (find(words, "help-strategy") != nullptr) {
    return help_strategy_command{std::move(config.strategy), std::move(config.strategy_dirs)};
  }
  check_verified(config);
  check_distinct({config.cpuprofile, config.memprofile, config.timeline, config.results});
  return config;
}

}  // namespace taskworker::cli
