// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace taskworker::strategy {

/// Columns that text for a terminal keeps within.
inline constexpr std::size_t text_columns = 80;

/// "a, b, c".
[[nodiscard]] std::string join(std::span<const std::string> words,
                               std::string_view separator = ", ");

/// `text` with every control character replaced by a space: what comes from a
/// strategy must not break a line or reach a terminal as an escape sequence.
[[nodiscard]] std::string one_line(std::string_view text);

/// Bytes of the UTF-8 character that the text begins with; 0 = it is none. REQUIRES: not empty.
[[nodiscard]] std::size_t size_of_character(std::string_view text);

/// `text` with what is no UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view text);

/// The word of `known` that `given` may have been meant as: one that it begins,
/// or one with few letters wrong, missing, added or swapped. Empty when none is
/// near.
[[nodiscard]] std::string nearest(std::string_view given, std::span<const std::string> known);

/// " (did you mean PREFIXword?)" for the nearest word, empty when none is near.
[[nodiscard]] std::string did_you_mean(std::string_view given, std::span<const std::string> known,
                                       std::string_view prefix = "");

/// A line of a two-column list: `left`, then `text` from column `indent` on,
/// broken at spaces to keep within text_columns, but not between a number and its %. A
/// `left` that is too wide gets a line of its own. Ends with a newline.
[[nodiscard]] std::string row(std::string_view left, std::string_view text, std::size_t indent);

}  // namespace taskworker::strategy
