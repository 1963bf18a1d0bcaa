// SPDX-License-Identifier: MIT
#include "compare/html.hpp"

#include <array>
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "compare/report_page/report_page.hpp"
#include "compare/sentences.hpp"
#include "compare/wording.hpp"
#include "profiling/format/html_text.hpp"
#include "strategy/text.hpp"

namespace taskworker::compare {
namespace {

namespace json = boost::json;
using profiling::escape_html;
using strategy::one_line;

constexpr std::size_t columns_of_name = 28;  // in a drawing

// ---- Text -----------------------------------------------------------------------------------

std::string element(const std::string &name, const std::string &content,
                    const std::string &style = "") {
  const std::string of_class = style.empty() ? "" : " class=\"" + style + "\"";
  return "<" + name + of_class + ">" + content + "</" + name + ">";
}

std::string paragraph(const std::string &style, const std::string &text) {
  return element("p", escape_html(one_line(text)), style) + "\n";
}

/// "no-difference": a verdict as a class; empty of what is none.
std::string class_of_verdict(std::string_view word) {
  std::string style(word);
  for (char &c : style) c = c == ' ' ? '-' : c;
  return word == "-" || word == "baseline" ? "" : style;
}

/// A word of a user, which may go on in the next line where a part of it ends.
std::string breakable(const std::string &word) {
  std::string text;
  std::string part;
  for (const char c : one_line(word)) {
    part += c;
    if (std::string_view(":/,=").find(c) == std::string_view::npos) continue;
    text += escape_html(part) + "<wbr>";
    part.clear();
  }
  return text + escape_html(part);
}

std::string head_of(const std::vector<std::string> &cells) {
  std::string row;
  for (const auto &cell : cells) row += "<th scope=\"col\">" + breakable(cell) + "</th>";
  return "<thead><tr>" + row + "</tr></thead>\n";
}

/// The first cell heads the row, the last one is a verdict.
std::string row_of(const std::vector<std::string> &cells, const std::string &after_first = "") {
  std::string row =
      "<th scope=\"row\">" + escape_html(one_line(cells.front())) + after_first + "</th>";
  for (std::size_t i = 1; i < cells.size(); ++i) {
    const bool is_verdict = i + 1 == cells.size();
    row += element("td", escape_html(cells[i]), is_verdict ? class_of_verdict(cells[i]) : "number");
  }
  return element("tr", row) + "\n";
}

std::string table(const std::string &style, const std::string &head, const std::string &rows) {
  return element("div", element("table", head + "<tbody>" + rows + "</tbody>", style), "table") +
         "\n";
}

std::string findings_table(const comparison_result &result, std::size_t candidate) {
  std::string rows;
  for (const finding *each : primary_first(result, candidate)) {
    const bool decides = each->of == result.rules.primary;
    rows += row_of(findings_row(*each), decides ? " <em>decides</em>" : "");
  }
  return table("findings", head_of(findings_head(result, candidate)), rows);
}

std::string attribution_table(const comparison_result &result) {
  std::string rows;
  for (std::size_t i = 0; i < result.series.size(); ++i) rows += row_of(attribution_row(result, i));
  return table("attribution", head_of(attribution_head(result)), rows);
}

std::string candidate_section(const comparison_result &result, std::size_t candidate) {
  const std::string title = escape_html(one_line(result.series[candidate].word)) + " against " +
                            escape_html(one_line(result.series[0].word));
  return element("section", element("h3", title) + findings_table(result, candidate), "candidate") +
         "\n";
}

std::string verdicts_of(const comparison_result &result, const explanation &why) {
  std::string text;
  if (result.is_partial) text += paragraph("partial", partial_notice(result));
  for (std::size_t i = 1; i < result.series.size(); ++i) {
    text += paragraph("conclusion", conclusion(result, i));
  }
  for (const auto &each : result.gates) {
    text += paragraph(each.is == gate_outcome::kept ? "gate" : "caution",
                      told_of_gate(result, each) + ".");
  }
  text += paragraph("place", headline(result) + " On " + place_of(result.where) + ".");
  for (const auto &each : cautions(result)) text += paragraph("caution", each);
  for (std::size_t i = 0; i < why.notes.size(); ++i) {
    if (why.notes[i].empty()) continue;
    text += paragraph("caution", result.series[i].word + ": " + why.notes[i]);
  }
  if (result.series.size() > 2) text += attribution_table(result);
  for (std::size_t i = 1; i < result.series.size(); ++i) {
    if (!result.findings[i - 1].empty()) text += candidate_section(result, i);
  }
  return text;
}

std::string commands_of(const comparison_result &result) {
  std::string text = "# This report\n" + shell_line(result.command) + "\n\n# One sample of each\n";
  for (const auto &series : result.series) {
    if (series.is_saved) continue;
    std::vector<std::string> words{result.command.front(), "--strategy=" + series.word,
                                   "--tasks=" + std::to_string(result.tasks), "--duration=0",
                                   "--listen=none"};
    words.insert(words.end(), result.run_arguments.begin(), result.run_arguments.end());
    text += shell_line(words) + "\n";
  }
  return element("pre", element("code", escape_html(text)));
}

// ---- Data -----------------------------------------------------------------------------------

json::array numbers_of(const std::vector<double> &values) {
  return json::array(values.begin(), values.end());
}

json::value timeline_of(const std::optional<timeline> &went) {
  if (!went) return nullptr;
  return {{"seconds", numbers_of(went->seconds)},
          {"tasks", numbers_of(went->tasks)},
          {"threads", numbers_of(went->threads)},
          {"jobs", numbers_of(went->jobs)},
          {"resident_bytes", numbers_of(went->resident_bytes)}};
}

json::object timelines_of(const explanation &why) {
  json::array series;
  for (const auto &each : why.timelines) series.push_back(timeline_of(each));
  return {{"rate", why.rate}, {"series", std::move(series)}};
}

json::array kinds_of_profiles() {
  json::array all;
  for (const auto &kind : profile_kinds) {
    all.push_back({{"name", kind.type}, {"title", kind.title}, {"unit", kind.unit}});
  }
  return all;
}

json::array coverage_of(const explanation &why) {
  json::array all;
  for (const auto &known : why.profiles.known()) {
    json::array tasks;
    json::array periods;
    for (const auto &kind : known) {
      tasks.emplace_back(kind.tasks);
      periods.emplace_back(kind.period);
    }
    all.push_back({{"tasks", std::move(tasks)}, {"periods", std::move(periods)}});
  }
  return all;
}

/// The tree in flat lists, texts by number.
class tree_writer {
 public:
  explicit tree_writer(const profiling::call_tree &tree) : tree_(tree) {}

