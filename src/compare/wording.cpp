// SPDX-License-Identifier: MIT
#include "compare/wording.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "metrics/units.hpp"
#include "strategy/text.hpp"

namespace taskworker::compare {
using metrics::in_time;
using metrics::rounded;
using metrics::with_commas;
using strategy::one_line;

namespace {

// From here on a person reads "2.31 times" more easily than "+131 %".
constexpr double told_as_times = 2;

std::string with_decimals(double value, int decimals, bool has_sign = false) {
  std::array<char, 64> text;
  const int size =
      std::snprintf(text.data(), text.size(), has_sign ? "%+.*f" : "%.*f", decimals, value);
  return {text.data(), static_cast<std::size_t>(size)};
}

// A digit more where one would hide the difference: near to none, and near to all.
std::string percent(double ratio) {
  const double change = (ratio - 1) * 100;
  const double size = std::abs(change);
  if (size < 0.005) return "0";
  if (change == -100) return "-100";
  if (change > 99.95) return with_decimals(change, 0, true);
  return with_decimals(change, size < 0.995 || (change < 0 && size > 99) ? 2 : 1, true);
}

// What the faults that a strategy can have show in, after what decides.
std::vector<const metric *> attribution_columns(const comparison_result &result) {
  return {result.rules.primary,          find_metric("allocations_per_task"),
          find_metric("bytes_per_task"), find_metric("threads_left"),
          find_metric("jobs_left"),      find_metric("peak_resident")};
}

std::string shell_word(const std::string &word) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_=:,./+%@").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

bool is_told_as_times(const finding &found) { return found.ratio && *found.ratio >= told_as_times; }

// "baseline", a verdict, or "-" where there is none.
std::string verdict_word(const comparison_result &result, std::size_t strategy) {
  if (strategy == 0) return "baseline";
  const finding *found = primary_of(result, strategy);
  return found != nullptr ? name_of(found->is) : "-";
}

}  // namespace

std::string number(double value) {
  if (value < 0) return "-" + number(-value);
  if (value == std::floor(value) && value < 1e15) {
    return with_commas(static_cast<std::uint64_t>(value));
  }
  if (value >= 0.1) return rounded(value);
  return with_decimals(value, 1 - static_cast<int>(std::floor(std::log10(value))));
}

std::string in_unit(const metric &of, std::optional<double> value) {
  if (!value) return "-";
  switch (of.in) {
    case unit::nanoseconds:
      return in_time(*value * 1e-9);
    case unit::seconds:
      return in_time(*value);
    case unit::bytes:
      if (*value < 1000) return number(*value) + " B";
      return metrics::in_bytes(static_cast<std::uint64_t>(std::llround(*value)));
    case unit::per_second:
      return rounded(*value);
    case unit::count:
      break;
  }
  return number(*value);
}

std::string change_of(const finding &found) {
  if (!found.ratio) return found.candidate == found.baseline ? "0 %" : "from 0";
  if (is_told_as_times(found)) return rounded(*found.ratio) + " times";
  return percent(*found.ratio) + " %";
}

std::string interval_of(const finding &found) {
  if (!found.between) return "";
  const auto [low, high] = *found.between;
  if (is_told_as_times(found)) return rounded(low) + " to " + rounded(high) + " times";
  return percent(low) + " to " + percent(high) + " %";
}

std::string shortened(std::string_view text, std::size_t width) {
  constexpr std::string_view gap = "...";
  std::string line = one_line(text);
  if (line.size() <= width || width <= gap.size()) return line;
  // Not within a character of UTF-8.
  const auto is_inside = [&](std::size_t at) { return (line[at] & '\xc0') == '\x80'; };
  std::size_t end_of_head = (width - gap.size()) / 2;
  std::size_t begin_of_tail = line.size() - (width - gap.size() - end_of_head);
  while (end_of_head > 0 && is_inside(end_of_head)) --end_of_head;
  while (begin_of_tail < line.size() && is_inside(begin_of_tail)) ++begin_of_tail;
  return line.replace(end_of_head, begin_of_tail - end_of_head, gap);
}

const finding *primary_of(const comparison_result &result, std::size_t candidate) {
  const auto &findings = result.findings[candidate - 1];
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const finding &each) {
    return each.of == result.rules.primary;
  });
  return found != findings.end() ? &*found : nullptr;
}

std::vector<const finding *> primary_first(const comparison_result &result, std::size_t candidate) {
  std::vector<const finding *> all;
  for (const auto &each : result.findings[candidate - 1]) all.push_back(&each);
  std::stable_partition(all.begin(), all.end(),
                        [&](const finding *each) { return each->of == result.rules.primary; });
  return all;
}

std::string ratio_word(const comparison_result &result, std::size_t strategy) {
  if (strategy == 0) return "1";
  const finding *found = primary_of(result, strategy);
  return found != nullptr && found->ratio ? number(*found->ratio) : "-";
}

std::vector<std::string> findings_head(const comparison_result &result, std::size_t candidate) {
  return {"metric", result.series[0].word, result.series[candidate].word,
          "change", "95 % interval",       "verdict"};
}

std::vector<std::string> findings_row(const finding &found) {
  return {std::string(found.of->title),
          in_unit(*found.of, found.baseline),
          in_unit(*found.of, found.candidate),
          change_of(found),
          found.between ? interval_of(found) : "exact",
          name_of(found.is)};
}

std::vector<std::string> attribution_head(const comparison_result &result) {
  std::vector<std::string> cells{"strategy"};
  for (const metric *of : attribution_columns(result)) cells.emplace_back(of->title);
  cells.insert(cells.begin() + 2, "ratio");
  cells.emplace_back("verdict");
  return cells;
}

std::vector<std::string> attribution_row(const comparison_result &result, std::size_t strategy) {
  const auto &series = result.series[strategy];
  std::vector<std::string> cells{series.word};
  for (const metric *of : attribution_columns(result)) {
    cells.push_back(in_unit(*of, median_of(series, *of)));
  }
  cells.insert(cells.begin() + 2, ratio_word(result, strategy));
  cells.push_back(verdict_word(result, strategy));
  return cells;
}

std::string shell_line(const std::vector<std::string> &words) {
  std::vector<std::string> quoted;
  for (const auto &each : words) quoted.push_back(shell_word(each));
  return strategy::join(quoted, " ");
}

std::optional<double> median_of(const sample_series &series, const metric &of) {
  const auto number_of_metric = static_cast<std::size_t>(&of - metrics().data());
  std::vector<double> values;
  for (const auto &each : series.samples) {
    const auto &value = each.values[number_of_metric];
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  return median(values);
}

}  // namespace taskworker::compare
