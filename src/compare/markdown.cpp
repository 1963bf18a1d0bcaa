// SPDX-License-Identifier: MIT
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
  auto head = findings_head(result, candidate);
  for (auto &cell : head) cell = escaped(cell);
  std::string text = head_of(head);
  for (const finding *each : primary_first(result, candidate)) {
    auto cells = findings_row(*each);
    if (each->of == result.rules.primary) cells[0] = "**" + cells[0] + "** (decides)";
    text += row_of(cells);
  }
  return text;
}

std::string attribution_of(const comparison_result &result) {
  std::string text = head_of(attribution_head(result));
  for (std::size_t i = 0; i < result.series.size(); ++i) {
    auto cells = attribution_row(result, i);
    cells[0] = escaped(cells[0]);
    text += row_of(cells);
  }
  return text;
}

std::string command_block(const std::vector<std::string> &command) {
  const std::string line = shell_line(command);
  std::string fence = "```";
  while (line.find(fence) != line.npos) fence += '`';  // it must end no sooner
  return "\n" + fence + "\n" + line + "\n" + fence + "\n";
}

std::string gate_line(const comparison_result &result, const gate_finding &found) {
  const std::string told = escaped(told_of_gate(result, found));
  return found.is == gate_outcome::kept ? "- " + told + "\n" : "- **Failed:** " + told + "\n";
}

}  // namespace

std::string as_markdown(const comparison_result &result) {
  std::string text = "## taskworker compare\n\n";
  if (result.is_partial) text += "**" + partial_notice(result) + "**\n\n";
  for (std::size_t i = 1; i < result.series.size(); ++i) {
    text += "- " + escaped(conclusion(result, i)) + "\n";
  }
  for (const auto &each : result.gates) text += gate_line(result, each);
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
