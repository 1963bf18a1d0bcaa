// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compare/result.hpp"

namespace taskworker::compare {

// What the table and the Markdown say alike: the cells. The sentences are in sentences.hpp.

/// Two digits that tell something, or more: "25", "24.2", "0.00042". REQUIRES: not negative.
[[nodiscard]] std::string number(double value);

/// A value of the metric for a person: "6.32 us", "2.49 KiB", "0.00042"; "-" where not known.
[[nodiscard]] std::string in_unit(const metric &of, std::optional<double> value);

/// "-12.3 %", from twice on "2.31 times"; "0 %" where nothing changed, "from 0" where the
/// baseline is 0.
[[nodiscard]] std::string change_of(const finding &found);

/// "-13.1 to -11.4 %", "2.20 to 2.40 times"; of an exact one, which has none, empty.
[[nodiscard]] std::string interval_of(const finding &found);

/// Words of a user or a strategy in at most `width` columns: one line, the middle left out.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t width);

/// Null where the runs did not tell it, or where there were too few samples.
[[nodiscard]] const finding *primary_of(const comparison_result &result, std::size_t candidate);

/// The findings of a candidate, the primary one before the others.
[[nodiscard]] std::vector<const finding *> primary_first(const comparison_result &result,
                                                         std::size_t candidate);

// Cells of the table of all strategies; 0 is the baseline.

/// Of the primary metric: "0.018"; "-" where not known.
[[nodiscard]] std::string ratio_word(const comparison_result &result, std::size_t strategy);

// Tables for files, as cells: the Markdown and the HTML have the same.

/// "metric", the words, ... Those of users are as given, in cells 1 and 2.
[[nodiscard]] std::vector<std::string> findings_head(const comparison_result &result,
                                                     std::size_t candidate);

/// Under it: title, both values, change, interval, verdict.
[[nodiscard]] std::vector<std::string> findings_row(const finding &found);

/// "strategy", ..., "verdict": of the table of all strategies.
[[nodiscard]] std::vector<std::string> attribution_head(const comparison_result &result);

/// Under it; the first cell is the user's word as given.
[[nodiscard]] std::vector<std::string> attribution_row(const comparison_result &result,
                                                       std::size_t strategy);

/// A command for a POSIX shell.
[[nodiscard]] std::string shell_line(const std::vector<std::string> &words);

/// Of all samples of the strategy; nothing where one of them does not tell it, or none is.
[[nodiscard]] std::optional<double> median_of(const sample_series &series, const metric &of);

}  // namespace taskworker::compare
