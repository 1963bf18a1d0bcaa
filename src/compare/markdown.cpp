// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <vector>

#include "compare/result.hpp"
#include "compare/sentences.hpp"
#include "compare/wording.hpp"
#include "strategy/text.hpp"

namespace taskworker::compare {
namespace {

// Words are the user's and the strategy's: no letter of them may begin a mark-up or a cell.
std::string escaped(std::string_view text) {
  constexpr std::string_view marks = "\\`*_[]<>|~&$#";
  std::string result;
  for (const char c : strategy::one_line(text)) {
    if (marks.find(c) != marks.npos) result += '\\';
    result += c;
  }
  return result;
}

std::string row_of(const std::vector<std::string> &cells) {
  return "| " + strategy::join(cells, " | ") + " |\n";
}

// The first column is text, the others are numbers but for the last.
std::string head_of(const std::vector<std::string> &cells) {
  std::vector<std::string> rules(cells.size(), "--:");
  rules.front() = rules.back() = ":--";
  return "\n" + row_of(cells) + row_of(rules);
}

std::string table_of(const comparison_result &result, std::size_t candidate) {
  std::string text =
      head_of({"metric", escaped(result.series[0].word), escaped(result.series[candidate].word),
               "change", "95 % interval", "verdict"});
  for (const finding *each : primary_first(result, candidate)) {
    const std::string title(each->of->title);
    text +=
        row_of({each->of == result.rules.primary ? "**" + title + "** (decides)" : title,
                in_unit(*each->of, each->baseline), in_unit(*each->of, each->candidate),
                change_of(*each), each->between ? interval_of(*each) : "exact", name_of(each->is)});
  }
  return text;
}

std::string attribution_of(const comparison_result &result) {
  const std::vector<const metric *> columns{
      result.rules.primary,          find_metric("allocations_per_task"),
      find_metric("bytes_per_task"), find_metric("threads_left"),
      find_metric("jobs_left"),      find_metric("peak_resident")};
  std::vector<std::string> head{"strategy"};
  for (const metric *of : columns) head.emplace_back(of->title);
  head.insert(head.begin() + 2, "ratio");
  head.emplace_back("verdict");
  std::string text = head_of(head);
  for (std::size_t i = 0; i < result.series.size(); ++i) {
    std::vector<std::string> cells{escaped(result.series[i].word)};
    for (const metric *of : columns)
      cells.push_back(in_unit(*of, median_of(result.series[i], *of)));
    cells.insert(cells.begin() + 2, ratio_word(result, i));
    cells.push_back(verdict_word(result, i));
    text += row_of(cells);
  }
  return text;
}

// For a POSIX shell.
std::string quoted(const std::string &word) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_=:,./+%@").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string command_block(const std::vector<std::string> &command) {
  std::vector<std::string> words;
  for (const auto &each : command) words.push_back(quoted(each));
  const std::string line = strategy::join(words, " ");
  std::string fence = "```";
  while (line.find(fence) != line.npos) fence += '`';  // it must end no sooner
  return "\n" + fence + "\n" + line + "\n" + fence + "\n";
}

}  // namespace

std::string as_markdown(const comparison_result &result) {
  std::string text = "## taskworker compare\n\n";
  if (result.is_partial) text += "**" + partial_notice(result) + "**\n\n";
  for (std::size_t i = 1; i < result.series.size(); ++i) {
    text += "- " + escaped(conclusion(result, i)) + "\n";
  }
  text += "\n" + escaped(headline(result)) + "\n";
  const auto warnings = cautions(result);
  if (!warnings.empty()) text += "\n> [!WARNING]\n";
  for (const auto &each : warnings) text += "> - " + escaped(each) + "\n";
  if (result.series.size() > 2) text += attribution_of(result);
  for (std::size_t i = 1; i < result.series.size(); ++i) {
    if (!result.findings[i - 1].empty()) text += table_of(result, i);
  }
  return text + "\n<details>\n<summary>Environment and command</summary>\n\n" +
         escaped(place_of(result.where)) + "\n" + command_block(result.command) + "\n</details>\n";
}

}  // namespace taskworker::compare
