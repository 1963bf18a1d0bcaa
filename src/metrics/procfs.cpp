// SPDX-License-Identifier: MIT
#include "metrics/procfs.hpp"

#include <array>
#include <charconv>
#include <system_error>

namespace taskworker::metrics {
namespace {

std::string_view take_word(std::string_view &text, std::string_view separators) {
  const auto begin = text.find_first_not_of(separators);
  text.remove_prefix(begin == text.npos ? text.size() : begin);
  const std::string_view word = text.substr(0, text.find_first_of(separators));
  text.remove_prefix(word.size());
  return word;
}

std::optional<std::uint64_t> parse_number(std::string_view word, int base = 10) {
  std::uint64_t number = 0;
  const char *const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

// What follows "NAME:" on its line.
std::optional<std::string_view> find_line(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view line = take_word(text, "\n");
    if (!line.starts_with(name) || !line.substr(name.size()).starts_with(':')) continue;
    return line.substr(name.size() + 1);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> parse_mask(std::string_view text, std::string_view name) {
  auto line = find_line(text, name);
  if (!line) return std::nullopt;
  return parse_number(take_word(*line, " \t"), 16);
}

}  // namespace

std::optional<stat_fields> parse_stat(std::string_view text) {
  stat_fields fields;
  struct wanted_field {
    int number;  // as proc(5) counts
    std::uint64_t &value;
  };
  const std::array wanted{
      wanted_field{22, fields.start_ticks},
      wanted_field{47, fields.heap_start},
  };
  // Field 2 is the program's name in parentheses, with any character in it.
  const auto name_end = text.rfind(')');
  if (name_end == text.npos) return std::nullopt;
  text.remove_prefix(name_end + 1);
  int read = 2;
  for (const auto &field : wanted) {
    std::string_view word;
    for (; read < field.number; ++read) word = take_word(text, " \n");
    const auto value = parse_number(word);
    if (!value) return std::nullopt;
    field.value = *value;
  }
  return fields;
}

std::optional<std::uint64_t> parse_status_bytes(std::string_view text, std::string_view name) {
  auto line = find_line(text, name);
  if (!line) return std::nullopt;
  const auto kilobytes = parse_number(take_word(*line, " \t"));
  if (!kilobytes || take_word(*line, " \t") != "kB") return std::nullopt;
  return *kilobytes * 1024;
}

std::optional<thread_status> parse_thread_status(std::string_view text) {
  const auto name = find_line(text, "Name");
  auto state = find_line(text, "State");
  const auto pending = parse_mask(text, "SigPnd");
  const auto blocked = parse_mask(text, "SigBlk");
  if (!name || !name->starts_with('\t') || !state || !pending || !blocked) return std::nullopt;
  const std::string_view letter = take_word(*state, " \t");
  if (letter.size() != 1) return std::nullopt;
  return thread_status{std::string(name->substr(1)), letter.front(), *pending, *blocked};
}

}  // namespace taskworker::metrics
