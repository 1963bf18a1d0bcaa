// SPDX-License-Identifier: MIT
#include "check/report.hpp"

#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <string_view>

#include "strategy/text.hpp"

namespace taskworker::check {
namespace {

namespace json = boost::json;

constexpr std::size_t outcome_width = 11;  ///< of the longest, and two spaces
constexpr std::size_t kept_output = 4096;
constexpr std::array all_outcomes = {outcome::passed,    outcome::failed,  outcome::crashed,
                                     outcome::timed_out, outcome::warning, outcome::skipped};

const char *color_of(outcome what) {
  switch (what) {
    case outcome::passed:
      return "\033[32m";
    case outcome::warning:
      return "\033[33m";
    case outcome::skipped:
      return "\033[2m";
    default:
      return "\033[31m";
  }
}

std::string first_line(const case_result &done, bool has_color) {
  std::string word = name_of(done.found.what);
  const std::string gap(outcome_width - word.size(), ' ');
  if (has_color) word = color_of(done.found.what) + word + "\033[0m";
  return word + gap + done.what->name + "\n";
}

/// The end of what it printed, as it can be shown on a terminal.
std::string tail_of(const std::string &output) {
  std::string_view rest = output;
  if (rest.size() > kept_output) rest.remove_prefix(rest.size() - kept_output);
  while (rest.ends_with('\n')) rest.remove_suffix(1);
  std::string text;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    text += "           | " + strategy::one_line(strategy::valid_utf8(line)) + "\n";
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return text;
}

std::string indented(const std::string &text) { return strategy::row("", text, outcome_width); }

/// "1 warning", "2 warnings", "2 failed".
std::string counted(std::size_t count, outcome what) {
  const bool is_many = what == outcome::warning && count != 1;
  return std::to_string(count) + " " + name_of(what) + (is_many ? "s" : "");
}

json::object json_of(const case_result &done) {
  return {
      {"name", done.what->name},
      {"asserts", done.what->asserts},
      {"rule", done.found.rule.empty() ? done.what->rule : done.found.rule},
      {"outcome", name_of(done.found.what)},
      {"detail", strategy::valid_utf8(done.found.detail)},
      {"output", strategy::valid_utf8(done.output)},
      {"seconds", std::chrono::duration<double>(done.took).count()},
  };
}

json::value text_or_null(const std::string &text) {
  return text.empty() ? json::value(nullptr) : json::value(strategy::valid_utf8(text));
}

}  // namespace

std::string describe_cases(const std::vector<const check_case *> &cases) {
  constexpr std::size_t indent = 34;
  std::string text;
  for (const auto *each : cases) text += strategy::row(each->name, each->asserts, indent);
  return text;
}

std::string describe_case(const case_result &done, bool has_color) {
  std::string text = first_line(done, has_color);
  const outcome what = done.found.what;
  if (what == outcome::passed) return text;
  text += indented(strategy::one_line(done.found.detail));
  if (what == outcome::skipped) return text;
  text += indented("asserts: " + std::string(done.what->asserts));
  text += indented("rule: " + done.found.rule);
  return is_finding(what) ? text + tail_of(done.output) : text;
}

std::string describe_counts(const check_result &result) {
  std::string text;
  for (const outcome each : all_outcomes) {
    const std::size_t count = result.count(each);
    if (count == 0 && each != outcome::passed) continue;
    text += (text.empty() ? "" : ", ") + counted(count, each);
  }
  return text + "\n";
}

std::string as_json(const check_result &result, const std::string &strategy) {
  json::array cases;
  for (const auto &each : result.cases) cases.push_back(json_of(each));
  json::object counts;
  for (const outcome each : all_outcomes) counts[name_of(each)] = result.count(each);
  const json::object report{
      {"schema", "taskworker.check/1"},
      {"strategy", strategy::valid_utf8(strategy)},
      {"name", text_or_null(result.strategy_name)},
      {"version", text_or_null(result.strategy_version)},
      {"is_partial", result.is_partial},
      {"counts", std::move(counts)},
      {"cases", std::move(cases)},
  };
  return json::serialize(report) + "\n";
}

}  // namespace taskworker::check
