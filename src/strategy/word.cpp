// SPDX-License-Identifier: MIT
#include "strategy/word.hpp"

#include <algorithm>

namespace taskworker::strategy {
namespace {

constexpr bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

// The position of the ':' that begins the options, or the end.
std::size_t find_options(std::string_view text) {
  for (auto colon = text.find(':'); colon != std::string_view::npos;
       colon = text.find(':', colon + 1)) {
    const std::string_view rest = text.substr(colon + 1);
    const auto equals = rest.find('=');
    if (equals != std::string_view::npos && is_name(rest.substr(0, equals))) return colon;
  }
  return text.size();
}

bool looks_like_path(std::string_view target) {
  return target.find('/') != std::string_view::npos || target.ends_with(".so");
}

}  // namespace

bool word::is_path() const { return looks_like_path(target); }

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_name_character);
}

word parse_word(std::string_view text) {
  auto options_at = find_options(text);
  // Only a path may hold a colon: what follows one in a name is a faulty option.
  if (!looks_like_path(text.substr(0, options_at)))
    options_at = std::min(text.find(':'), text.size());

  word parsed;
  parsed.target = text.substr(0, options_at);
  if (parsed.target.empty()) {
    throw word_error("strategy " + quoted(text) +
                     " names none: expected NAME or PATH, then :k=v for each option");
  }
  if (!parsed.is_path() && !is_name(parsed.target)) {
    throw word_error(
        "strategy name " + quoted(parsed.target) +
        " may have letters, digits, '_' and '-' only; a path has a '/' or ends in .so");
  }
  std::string_view rest = text.substr(options_at);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto end = std::min(rest.find(':'), rest.size());
    parsed.options.push_back(parse_option(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  return parsed;
}

given_option parse_option(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) {
    throw word_error("strategy option " + quoted(text) + " has no '=': expected k=v");
  }
  const std::string_view name = text.substr(0, equals);
  if (name.empty()) {
    throw word_error("strategy option " + quoted(text) + " has no name: expected k=v");
  }
  if (!is_name(name)) {
    throw word_error("strategy option name " + quoted(name) +
                     " may have letters, digits, '_' and '-' only");
  }
  return {std::string(name), std::string(text.substr(equals + 1))};
}

}  // namespace taskworker::strategy
