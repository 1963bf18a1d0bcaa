// SPDX-License-Identifier: MIT
#include "cli/words.hpp"

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <set>

#include "cli/error.hpp"

namespace taskworker::cli {
namespace {

namespace po = boost::program_options;

class splitter {
 public:
  splitter(const std::vector<option_group> &groups, const std::string &help)
      : groups_(groups), help_(help) {}

  split_line split(int argc, const char *const *argv) const {
    split_line line;
    for (const auto &part : parse(argc, argv)) {
      if (part.string_key.empty()) {
        line.words.push_back(word_of(part.original_tokens.front()));
      } else {
        line.settings.push_back(setting_of(part));
      }
    }
    return line;
  }

 private:
  [[noreturn]] void refuse_unknown(const std::string &dashes, const std::string &name) const {
    throw usage_error("unknown option " + dashes + name + suggest_option(groups_, name, "--") +
                      "; " + help_ + " shows all");
  }

  [[noreturn]] static void refuse_missing_value(const option_spec &option) {
    throw usage_error("--" + option.name + " needs a value: --" + option.name + "=" +
                      option.value_name);
  }

  // In this program's words. Of the unknown options only `--name=` comes here.
  [[noreturn]] void refuse_syntax(const po::invalid_syntax &error) const {
    const std::string dashed = error.get_option_name();
    // Of `--=` not even the dashes are left.
    const std::string name = dashed.starts_with("--") ? dashed.substr(2) : dashed;
    const auto *option = find_option(groups_, name);
    if (option == nullptr) refuse_unknown("--", name);
    if (!option->is_switch()) refuse_missing_value(*option);
    throw usage_error(dashed + " is a switch and takes no value");
  }

  po::options_description describe() const {
    po::options_description description;
    for (const auto &group : groups_) {
      for (const auto &option : group.options) {
        const po::value_semantic *value =
            option.is_switch() ? new po::untyped_value(true) : new po::untyped_value(false);
        description.add_options()(option.name.c_str(), value);
      }
    }
    return description;
  }

  std::vector<po::option> parse(int argc, const char *const *argv) const {
    using style = po::command_line_style::style_t;
    const auto description = describe();
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

  // With two dashes it came after a bare "--", which ends the options.
  std::string word_of(const std::string &word) const {
    if (word.size() > 1 && word.starts_with('-') && !word.starts_with("--")) {
      refuse_unknown("-", word.substr(1, word.find('=') - 1));
    }
    return word;
  }

  setting setting_of(const po::option &part) const {
    const auto *option = find_option(groups_, part.string_key);
    if (option == nullptr) refuse_unknown("--", part.string_key);
    if (option->is_switch()) return {option->name, {"--" + option->name, "true"}};
    // `--memprofile --quiet` forgot a path; a path that begins so takes an '='.
    if (part.original_tokens.size() > 1 && part.original_tokens[1].starts_with("--")) {
      refuse_missing_value(*option);
    }
    return {option->name, {"--" + option->name, part.value.front()}};
  }

  const std::vector<option_group> &groups_;
  const std::string &help_;
};

}  // namespace

split_line split_words(int argc, const char *const *argv, const std::vector<option_group> &groups,
                       const std::string &help) {
  split_line line = splitter(groups, help).split(argc, argv);
  check_repeats(line.settings, groups);
  return line;
}

void check_repeats(const std::vector<setting> &settings, const std::vector<option_group> &groups) {
  std::set<std::string_view> seen;
  for (const auto &given : settings) {
    if (!seen.insert(given.name).second && !find_option(groups, given.name)->is_repeatable) {
      throw usage_error(given.value.where + " is given twice; give it once");
    }
  }
}

const setting *find(const std::vector<setting> &settings, std::string_view name) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const auto &given) { return given.name == name; });
  return found != settings.end() ? &*found : nullptr;
}

std::vector<given_value> find_all(const std::vector<setting> &settings, std::string_view name) {
  std::vector<given_value> found;
  for (const auto &given : settings) {
    if (given.name == name) found.push_back(given.value);
  }
  return found;
}

}  // namespace taskworker::cli
