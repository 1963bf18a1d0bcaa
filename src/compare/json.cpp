// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <chrono>

#include "compare/result.hpp"
#include "compare/sentences.hpp"
#include "compare/wording.hpp"
#include "strategy/text.hpp"

namespace taskworker::compare {
namespace {

namespace json = boost::json;

template <typename T>
json::value or_null(const std::optional<T> &value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::value or_null(const std::string &text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

const char *name_of(unit in) {
  switch (in) {
    case unit::nanoseconds:
      return "nanoseconds";
    case unit::seconds:
      return "seconds";
    case unit::per_second:
      return "per_second";
    case unit::bytes:
      return "bytes";
    case unit::count:
      break;
  }
  return "count";
}

json::array strings_of(const std::vector<std::string> &texts) {
  return json::array(texts.begin(), texts.end());
}

json::object metrics_of() {
  json::object all;
  for (const auto &each : metrics()) {
    all[each.name] = {{"title", each.title},
                      {"unit", name_of(each.in)},
                      {"better", each.better == direction::lower ? "lower" : "higher"},
                      {"is_exact", each.is_exact}};
  }
  return all;
}

json::object environment_of(const comparison_result &result) {
  const auto &where = result.where;
  return {{"program_version", where.program_version},
          {"compiler", where.compiler},
          {"build_type", where.build_type},
          {"sanitizers", or_null(where.sanitizers)},
          {"allocator", where.allocator},
          {"cpu", or_null(where.cpu)},
          {"kernel", or_null(where.kernel)},
          {"cpus", where.machine.cpus},
          {"usable_cpus", where.machine.usable_cpus()},
          {"load", where.machine.load},
          {"governor", or_null(where.machine.governor)},
          {"memory_available_bytes", or_null(where.machine.memory_available)},
          {"warnings", strings_of(where.warnings(result.workers))}};
}

json::object samples_of(const sample_series &series) {
  json::object all;
  for (std::size_t i = 0; i < metrics().size(); ++i) {
    json::array values;
    for (const auto &each : series.samples) values.push_back(or_null(each.values[i]));
    all[metrics()[i].name] = std::move(values);
  }
  return all;
}

json::object series_of(const sample_series &series) {
  json::array busy;
  for (const auto &each : series.samples) busy.emplace_back(each.busy_seconds);
  return {{"strategy", series.word},
          {"is_saved", series.is_saved},
          {"workload", or_null(series.workload)},
          {"results_digest", or_null(series.results_digest)},
          {"failed_runs", series.failed_runs},
          {"last_failure", or_null(series.last_failure)},
          {"busy_seconds", std::move(busy)},
          {"samples", samples_of(series)}};
}

json::object finding_of(const finding &found) {
  const auto &between = found.between;
  return {{"baseline", found.baseline},
          {"candidate", found.candidate},
          {"ratio", or_null(found.ratio)},
          {"ratio_low", between ? json::value(between->low) : json::value(nullptr)},
          {"ratio_high", between ? json::value(between->high) : json::value(nullptr)},
          {"p", found.p},
          {"verdict", name_of(found.is)},
          {"more_samples",
           found.more_samples > 0 ? json::value(found.more_samples) : json::value(nullptr)}};
}

json::object comparison_of(const comparison_result &result, std::size_t candidate) {
  json::object findings;
  for (const auto &each : result.findings[candidate - 1]) {
    findings[each.of->name] = finding_of(each);
  }
  const finding *primary = primary_of(result, candidate);
  return {
      {"baseline", result.series[0].word},
      {"candidate", result.series[candidate].word},
      {"verdict", primary != nullptr ? json::value(name_of(primary->is)) : json::value(nullptr)},
      {"conclusion", conclusion(result, candidate)},
      {"findings", std::move(findings)}};
}

json::array gates_of(const comparison_result &result) {
  json::array all;
  for (const auto &each : result.gates) {
    all.push_back({{"gate", each.text},
                   {"candidate", result.series[each.candidate].word},
                   {"outcome", name_of(each.is)}});
  }
  return all;
}

}  // namespace

std::string as_json(const comparison_result &result) {
  json::array series;
  json::array comparisons;
  for (const auto &each : result.series) series.push_back(series_of(each));
  for (std::size_t i = 1; i < result.series.size(); ++i) {
    comparisons.push_back(comparison_of(result, i));
  }
  const json::object report{
      {"schema", "taskworker.comparison/1"},
      {"is_partial", result.is_partial},
      {"taken_at", result.taken_at},
      {"command", strings_of(result.command)},
      {"run_arguments", strings_of(result.run_arguments)},
      {"elapsed_seconds", std::chrono::duration<double>(result.elapsed).count()},
      {"tasks_per_sample", result.tasks},
      {"workers", result.workers},
      {"warm_up_rounds", result.warm_up},
      {"rules",
       {{"primary", result.rules.primary->name},
        {"threshold", result.rules.threshold},
        {"seed", result.rules.seed},
        {"clock_step_seconds", result.rules.clock_step}}},
      {"metrics", metrics_of()},
      {"environment", environment_of(result)},
      {"series", std::move(series)},
      {"comparisons", std::move(comparisons)},
      {"gates", gates_of(result)},
  };
  // A word of the user, or what a strategy said, may be no UTF-8.
  return strategy::valid_utf8(json::serialize(report)) + "\n";
}

}  // namespace taskworker::compare
