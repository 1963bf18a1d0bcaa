// SPDX-License-Identifier: MIT
#include "profiling/symbols/source_place.hpp"

#include <cinttypes>
#include <cstdio>
#include <string_view>

namespace taskworker::profiling {
namespace {

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string hexadecimal(std::uintptr_t number) {
  char text[2 + 2 * sizeof number + 1];
  std::snprintf(text, sizeof text, "0x%" PRIxPTR, number);
  return text;
}

}  // namespace

std::string without_anonymous(std::string function) {
  constexpr std::string_view anonymous = "(anonymous namespace)::";
  for (auto at = function.find(anonymous); at != function.npos; at = function.find(anonymous, at)) {
    function.erase(at, anonymous.size());
  }
  return function;
}

std::string describe(const source_place &place) {
  if (place.module.empty() && place.line == 0) return hexadecimal(place.offset);
  std::string text(base_name(place.line != 0 ? place.file : place.module));
  if (place.line != 0) text += ':' + std::to_string(place.line);
  if (!place.function.empty()) {
    text += " (" + without_anonymous(place.function) + ')';
  } else if (place.line == 0) {
    text += '+' + hexadecimal(place.offset);
  }
  return text;
}

}  // namespace taskworker::profiling
