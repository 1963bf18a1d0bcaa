// SPDX-License-Identifier: MIT
#include "compare/gate.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace taskworker::compare {
namespace {

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

[[noreturn]] void refuse(std::string_view text, const std::string &why) {
  throw gate_error("'" + std::string(text) + "': " + why +
                   "; expected METRIC>BOUND or METRIC<BOUND, as in 'p99>+5%' or "
                   "'allocations_per_task>0'");
}

// Digits with a point, and no sign of their own.
std::optional<double> read_number(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.front() == '+') return std::nullopt;
  double value = 0;
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  const bool is_whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  if (!is_whole || !std::isfinite(value)) return std::nullopt;
  return value;
}

void read_bound(gate &into, std::string_view bound) {
  into.is_relative = !bound.empty() && bound.back() == '%';
  if (!into.is_relative) {
    const auto value = read_number(bound);
    if (!value) refuse(into.text, "the bound is no number");
    into.bound = *value;
    return;
  }
  bound.remove_suffix(1);
  const char sign = bound.empty() ? ' ' : bound.front();
  const auto percent = bound.empty() ? std::nullopt : read_number(trim(bound.substr(1)));
  if (!percent || (sign != '+' && sign != '-')) {
    refuse(into.text, "a change has a sign and a number before the '%'");
  }
  into.bound = 1 + (sign == '-' ? -*percent : *percent) / 100;
}

bool is_past(const gate &asked, double value) {
  return asked.fails_above ? value > asked.bound : value < asked.bound;
}

bool every_sample_is_past(const gate &asked, const sample_series &candidate) {
  const auto number = static_cast<std::size_t>(asked.of - metrics().data());
  return std::all_of(candidate.samples.begin(), candidate.samples.end(), [&](const sample &each) {
    return each.values[number] && is_past(asked, *each.values[number]);
  });
}

// Without an interval only what is counted, or what a test has told apart, is sure.
bool is_change_past(const gate &asked, const finding &found) {
  if (found.between)
    return is_past(asked, asked.fails_above ? found.between->low : found.between->high);
  if (!found.is_counted && found.p >= significance) return false;
  if (found.ratio) return is_past(asked, *found.ratio);
  // From nothing to something is above every change, and nothing is below.
  return asked.fails_above && found.candidate > found.baseline;
}

}  // namespace

gate parse_gate(std::string_view text) {
  gate parsed;
  parsed.text = text;
  const auto at = text.find_first_of("<>");
  if (at == std::string_view::npos) refuse(text, "there is no '>' or '<'");
  const auto name = trim(text.substr(0, at));
  parsed.of = find_metric(name);
  if (parsed.of == nullptr) {
    refuse(text, "'" + std::string(name) + "' is no metric, which are " + all_metric_names());
  }
  parsed.fails_above = text[at] == '>';
  read_bound(parsed, trim(text.substr(at + 1)));
  return parsed;
}

const char *name_of(gate_outcome what) {
  if (what == gate_outcome::untold) return "untold";
  return what == gate_outcome::broken ? "broken" : "kept";
}

gate_outcome judge(const gate &asked, const std::vector<finding> &findings,
                   const sample_series &candidate) {
  const auto found = std::find_if(findings.begin(), findings.end(),
                                  [&](const finding &each) { return each.of == asked.of; });
  if (found == findings.end()) return gate_outcome::untold;
  const bool is_broken =
      asked.is_relative ? is_change_past(asked, *found) : every_sample_is_past(asked, candidate);
  return is_broken ? gate_outcome::broken : gate_outcome::kept;
}

}  // namespace taskworker::compare
