// SPDX-License-Identifier: MIT
#include "compare/sample.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <cstring>
#include <string_view>

#include "compare/metric.hpp"
#include "metrics/units.hpp"
#include "process/child_process.hpp"
#include "strategy/signal_name.hpp"

namespace taskworker::compare {
namespace {

namespace json = boost::json;

constexpr double nanoseconds_in_second = 1e9;

/// What stands at "a/b"; null where a key is missing.
const json::value *find(const json::value &report, std::string_view where) {
  const json::value *at = &report;
  while (at != nullptr && !where.empty()) {
    const auto key = where.substr(0, where.find('/'));
    where.remove_prefix(std::min(key.size() + 1, where.size()));
    at = at->is_object() ? at->as_object().if_contains(key) : nullptr;
  }
  return at;
}

std::optional<double> number_at(const json::value &report, std::string_view where) {
  const json::value *found = find(report, where);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  return found->to_number<double>();
}

std::string text_at(const json::value &report, std::string_view where) {
  const json::value *found = find(report, where);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : "";
}

std::optional<double> value_of(const metric &of, const json::value &report, double processed) {
  auto value = number_at(report, of.where);
  if (!value) return std::nullopt;
  // Reports have times in seconds.
  if (of.in == unit::nanoseconds) *value *= nanoseconds_in_second;
  if (of.is_per_task) *value /= processed;
  return value;
}

std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const auto begin = text.rfind('\n');
  return begin == std::string::npos ? text : text.substr(begin + 1);
}

// Without what only leads on to the next one.
std::string first_line(const std::string &text) {
  std::string line = text.substr(0, text.find('\n'));
  return line.substr(0, line.find("; the stack, innermost first:"));
}

// What a run that was cut off says of itself; "" when it wrote no report.
std::string verdict_of(const std::string &report) {
  json::error_code error;
  const json::value parsed = json::parse(report, error);
  return error ? "" : text_at(parsed, "verdict");
}

// Of wrong results the first one is told first, and last that there are more. A strategy that
// hangs while it is opened is told of with its stack, and later in the report alone.
std::string reason_of(const process::child_outcome &ended) {
  constexpr int tasks_failed = 5;
  constexpr int timed_out = 6;
  if (ended.status == timed_out) {
    return ended.err.empty() ? verdict_of(ended.out) : first_line(ended.err);
  }
  return ended.status == tasks_failed ? first_line(ended.err) : last_line(ended.err);
}

// A crash tells first who it was, then its stack; other ends tell last why.
[[noreturn]] void refuse(const std::string &word, const process::child_outcome &ended,
                         std::chrono::nanoseconds patience) {
  const std::string who = "'" + word + "' ";
  if (ended.is_late) {
    const double seconds = std::chrono::duration<double>(patience).count();
    throw sample_error(who + "did not end within " + metrics::in_time(seconds), 128 + SIGKILL);
  }
  if (ended.signal != 0) {
    throw sample_error(who + "was killed by " +
                           std::string(strategy::signal_name(ended.signal).view()) + ": " +
                           first_line(ended.err),
                       128 + ended.signal);
  }
  throw sample_error(
      who + "ended with status " + std::to_string(ended.status) + ": " + reason_of(ended),
      ended.status);
}

}  // namespace

sample read_sample(const std::string &report) {
  json::error_code error;
  const json::value parsed = json::parse(report, error);
  const auto processed = error ? std::nullopt : number_at(parsed, "tasks/processed");
  if (!processed || *processed == 0) {
    throw sample_error("no report of a run with tasks done on its standard output, but '" +
                           first_line(report).substr(0, 80) + "'",
                       0);
  }
  sample taken;
  for (const metric &each : metrics()) taken.values.push_back(value_of(each, parsed, *processed));
  taken.processed = static_cast<std::uint64_t>(*processed);
  taken.busy_seconds = number_at(parsed, "busy_seconds").value_or(0);
  taken.workload = text_at(parsed, "workload");
  taken.results_digest = text_at(parsed, "results/digest");
  taken.report = report;
  return taken;
}

std::optional<sample> take_sample(const std::string &program, const std::string &strategy,
                                  const std::vector<std::string> &arguments,
                                  std::chrono::nanoseconds patience, bool (*is_cancelled)()) {
  std::vector<std::string> words{"--strategy=" + strategy};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto ended = process::run_child(program, words, patience, is_cancelled);
  if (!ended) return std::nullopt;
  if (ended->status != 0) refuse(strategy, *ended, patience);
  try {
    return read_sample(ended->out);
  } catch (const sample_error &error) {
    throw sample_error("'" + strategy + "' gave " + error.what(), error.exit_status());
  }
}

}  // namespace taskworker::compare