  void write_to(json::object &profiles) {
    profiles["functions"] = functions();
    profiles["keys"] = keys();
    profiles["nodes"] = nodes();
    profiles["leaves"] = leaves();
    profiles["strings"] = std::move(strings_);
  }

 private:
  std::size_t number_of(const std::string &text) {
    const auto [found, is_new] = numbers_.try_emplace(text, strings_.size());
    if (is_new) strings_.emplace_back(text);
    return found->second;
  }

  json::array functions() {
    json::array flat;
    for (const auto &each : tree_.functions) {
      flat.emplace_back(number_of(each.name));
      flat.emplace_back(number_of(each.file));
      flat.emplace_back(number_of(each.module));
      flat.emplace_back(static_cast<unsigned>(each.owner));
    }
    return flat;
  }

  json::array keys() {
    json::array flat;
    for (const auto &key : keys_of_functions(tree_)) flat.emplace_back(number_of(key));
    return flat;
  }

  [[nodiscard]] json::array nodes() const {
    json::array flat;
    for (const auto &each : tree_.nodes) {
      const bool is_root = each.parent == profiling::call_tree::none;
      flat.emplace_back(is_root ? -1 : std::int64_t{each.parent});
      flat.emplace_back(each.function);
      flat.emplace_back(each.line);
      flat.emplace_back(int{each.is_inlined});
    }
    return flat;
  }

  // The one label of a leaf is the number of its strategy.
  [[nodiscard]] json::array leaves() const {
    json::array flat;
    for (const auto &each : tree_.leaves) {
      flat.emplace_back(each.node);
      flat.emplace_back(std::stoll(tree_.label_sets[each.labels].front().value));
      for (const auto value : each.values) flat.emplace_back(value);
    }
    return flat;
  }

  const profiling::call_tree &tree_;
  std::map<std::string, std::size_t> numbers_;
  json::array strings_;
};

json::object profiles_of(explanation &why) {
  json::object profiles{{"kinds", kinds_of_profiles()}, {"strategies", coverage_of(why)}};
  const auto tree = why.profiles.take_tree();
  tree_writer(tree).write_to(profiles);
  return profiles;
}

/// Whole where they could not be told apart.
json::array names_of(const comparison_result &result) {
  std::set<std::string> different;
  for (const auto &each : result.series) different.insert(shortened(each.word, columns_of_name));
  json::array names;
  for (const auto &each : result.series) {
    const bool is_clear = different.size() == result.series.size();
    names.emplace_back(is_clear ? shortened(each.word, columns_of_name) : one_line(each.word));
  }
  return names;
}

/// JSON has these letters in texts only, and there they may stand escaped: so no text can end
/// the element that holds it.
std::string for_script(std::string_view json) {
  std::string text;
  for (const char c : json) {
    if (c == '<')
      text += "\\u003c";
    else if (c == '>')
      text += "\\u003e";
    else if (c == '&')
      text += "\\u0026";
    else
      text += c;
  }
  return text;
}

std::string data_of(const comparison_result &result, explanation &why) {
  return for_script("{\"comparison\":" + as_json(result) +
                    ",\"names\":" + json::serialize(names_of(result)) +
                    ",\"timelines\":" + json::serialize(timelines_of(why)) +
                    ",\"profiles\":" + json::serialize(profiles_of(why)) + "}");
}

std::string title_of(const comparison_result &result) {
  if (result.series.size() > 2) {
    return std::to_string(result.series.size() - 1) + " strategies against " +
           one_line(result.series[0].word);
  }
  return one_line(result.series[1].word) + " against " + one_line(result.series[0].word);
}

}  // namespace

std::string as_html(const comparison_result &result, explanation why) {
  const std::string title = escape_html(title_of(result));
  const std::array<profiling::page_slot, 5> slots{{
      {"{{TITLE}}", title},
      {"{{TITLE}}", title},
      {"{{VERDICTS}}", verdicts_of(result, why)},
      {"{{REPRODUCE}}", commands_of(result)},
      {"{{REPORT}}", data_of(result, why)},
  }};
  return profiling::fill_page(report_template, slots);
}

}  // namespace taskworker::compare
