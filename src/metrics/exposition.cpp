// SPDX-License-Identifier: MIT
#include "metrics/exposition.hpp"

#include <prometheus/metric_family.h>

#include <array>
#include <chrono>
#include <limits>
#include <utility>

#include "metrics/exposition_text.hpp"
#include "metrics/tick_clock.hpp"

namespace taskworker::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using labels = std::vector<ClientMetric::Label>;

constexpr std::size_t bound_count = 25;

/// For each fine bucket, the first bound that is not below any of its values. Made
/// once: if it moved with the clock's calibration, counters could fall.
using bound_index = std::array<std::uint8_t, log_linear_scale::buckets>;

const bound_index &bounds_of_buckets() {
  static const bound_index index = [] {
    bound_index made{};
    const auto &bounds = duration_bounds_ns();
    for (std::size_t bucket = 0; bucket < made.size(); ++bucket) {
      const double highest = tick_clock::to_ns(log_linear_scale::highest_of(bucket));
      std::uint8_t bound = 0;
      while (bound < bounds.size() && static_cast<double>(bounds[bound]) < highest) ++bound;
      made[bucket] = bound;
    }
    return made;
  }();
  return index;
}

ClientMetric::Histogram fold(const histogram_counts &counts) {
  std::array<std::uint64_t, bound_count + 1> folded{};
  for (std::size_t bucket = 0; bucket < counts.buckets.size(); ++bucket) {
    folded[bounds_of_buckets()[bucket]] += counts.buckets[bucket];
  }
  ClientMetric::Histogram histogram;
  histogram.sample_count = counts.count;
  histogram.sample_sum = tick_clock::to_seconds(counts.sum);
  histogram.bucket.reserve(folded.size());
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    cumulative += folded[i];
    const double bound = i < bound_count ? static_cast<double>(duration_bounds_ns()[i]) / 1e9
                                         : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({cumulative, bound});
  }
  return histogram;
}

/// Builds the families of one scrape. All worker_* metrics carry worker_type first.
class exposition_builder {
 public:
  explicit exposition_builder(const std::string &worker_type) : worker_type_(worker_type) {}

  void family(std::string name, std::string help, MetricType type) {
    families_.push_back({std::move(name), std::move(help), type, {}});
  }
  void counter(double value, labels with = {}) { add(std::move(with)).counter.value = value; }
  void gauge(double value, labels with = {}) { add(std::move(with)).gauge.value = value; }
  void histogram(const histogram_counts &counts, labels with = {}) {
    add(std::move(with)).histogram = fold(counts);
  }

  void one_counter(std::string name, std::string help, double value, labels with = {}) {
    family(std::move(name), std::move(help), MetricType::Counter);
    counter(value, std::move(with));
  }
  void one_gauge(std::string name, std::string help, double value, labels with = {}) {
    family(std::move(name), std::move(help), MetricType::Gauge);
    gauge(value, std::move(with));
  }

  /// worker_type and, where given, one more label.
  [[nodiscard]] labels worker() const { return {{"worker_type", worker_type_}}; }
  [[nodiscard]] labels worker(const char *name, std::string value) const {
    return {{"worker_type", worker_type_}, {name, std::move(value)}};
  }

  [[nodiscard]] std::string text() const { return to_text(families_); }

 private:
  ClientMetric &add(labels with) {
    ClientMetric &metric = families_.back().metric.emplace_back();
    metric.label = std::move(with);
    return metric;
  }

  const std::string worker_type_;
  std::vector<MetricFamily> families_;
};

double number(std::uint64_t value) { return static_cast<double>(value); }

double unix_seconds(std::uint64_t ticks) {
  const double ago = tick_clock::to_seconds(tick_clock::now() - ticks);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count() - ago;
}

void add_tasks(exposition_builder &out, const std::vector<std::string> &operations,
               const task_totals &tasks) {
  out.family("worker_tasks_processed_total", "Tasks processed with a right result.",
             MetricType::Counter);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    out.counter(number(tasks.operations[i].processed), out.worker("operation", operations[i]));
  }
  out.family("worker_task_errors_total", "Tasks that ended in an error, by what was wrong.",
             MetricType::Counter);
  for (std::size_t i = 0; i < task_error_count; ++i) {
    const auto name = name_of(static_cast<task_error>(i));
    out.counter(number(tasks.errors[i]), out.worker("error_type", std::string(name)));
  }
  out.one_gauge("worker_tasks_in_queue", "Tasks taken from the source and not yet done.",
                number(tasks.queued), out.worker());
  out.family("worker_task_processing_duration_seconds",
             "Time that the strategy took for a task, by operation.", MetricType::Histogram);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    out.histogram(tasks.operations[i].durations, out.worker("operation", operations[i]));
  }
  out.family("worker_queue_wait_seconds", "Time from a task being due to its begin.",
             MetricType::Histogram);
  out.histogram(tasks.waits, out.worker());
  if (tasks.last_done != 0) {
    out.one_gauge("worker_last_progress_timestamp_seconds",
                  "When a worker last got something done, in Unix time.",
                  unix_seconds(tasks.last_done), out.worker());
  }
}

void add_timeouts(exposition_builder &out, const exposition_figures &figures) {
  out.one_gauge("worker_stuck_tasks",
                "Tasks that have run longer than --task-timeout and still do.",
                number(figures.stuck_tasks), out.worker());
  out.one_counter("worker_task_timeouts_total", "Tasks that ran longer than --task-timeout.",
                  number(figures.task_timeouts), out.worker());
}

