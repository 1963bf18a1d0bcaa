// SPDX-License-Identifier: MIT
#include "strategy/text.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace taskworker::strategy {
namespace {

// Edits that turn `a` into `b`: a letter added, removed, replaced, or swapped with
// its neighbour (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = std::exchange(last, std::move(row));
  }
  return last.back();
}

constexpr bool is_continuation(char byte) { return (byte & 0xc0) == 0x80; }

// A number and its % stay on one line.
std::size_t end_of_word(std::string_view text) {
  std::size_t end = text.find(' ');
  while (end != text.npos && text.substr(end + 1).starts_with('%')) end = text.find(' ', end + 1);
  return std::min(end, text.size());
}

}  // namespace

std::string join(std::span<const std::string> words, std::string_view separator) {
  std::string text;
  for (const auto &word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
  return line;
}

std::size_t size_of_character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  const std::size_t size = first < 0xc2   ? 0
                           : first < 0xe0 ? 2
                           : first < 0xf0 ? 3
                           : first < 0xf5 ? 4
                                          : 0;
  if (size == 0 || text.size() < size) return 0;
  for (const char byte : text.substr(1, size - 1)) {
    if (!is_continuation(byte)) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const bool is_overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool is_surrogate = first == 0xed && second >= 0xa0;
  const bool is_too_large = first == 0xf4 && second >= 0x90;
  return is_overlong || is_surrogate || is_too_large ? 0 : size;
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const std::size_t size = size_of_character(text);
    valid += size > 0 ? text.substr(0, size) : std::string_view("\xef\xbf\xbd");
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return valid;
}

std::string nearest(std::string_view given, std::span<const std::string> known) {
  // A third of the letters wrong is still the same word; more is another one.
  const std::size_t allowed = std::max<std::size_t>(1, given.size() / 3);
  std::size_t best_distance = allowed + 1;
  std::string best;
  for (const auto &word : known) {
    if (given.size() < 2) break;
    const bool is_begun = word.size() > given.size() && word.starts_with(given);
    const std::size_t distance = is_begun ? 1 : edit_distance(given, word);
    if (distance < best_distance) {
      best_distance = distance;
      best = word;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view given, std::span<const std::string> known,
                         std::string_view prefix) {
  const std::string near = nearest(given, known);
  if (near.empty()) return "";
  return " (did you mean " + std::string(prefix) + near + "?)";
}

std::string row(std::string_view left, std::string_view text, std::size_t indent) {
  std::string lines(left);
  std::size_t column = left.size();
  const auto begin_column = [&] {
    if (column >= indent && column > 0) {
      lines += '\n';
      column = 0;
    }
    lines.append(indent - column, ' ');
    column = indent;
  };

  bool at_column_start = false;
  while (!text.empty()) {
    const std::size_t end = end_of_word(text);
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (!at_column_start || column + 1 + word.size() > text_columns) {
      begin_column();
      at_column_start = true;
    } else {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
  }
  return lines + '\n';
}

}  // namespace taskworker::strategy
