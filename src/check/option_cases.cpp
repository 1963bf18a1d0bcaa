// SPDX-License-Identifier: MIT
// The options of a strategy, at all that their declaration allows.
#include <taskworker/ext/options.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "check/check_case.hpp"
#include "check/verdict.hpp"
#include "strategy/options.hpp"
#include "strategy/text.hpp"

namespace taskworker::check {
namespace {

using strategy::given_option;

constexpr std::uint64_t tasks_of_a_trial = 8;

std::string describe(const std::vector<given_option> &options) {
  std::vector<std::string> texts;
  for (const auto &each : options) texts.push_back(each.name + "=" + each.value);
  return strategy::join(texts, ":");
}

bool is_given(const case_context &context, const char *name) {
  const auto &given = context.given();
  return std::any_of(given.begin(), given.end(),
                     [&](const auto &each) { return each.name == name; });
}

/// All options: `value_of` says the value of each that the command line leaves open.
template <typename ValueOf>
strategy::instance_config config_of(const case_context &context, const taskworker_options &declared,
                                    ValueOf value_of) {
  auto config = context.config();
  for (std::uint64_t i = 0; i < declared.count; ++i) {
    const auto &option = declared.options[i];
    if (!is_given(context, option.name)) config.options[i].value = value_of(option);
  }
  return config;
}

const taskworker_options &declared_options(case_context &context) {
  context.require_opened();
  const auto &declared = context.strategy().options();
  if (declared.count == 0) skip("it has no options");
  return declared;
}

/// A life with these options. A failure tells them.
void try_options(case_context &context, const strategy::instance_config &config,
                 const std::string &name) {
  try {
    context.live(config, tasks_of_a_trial);
  } catch (const case_ended &ended) {
    verdict found = ended.found();
    found.detail += "; with " + name + " " + describe(config.options);
    throw case_ended(found);
  }
}

void option_defaults(case_context &context) {
  const auto &declared = declared_options(context);
  const auto value_of = [](const auto &option) { return std::string(option.default_value); };
  try_options(context, config_of(context, declared, value_of), "the defaults");
}

/// Text may mean anything, so only its default is sure to be taken.
std::string least_value(const taskworker_option &option) {
  switch (option.type) {
    case TASKWORKER_OPTION_FLAG:
      return "false";
    case TASKWORKER_OPTION_INTEGER:
      return std::to_string(option.minimum);
    case TASKWORKER_OPTION_CHOICE:
      return strategy::choices_of(option).front();
    case TASKWORKER_OPTION_SET:
      return "none";
    default:
      return option.default_value;
  }
}

std::string greatest_value(const taskworker_option &option) {
  switch (option.type) {
    case TASKWORKER_OPTION_FLAG:
      return "true";
    case TASKWORKER_OPTION_INTEGER:
      return std::to_string(option.maximum);
    case TASKWORKER_OPTION_CHOICE:
      return strategy::choices_of(option).back();
    case TASKWORKER_OPTION_SET:
      return strategy::join(strategy::choices_of(option), ",");
    default:
      return option.default_value;
  }
}

void option_minimum(case_context &context) {
  const auto &declared = declared_options(context);
  try_options(context, config_of(context, declared, least_value), "the least values");
}

void option_maximum(case_context &context) {
  const auto &declared = declared_options(context);
  try_options(context, config_of(context, declared, greatest_value), "the greatest values");
}

class option_dice {
 public:
  explicit option_dice(std::uint32_t seed) : random_(seed) {}

  std::string operator()(const taskworker_option &option) {
    switch (option.type) {
      case TASKWORKER_OPTION_FLAG:
        return draw(0, 1) == 0 ? "false" : "true";
      case TASKWORKER_OPTION_INTEGER:
        return integer(option);
      case TASKWORKER_OPTION_CHOICE: {
        const auto choices = strategy::choices_of(option);
        return choices[static_cast<std::size_t>(
            draw(0, static_cast<std::int64_t>(choices.size()) - 1))];
      }
      case TASKWORKER_OPTION_SET:
        return set(option);
      default:
        return option.default_value;
    }
  }

 private:
  // The standard's distributions differ between libraries; a seed must mean the same.
  std::int64_t draw(std::int64_t from, std::int64_t to) {
    const std::uint64_t width = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
    const std::uint64_t drawn = width == UINT64_MAX ? random_() : random_() % (width + 1);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + drawn);
  }

  // Most options are sizes, so small values matter as much as large ones.
  std::string integer(const taskworker_option &option) {
    const auto width =
        static_cast<std::uint64_t>(option.maximum) - static_cast<std::uint64_t>(option.minimum);
    const std::uint64_t most = width >> draw(0, 63);
    const std::uint64_t above = most == UINT64_MAX ? random_() : random_() % (most + 1);
    return std::to_string(
        static_cast<std::int64_t>(static_cast<std::uint64_t>(option.minimum) + above));
  }

  std::string set(const taskworker_option &option) {
    std::vector<std::string> chosen;
    for (const auto &each : strategy::choices_of(option)) {
      if (draw(0, 1) == 1) chosen.push_back(each);
    }
    return chosen.empty() ? "none" : strategy::join(chosen, ",");
  }

  std::mt19937_64 random_;
};

void option_random(case_context &context) {
  constexpr std::uint32_t seeds = 8;
  const auto &declared = declared_options(context);
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    const auto config = config_of(context, declared, option_dice(seed));
    try_options(context, config, "the values of seed " + std::to_string(seed) + ",");
  }
}

constexpr check_case cases[] = {
    {"option-defaults", "works with each option at its default", "ext/options.h, default_value",
     option_defaults},
    {"option-minimum", "works with each option at its least value, no flag set and no choice made",
     "ext/options.h, minimum", option_minimum},
    {"option-maximum", "works with each option at its greatest value, all flags and choices set",
     "ext/options.h, maximum", option_maximum},
    {"option-random", "works with 8 sets of values drawn from what it allows", "ext/options.h",
     option_random},
};

}  // namespace

std::span<const check_case> option_cases() { return cases; }

}  // namespace taskworker::check
