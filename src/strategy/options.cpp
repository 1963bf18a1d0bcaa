// SPDX-License-Identifier: MIT
#include "strategy/options.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <set>

#include "strategy/text.hpp"

namespace taskworker::strategy {
namespace {

std::span<const taskworker_option> all_of(const taskworker_options &declared) {
  return {declared.options, declared.count};
}

std::vector<std::string> names_of(const taskworker_options &declared) {
  std::vector<std::string> names;
  for (const auto &option : all_of(declared)) names.emplace_back(option.name);
  return names;
}

bool is_integer_within(std::string_view value, std::int64_t minimum, std::int64_t maximum) {
  std::int64_t number = 0;
  const char *end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  return error == std::errc() && stop == end && number >= minimum && number <= maximum;
}

bool is_one_of(std::string_view value, const std::vector<std::string> &choices) {
  return std::find(choices.begin(), choices.end(), value) != choices.end();
}

bool is_set_of(std::string_view value, const std::vector<std::string> &choices) {
  if (value == "none") return true;
  std::set<std::string_view> seen;
  while (true) {
    const auto comma = value.find(',');
    const std::string_view member = value.substr(0, comma);
    if (!is_one_of(member, choices) || !seen.insert(member).second) return false;
    if (comma == std::string_view::npos) return true;
    value.remove_prefix(comma + 1);
  }
}

[[noreturn]] void refuse_name(const taskworker_options &declared, const std::string &name,
                              const std::string &strategy_name) {
  const auto known = names_of(declared);
  throw word_error("strategy '" + strategy_name + "' has no option '" + name + "'" +
                   did_you_mean(name, known) +
                   (known.empty() ? "; it has none" : "; it has " + join(known)));
}

void check(const taskworker_options &declared, const given_option &given,
           const std::string &strategy_name) {
  const auto options = all_of(declared);
  const auto option = std::find_if(options.begin(), options.end(), [&](const auto &candidate) {
    return candidate.name == given.name;
  });
  if (option == options.end()) refuse_name(declared, given.name, strategy_name);
  if (!allows(*option, given.value)) {
    throw word_error("option '" + given.name + "' of strategy '" + strategy_name + "' got '" +
                     given.value + "': expected " + describe_type(*option));
  }
}

}  // namespace

std::vector<given_option> resolve_options(const taskworker_options &declared,
                                          std::span<const given_option> given,
                                          const std::string &strategy_name) {
  for (const auto &option : given) check(declared, option, strategy_name);

  std::vector<given_option> resolved;
  for (const auto &option : all_of(declared)) {
    const auto last = std::find_if(given.rbegin(), given.rend(), [&](const auto &candidate) {
      return candidate.name == option.name;
    });
    resolved.push_back(
        {option.name, last != given.rend() ? last->value : std::string(option.default_value)});
  }
  return resolved;
}

bool allows(const taskworker_option &declared, std::string_view value) {
  switch (declared.type) {
    case TASKWORKER_OPTION_TEXT:
      return true;
    case TASKWORKER_OPTION_FLAG:
      return value == "true" || value == "false";
    case TASKWORKER_OPTION_INTEGER:
      return is_integer_within(value, declared.minimum, declared.maximum);
    case TASKWORKER_OPTION_CHOICE:
      return is_one_of(value, choices_of(declared));
    case TASKWORKER_OPTION_SET:
      return is_set_of(value, choices_of(declared));
    default:
      return false;
  }
}

std::vector<std::string> choices_of(const taskworker_option &declared) {
  std::vector<std::string> choices;
  if (declared.choices == nullptr) return choices;
  for (const char *const *choice = declared.choices; *choice != nullptr; ++choice) {
    choices.emplace_back(*choice);
  }
  return choices;
}

std::string describe_type(const taskworker_option &option) {
  switch (option.type) {
    case TASKWORKER_OPTION_TEXT:
      return "any text";
    case TASKWORKER_OPTION_FLAG:
      return "true or false";
    case TASKWORKER_OPTION_INTEGER:
      return "integer, " + std::to_string(option.minimum) + " to " + std::to_string(option.maximum);
    case TASKWORKER_OPTION_CHOICE:
      return "one of " + join(choices_of(option), ",");
    case TASKWORKER_OPTION_SET:
      return "some of " + join(choices_of(option), ",") + ", or none";
    default:
      return "type " + std::to_string(option.type);
  }
}

std::string describe_options(const taskworker_options &declared) {
  if (declared.count == 0) return "Options: none.\n";
  constexpr std::size_t indent = 20;
  std::string text = "Options, as --strategy-opt NAME=VALUE:\n";
  for (const auto &option : all_of(declared)) {
    text += row(std::string("  ") + option.name, one_line(option.summary), indent);
    // An empty default would not be seen.
    const std::string shown = *option.default_value == '\0' ? "''" : one_line(option.default_value);
    text += row("", describe_type(option) + "; default " + shown, indent);
  }
  return text;
}

}  // namespace taskworker::strategy
