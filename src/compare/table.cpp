// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "compare/result.hpp"
#include "compare/sentences.hpp"
#include "compare/wording.hpp"
#include "strategy/text.hpp"

namespace taskworker::compare {
namespace {

constexpr std::size_t least_word_columns = 10;
constexpr std::size_t gap = 2;

/// Rows of cells of which the first is aligned to the left, and the last too where it is a word. A
/// short first cell leaves room for a long second one.
class grid {
 public:
  using row = std::vector<std::string>;

  explicit grid(bool has_last_word) : has_last_word_(has_last_word) {}

  void add(row cells) { rows_.push_back(std::move(cells)); }

  /// Of the widest row, the last column without the padding.
  [[nodiscard]] std::size_t width() const {
    std::size_t all = 0;
    for (std::size_t i = 1; i < rows_.front().size(); ++i) all += width_of(i) + (i > 1 ? gap : 0);
    return all;
  }

  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const auto &cells : rows_) {
      std::string line = cells[0];
      std::size_t column = 0;
      for (std::size_t i = 1; i < cells.size(); ++i) {
        column += width_of(i);
        const bool is_word = has_last_word_ && i + 1 == cells.size();
        if (is_word) line.resize(column - width_of(i), ' ');
        if (!is_word && column > cells[i].size()) line.resize(column - cells[i].size(), ' ');
        line += cells[i];
        column += gap;
      }
      all.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
    }
    return all;
  }

 private:
  // The first column counts to the second.
  [[nodiscard]] std::size_t width_of(std::size_t column) const {
    std::size_t width = 0;
    for (const auto &cells : rows_) {
      const std::size_t before = column == 1 && !cells[0].empty() ? cells[0].size() + gap : 0;
      width = std::max(width, before + cells[column].size());
    }
    return width;
  }

  bool has_last_word_;
  std::vector<row> rows_;
};

/// What `make_grid` makes of words as long as a terminal has room for.
template <typename MakeGrid>
grid fitted(const MakeGrid &make_grid) {
  std::size_t word_columns = strategy::text_columns;
  grid table = make_grid(word_columns);
  while (word_columns > least_word_columns && table.width() > strategy::text_columns) {
    table = make_grid(--word_columns);
  }
  return table;
}

// ---- Colours: never the only ones to tell ------------------------------------------------

const char *color_of(verdict is) {
  switch (is) {
    case verdict::better:
      return "\033[32m";
    case verdict::worse:
      return "\033[31m";
    case verdict::inconclusive:
      return "\033[33m";
    case verdict::no_difference:
      break;
  }
  return "";
}

std::string colored(const std::string &text, verdict is, bool has_color) {
  const std::string color = has_color ? color_of(is) : "";
  return color.empty() ? text : color + text + "\033[0m";
}

// The verdict ends the line.
std::string with_colored_end(const std::string &line, verdict is, bool has_color) {
  const std::string word = name_of(is);
  return line.substr(0, line.size() - word.size()) + colored(word, is, has_color);
}

// ---- One candidate, a line a metric ------------------------------------------------------

grid::row row_of(const finding &found, const metric *primary) {
  const std::string between = interval_of(found);
  return {std::string(found.of->title) + (found.of == primary ? " (decides)" : ""),
          in_unit(*found.of, found.baseline), in_unit(*found.of, found.candidate),
          between.empty() ? change_of(found) : between, name_of(found.is)};
}

// `word_columns`: of each of the two words above the values.
grid grid_of(const comparison_result &result, std::size_t candidate, std::size_t word_columns) {
  grid table(true);
  table.add({"", shortened(result.series[0].word, word_columns),
             shortened(result.series[candidate].word, word_columns), "change, 95 % sure",
             "verdict"});
  for (const finding *each : primary_first(result, candidate)) {
    table.add(row_of(*each, result.rules.primary));
  }
  return table;
}

std::string table_of(const comparison_result &result, std::size_t candidate, bool has_color) {
  const auto lines = fitted([&](std::size_t word_columns) {
                       return grid_of(result, candidate, word_columns);
                     }).lines();
  const auto findings = primary_first(result, candidate);
  std::string text = "\n" + lines[0] + "\n";
  for (std::size_t i = 0; i < findings.size(); ++i) {
    text += with_colored_end(lines[i + 1], findings[i]->is, has_color) + "\n";
  }
  return text;
}

// ---- All candidates, a line a strategy ---------------------------------------------------

// Into two lines of a head, about as long as each other.
std::array<std::string, 2> halved(std::string_view title) {
  const std::size_t middle = title.size() / 2;
  const std::size_t before = title.rfind(' ', middle);
  const std::size_t after = title.find(' ', middle);
  if (before == title.npos && after == title.npos) return {"", std::string(title)};
  const bool is_before =
      after == title.npos || (before != title.npos && middle - before < after - middle);
  const std::size_t cut = is_before ? before : after;
  return {std::string(title.substr(0, cut)), std::string(title.substr(cut + 1))};
}

// Without the verdicts, which the tables before it and the sentences after it tell.
grid attribution_grid(const comparison_result &result, std::size_t word_columns) {
  const auto primary = halved(result.rules.primary->title);
  grid table(false);
  table.add({"", primary[0], "", "allocs", "bytes", "threads", "jobs", "most"});
  table.add({"strategy", primary[1], "ratio", "a task", "a task", "left", "left", "resident"});
  for (std::size_t i = 0; i < result.series.size(); ++i) {
    const auto &series = result.series[i];
    const auto &primary_metric = *result.rules.primary;
    grid::row cells{shortened(series.word, word_columns),
                    in_unit(primary_metric, median_of(series, primary_metric)),
                    ratio_word(result, i)};
    for (const char *name :
         {"allocations_per_task", "bytes_per_task", "threads_left", "jobs_left", "peak_resident"}) {
      const auto &of = *find_metric(name);
      cells.push_back(in_unit(of, median_of(series, of)));
    }
    table.add(std::move(cells));
  }
  return table;
}

std::string attribution_of(const comparison_result &result) {
  const auto table =
      fitted([&](std::size_t word_columns) { return attribution_grid(result, word_columns); });
  std::string text = "\n";
  for (const auto &line : table.lines()) text += line + "\n";
  return text;
}

// ---- What is said around them ------------------------------------------------------------

std::string wrapped(const std::string &text) { return strategy::row("", text, 0); }

std::string colored_conclusion(const comparison_result &result, std::size_t candidate,
                               bool has_color) {
  std::string text = wrapped(conclusion(result, candidate));
  const finding *found = primary_of(result, candidate);
  if (found == nullptr) return text;
  text.pop_back();
  return colored(text, found->is, has_color) + "\n";
}

}  // namespace

std::string as_text(const comparison_result &result, bool has_color) {
  std::string text = result.is_partial ? wrapped(partial_notice(result)) + "\n" : "";
  text += wrapped(headline(result)) + wrapped("On " + place_of(result.where) + ".");
  for (std::size_t i = 1; i < result.series.size(); ++i) {
    if (result.findings[i - 1].empty()) continue;
    text += table_of(result, i, has_color);
  }
  if (result.series.size() > 2) text += attribution_of(result);
  const auto warnings = cautions(result);
  if (!warnings.empty()) text += "\n";
  for (const auto &each : warnings) text += strategy::row("warning:", each, 9);
  text += "\n";
  for (std::size_t i = 1; i < result.series.size(); ++i) {
    text += colored_conclusion(result, i, has_color);
  }
  return text;
}

}  // namespace taskworker::compare
