// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <set>
#include <string_view>

#include "cli/config_file.hpp"
#include "cli/help.hpp"
#include "cli/option_table.hpp"

namespace taskworker::cli {
namespace {

namespace po = boost::program_options;

// ---- From words to settings --------------------------------------------------------

[[noreturn]] void refuse_unknown(const std::string &dashes, const std::string &name) {
  throw usage_error("unknown option " + dashes + name + suggest_option(name, "--") +
                    "; --help shows all");
}

[[noreturn]] void refuse_word(const std::string &word) {
  // With two dashes it came after a bare "--", which ends the options.
  if (word.size() > 1 && word.starts_with('-') && !word.starts_with("--")) {
    refuse_unknown("-", word.substr(1, word.find('=') - 1));
  }
  throw usage_error("unexpected word '" + word +
                    "'; options begin with --, a strategy is named by --strategy=NAME");
}

[[noreturn]] void refuse_missing_value(const option_spec &option) {
  throw usage_error("--" + option.name + " needs a value: --" + option.name + "=" +
                    option.value_name);
}

// In this program's words. Of the unknown options only `--name=` comes here.
[[noreturn]] void refuse_syntax(const po::invalid_syntax &error) {
  const std::string dashed = error.get_option_name();
  // Of `--=` not even the dashes are left.
  const std::string name = dashed.starts_with("--") ? dashed.substr(2) : dashed;
  const auto *option = find_option(name);
  if (option == nullptr) refuse_unknown("--", name);
  if (!option->is_switch()) refuse_missing_value(*option);
  throw usage_error(dashed + " is a switch and takes no value");
}

po::options_description describe_options() {
  po::options_description description;
  for (const auto &group : option_groups()) {
    for (const auto &option : group.options) {
      const po::value_semantic *value =
          option.is_switch() ? new po::untyped_value(true) : new po::untyped_value(false);
      description.add_options()(option.name.c_str(), value);
    }
  }
  return description;
}

// Only --name=value and --name value: no short options, and no guessing from a
// prefix, which a new option could change the meaning of.
std::vector<po::option> split_words(int argc, const char *const *argv) {
  using style = po::command_line_style::style_t;
  const auto description = describe_options();
  try {
    return po::command_line_parser(argc, argv)
        .options(description)
        .style(style::allow_long | style::long_allow_adjacent | style::long_allow_next)
        .allow_unregistered()
        .run()
        .options;
  } catch (const po::invalid_syntax &error) {
    refuse_syntax(error);
  }
}

setting setting_of(const po::option &split) {
  if (split.string_key.empty()) refuse_word(split.original_tokens.front());
  const auto *option = find_option(split.string_key);
  if (option == nullptr) refuse_unknown("--", split.string_key);
  if (option->is_switch()) return {option->name, {"--" + option->name, "true"}};
  // `--memprofile --quiet` forgot a path; a path that begins so takes an '='.
  if (split.original_tokens.size() > 1 && split.original_tokens[1].starts_with("--")) {
    refuse_missing_value(*option);
  }
  return {option->name, {"--" + option->name, split.value.front()}};
}

void check_repeats(const std::vector<setting> &settings) {
  std::set<std::string_view> seen;
  for (const auto &given : settings) {
    if (!seen.insert(given.name).second && !find_option(given.name)->is_repeatable) {
      throw usage_error(given.value.where + " is given twice; give it once");
    }
  }
}

std::vector<setting> read_words(int argc, const char *const *argv) {
  std::vector<setting> settings;
  for (const auto &split : split_words(argc, argv)) settings.push_back(setting_of(split));
  check_repeats(settings);
  return settings;
}

// ---- From settings to a command ----------------------------------------------------

const setting *find(const std::vector<setting> &settings, std::string_view name) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const auto &given) { return given.name == name; });
  return found != settings.end() ? &*found : nullptr;
}

std::vector<setting> read_file(const std::string &path) {
  auto settings = read_config_file(path);
  for (const auto &given : settings) {
    const auto *option = find_option(given.name);
    const std::string place =
        given.value.where.substr(0, given.value.where.size() - given.name.size());
    if (option == nullptr) {
      throw usage_error(place + "unknown option '" + given.name + "'" +
                        suggest_option(given.name, "") + "; --help shows all");
    }
    if (option->apply == nullptr) {
      throw usage_error(place + "'" + given.name + "' can be given on the command line only");
    }
  }
  check_repeats(settings);
  return settings;
}

bool holds_over(const std::vector<setting> &words, const setting &from_file) {
  const bool is_for_other_strategy =
      from_file.name == "strategy-opt" && find(words, "strategy") != nullptr;
  return is_for_other_strategy || find(words, from_file.name) != nullptr;
}

void apply(run_config &config, const setting &given) {
  const auto *option = find_option(given.name);
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

probe_command make_probe(const given_value &given) {
  auto target = http::parse_probe_url(given.text);
  if (!target) refuse(given, "an address such as http://127.0.0.1:9090/readyz");
  return {given.text, std::move(*target)};
}

}  // namespace

command parse(int argc, const char *const *argv) {
  const auto words = read_words(argc, argv);
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
  return config;
}

}  // namespace taskworker::cli