void add_allocator(exposition_builder &out, const allocator_figures &memory) {
  const auto worker = out.worker();
  out.one_gauge("worker_allocated_memory_bytes", "Memory in use by the program.",
                number(memory.allocated), worker);
  out.one_counter("worker_allocated_bytes_total", "Bytes ever allocated.",
                  number(memory.allocated_total), worker);
  out.one_counter("worker_allocations_total", "Allocations ever made.",
                  number(memory.allocations_total), worker);
  out.one_counter("worker_deallocations_total", "Allocations ever freed.",
                  number(memory.deallocations_total), worker);
  out.one_gauge("worker_allocator_active_bytes", "Pages that hold memory in use.",
                number(memory.active), worker);
  out.one_gauge("worker_allocator_resident_bytes", "Physical memory that the allocator holds.",
                number(memory.resident), worker);
  out.one_gauge("worker_allocator_retained_bytes",
                "Memory given back to the system, its addresses kept.", number(memory.retained),
                worker);
  out.one_gauge("worker_allocator_metadata_bytes", "Memory that the allocator needs for itself.",
                number(memory.metadata), worker);
  out.one_counter("worker_allocator_purges_total", "Times that unused pages were given back.",
                  number(memory.purges_total), worker);
}

void add_kernel(exposition_builder &out, const process_figures &process, std::uint64_t jobs) {
  out.one_gauge("worker_active_threads", "Threads of the whole process.", number(process.threads),
                out.worker());
  out.one_gauge("worker_active_jobs", "Jobs that the strategy started and did not cancel.",
                number(jobs), out.worker());
  out.family("worker_context_switches_total", "Context switches of the process, by kind.",
             MetricType::Counter);
  out.counter(number(process.voluntary_switches), out.worker("kind", "voluntary"));
  out.counter(number(process.involuntary_switches), out.worker("kind", "involuntary"));
  out.family("worker_page_faults_total", "Page faults of the process, by kind.",
             MetricType::Counter);
  out.counter(number(process.minor_faults), out.worker("kind", "minor"));
  out.counter(number(process.major_faults), out.worker("kind", "major"));
}

/// The standard metrics of a process, without labels
/// (prometheus.io/docs/instrumenting/writing_clientlibs, "Process metrics").
void add_process(exposition_builder &out, const process_figures &process) {
  out.one_counter("process_cpu_seconds_total", "CPU time of user and system, in seconds.",
                  process.cpu_seconds);
  out.one_gauge("process_open_fds", "Open file descriptors.", number(process.open_fds));
  out.one_gauge("process_max_fds", "Most file descriptors that may be open.",
                number(process.max_fds));
  out.one_gauge("process_virtual_memory_bytes", "Virtual memory size.",
                number(process.virtual_bytes));
  if (process.virtual_max_bytes != 0) {
    out.one_gauge("process_virtual_memory_max_bytes", "Most virtual memory that may be had.",
                  number(process.virtual_max_bytes));
  }
  out.one_gauge("process_resident_memory_bytes", "Resident memory size.",
                number(process.resident_bytes));
  out.one_gauge("process_heap_bytes", "Heap size as the kernel sees it.",
                number(process.heap_bytes));
  out.one_gauge("process_start_time_seconds", "Start of the process, in Unix time.",
                process.start_time_seconds);
  out.one_gauge("process_threads", "Threads of the process.", number(process.threads));
}

void add_profiler(exposition_builder &out, const profiler_figures &profiler) {
  out.one_counter("taskworker_profiler_samples_total", "Stacks that the CPU profiler took.",
                  number(profiler.samples));
  out.one_counter("taskworker_profiler_lost_samples_total",
                  "CPU samples that there was no room to keep.", number(profiler.lost_samples));
  out.one_counter("taskworker_profiler_timer_overruns_total",
                  "Timer ticks that came while the signal of an earlier one waited.",
                  number(profiler.overruns));
  out.one_counter("taskworker_profiler_failed_unwinds_total",
                  "Stacks that could not be read to their end.", number(profiler.failed_unwinds));
  out.one_gauge("taskworker_profiler_threads_without_timer",
                "Threads that the system gave no CPU timer; they are not in CPU profiles.",
                number(profiler.threads_without_timer));
  out.one_counter("taskworker_profiler_cpu_seconds_total",
                  "CPU time that sampling took: signal handlers and the profiler's thread.",
                  profiler.cpu_seconds);
}

void add_identity(exposition_builder &out, const exposition_identity &identity) {
  out.one_gauge("taskworker_build_info", "This program; always 1.", 1,
                {{"version", identity.version},
                 {"revision", identity.revision},
                 {"compiler", identity.compiler},
                 {"build_type", identity.build_type}});
  out.one_gauge("taskworker_strategy_info", "The strategy that runs; always 1.", 1,
                {{"name", identity.strategy},
                 {"version", identity.strategy_version},
                 {"abi", identity.strategy_abi}});
}

}  // namespace

const std::vector<std::uint64_t> &duration_bounds_ns() {
  static const std::vector<std::uint64_t> bounds = [] {
    std::vector<std::uint64_t> made;
    for (std::uint64_t decade = 10; decade < 1'000'000'000; decade *= 10) {
      for (const std::uint64_t step : {1u, 2u, 5u}) made.push_back(step * decade);
    }
    made.push_back(1'000'000'000);
    return made;
  }();
  return bounds;
}

std::string expose(const exposition_identity &identity, const exposition_figures &figures) {
  exposition_builder out(identity.strategy);
  add_tasks(out, identity.operations, figures.tasks);
  add_timeouts(out, figures);
  if (figures.allocator) add_allocator(out, *figures.allocator);
  add_kernel(out, figures.process, figures.jobs);
  add_process(out, figures.process);
  add_profiler(out, figures.profiler);
  add_identity(out, identity);
  return out.text();
}

}  // namespace taskworker::metrics
