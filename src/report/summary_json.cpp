// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <chrono>

#include "metrics/tick_clock.hpp"
#include "report/summary.hpp"

namespace taskworker::report {
namespace {

namespace json = boost::json;

const char *name_of(worker::session_end end) {
  switch (end) {
    case worker::session_end::tasks_done:
      return "tasks_done";
    case worker::session_end::duration_over:
      return "duration_over";
    case worker::session_end::stop_signal:
      return "stop_signal";
    case worker::session_end::second_signal:
      return "second_signal";
    case worker::session_end::start_overdue:
      return "start_overdue";
    case worker::session_end::grace_over:
      return "grace_over";
    case worker::session_end::crash:
      return "crash";
  }
  return "";
}

double seconds_of(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

json::object config_of(const run_summary &summary) {
  const auto &config = summary.config;
  json::object options;
  for (const auto &option : config.options) options[option.name] = option.value;
  return {{"options", options},
          {"tasks", config.tasks},
          {"workers", config.workers},
          {"data_size_elements", config.data_size},
          {"duration_seconds", seconds_of(config.duration)},
          {"grace_seconds", seconds_of(config.grace)},
          {"start_timeout_seconds", seconds_of(config.start_timeout)},
          {"task_timeout_seconds", seconds_of(config.task_timeout)},
          {"rate_tasks_per_second", config.rate},
          {"source", config.source.empty() ? "generator" : config.source},
          {"verify_every", config.verify_every},
          {"worker_nice", config.nice}};
}

json::object tasks_of(const run_summary &summary) {
  const auto &totals = summary.outcome.totals;
  json::object errors;
  for (std::size_t i = 0; i < totals.errors.size(); ++i) {
    errors[metrics::name_of(static_cast<metrics::task_error>(i))] = totals.errors[i];
  }
  json::object by_operation;
  for (std::size_t i = 0; i < totals.operations.size(); ++i) {
    by_operation[summary.operations[i]] = totals.operations[i].processed;
  }
  return {{"generated", totals.generated},
          {"processed", totals.processed()},
          {"failed", totals.failed()},
          {"drained", totals.drained},
          {"abandoned", summary.outcome.abandoned()},
          {"errors", errors},
          {"processed_by_operation", by_operation}};
}

json::value times_of(const metrics::histogram_counts &counts) {
  if (counts.count == 0) return nullptr;
  const auto at = [&](double q) { return metrics::tick_clock::to_seconds(counts.quantile(q)); };
  return json::object{
      {"mean", metrics::tick_clock::to_seconds(counts.sum) / static_cast<double>(counts.count)},
      {"p50", at(0.50)},
      {"p90", at(0.90)},
      {"p99", at(0.99)},
      {"p99_9", at(0.999)},
      {"max", metrics::tick_clock::to_seconds(counts.maximum)}};
}

json::object sample_of(const worker::resource_sample &sample, bool has_jemalloc) {
  const auto bytes = [&](std::uint64_t value) {
    return has_jemalloc ? json::value(value) : json::value(nullptr);
  };
  return {{"threads", sample.threads},
          {"jobs", sample.jobs},
          {"allocated_bytes", bytes(sample.memory.allocated)},
          {"active_bytes", bytes(sample.memory.active)},
          {"resident_bytes", bytes(sample.memory.resident)},
          {"retained_bytes", bytes(sample.memory.retained)}};
}

json::object process_of(const worker::session_outcome &outcome) {
  const auto &start = outcome.process_start;
  const auto &end = outcome.process_end;
  return {{"cpu_seconds", end.cpu_seconds - start.cpu_seconds},
          {"context_switches", end.voluntary_switches + end.involuntary_switches -
                                   start.voluntary_switches - start.involuntary_switches},
          {"page_faults",
           end.minor_faults + end.major_faults - start.minor_faults - start.major_faults},
          {"peak_resident_bytes", outcome.peak_resident},
          {"instructions",
           outcome.instructions ? json::value(*outcome.instructions) : json::value(nullptr)},
          {"descriptors_left",
           static_cast<std::int64_t>(end.open_fds) - static_cast<std::int64_t>(start.open_fds)}};
}

// Of the results that were checked. The digest as text: not all readers of JSON keep 64 bits.
json::object results_of(const run_summary &summary) {
  const auto &totals = summary.outcome.totals;
  const bool is_known = summary.are_bytes_equal && totals.verified > 0;
  return {
      {"checked", totals.verified},
      {"digest", is_known ? json::value(std::to_string(totals.digests)) : json::value(nullptr)}};
}

json::object leaks_of(const worker::session_outcome &outcome) {
  json::array places;
  for (const auto &leak : outcome.leaks) {
    places.push_back({{"kind", leak.what == worker::leak::kind::thread ? "thread" : "job"},
                      {"count", leak.count},
                      {"place", leak.place}});
  }
  return {{"threads", outcome.leaked(worker::leak::kind::thread)},
          {"jobs", outcome.leaked(worker::leak::kind::job)},
          {"places", places}};
}

json::array stuck_of(const run_summary &summary) {
  json::array stuck;
  for (const auto &each : summary.outcome.stuck) {
    stuck.push_back({{"worker", each.worker},
                     {"task", each.id},
                     {"operation", summary.operations[each.operation]},
                     {"seconds", seconds_of(each.running)},
                     {"stack", json::array(each.stack.begin(), each.stack.end())}});
  }
  for (const auto &each : summary.outcome.stuck_threads) {
    stuck.push_back(
        {{"thread", each.name}, {"stack", json::array(each.stack.begin(), each.stack.end())}});
  }
  return stuck;
}

}  // namespace

std::string as_json(const run_summary &summary) {
  const auto &outcome = summary.outcome;
  const bool counted = summary.has_jemalloc && !outcome.was_cut_off();
  const auto if_counted = [&](auto value) {
    return counted ? json::value(value) : json::value(nullptr);
  };
  const json::object report{
      {"schema", "taskworker.report/1"},
      {"strategy",
       {{"name", summary.strategy},
        {"version", summary.strategy_version},
        {"path", summary.strategy_path}}},
      {"config", config_of(summary)},
      {"end", name_of(outcome.end)},
      {"exit_code", summary.exit_code},
      {"workload", summary.workload},
      {"tasks", tasks_of(summary)},
      {"results", results_of(summary)},
      {"busy_seconds", outcome.seconds},
      {"tasks_per_second", summary.tasks_per_second()},
      {"processing_seconds", times_of(outcome.totals.durations())},
      {"queue_wait_seconds", times_of(outcome.totals.waits)},
      {"bytes_per_task", if_counted(summary.bytes_per_task())},
      {"allocations_per_task", if_counted(summary.allocations_per_task())},
      {"allocated_bytes_on_other_threads", if_counted(outcome.other_allocated_bytes)},
      {"resources",
       {{"start", sample_of(outcome.start, summary.has_jemalloc)},
        {"peak", sample_of(outcome.peak, summary.has_jemalloc)},
        {"end", sample_of(outcome.end_sample, summary.has_jemalloc)}}},
      {"process", process_of(outcome)},
      {"leaked", leaks_of(outcome)},
      {"stuck", stuck_of(summary)},
      {"crash", outcome.crash.empty() ? json::value(nullptr) : json::value(outcome.crash)},
      {"verdict", verdict(summary)},
  };
  return json::serialize(report) + "\n";
}

}  // namespace taskworker::report
