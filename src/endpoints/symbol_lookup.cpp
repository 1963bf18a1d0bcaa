// SPDX-License-Identifier: MIT
#include "endpoints/symbol_lookup.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>

namespace taskworker::endpoints {
namespace {

constexpr std::string_view separators = "+ \n\r\t,";

std::optional<std::uintptr_t> parse_address(std::string_view word) {
  if (word.starts_with("0x") || word.starts_with("0X")) word.remove_prefix(2);
  std::uintptr_t address = 0;
  const char *const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, address, 16);
  if (error != std::errc() || stop != end) return std::nullopt;
  return address;
}

std::string name_of(std::uintptr_t address, profiling::symbols &names) {
  std::string text;
  // Asked is for the instruction itself; names are kept by the address after a call.
  for (const auto &place : names.resolve(address + 1)->places) {
    if (place.module.empty() && place.function.empty()) continue;
    text += text.empty() ? "" : "--";
    text += place.function.empty() ? profiling::describe(place) : place.function;
  }
  return text;
}

}  // namespace

std::string look_up_symbols(std::string_view asked, profiling::symbols &names) {
  std::string text = "num_symbols: 1\n";
  while (!asked.empty()) {
    const std::size_t end = std::min(asked.find_first_of(separators), asked.size());
    const std::string_view word = asked.substr(0, end);
    asked.remove_prefix(std::min(end + 1, asked.size()));
    const auto address = parse_address(word);
    if (!address) continue;
    const std::string name = name_of(*address, names);
    if (!name.empty()) text += std::string(word) + ' ' + name + '\n';
  }
  return text;
}

http::response serve_command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.ends_with('\0')) text.pop_back();
  return {.body = std::move(text)};
}

}  // namespace taskworker::endpoints
