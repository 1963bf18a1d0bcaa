// SPDX-License-Identifier: MIT
#include "common/option_values.hpp"

#include <charconv>
#include <span>
#include <stdexcept>
#include <string>

namespace taskworker::strategies {

std::string_view text_of(const taskworker_config &config, std::string_view option) {
  for (const auto &given : std::span(config.options, config.option_count)) {
    if (given.name == option) return given.value;
  }
  throw std::invalid_argument("the host gave no value for option '" + std::string(option) + "'");
}

std::uint64_t number_of(const taskworker_config &config, std::string_view option) {
  const std::string_view text = text_of(config, option);
  const char *const end = text.data() + text.size();
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) {
    throw std::invalid_argument("the host gave option '" + std::string(option) + "' the value '" +
                                std::string(text) + "', expected a number");
  }
  return number;
}

bool has_member(const taskworker_config &config, std::string_view option, std::string_view member) {
  std::string_view rest = text_of(config, option);
  for (;;) {
    const auto comma = rest.find(',');
    if (rest.substr(0, comma) == member) return true;
    if (comma == std::string_view::npos) return false;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace taskworker::strategies
