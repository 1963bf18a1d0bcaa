// SPDX-License-Identifier: MIT
// report_page_writer: prints a report of made-up strategies with something of all that a page can
// show, for report_page.py.
#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "compare/comparison.hpp"
#include "compare/html.hpp"

namespace {

using namespace taskworker;

constexpr std::size_t rounds = 9;
constexpr std::uint64_t tasks = 50'000;
constexpr std::uint64_t profiled_tasks = 100 * tasks;

/// What a made-up strategy costs, and how it goes.
struct made_up {
  std::string word;
  double cpu_ns = 0;
  double bytes = 0;
  double allocations = 0;
  double threads = 0;
  double jobs = 0;
};

const std::vector<made_up> all{
    {"bad:problems=none", 1210, 0, 0, 0, 0},
    {"bad:problems=leak", 4430, 416, 5, 100, 50'000},
    {"bad:problems=alloc", 2410, 1410, 17, 0, 0},
    {"</script><b>bad", 6320, 2551.4, 25, 100, 50'000},
    {"optimized", 1198, 0, 0, 0, 0},
};

/// A factor around 1 that looks like noise and is the same each time.
double noise(std::size_t number) { return 1 + 0.02 * std::sin(static_cast<double>(number) * 2.4); }

void set(compare::sample &sample, const char *metric, double value) {
  const auto number = compare::find_metric(metric) - compare::metrics().data();
  sample.values[static_cast<std::size_t>(number)] = value;
}

compare::sample sample_of(const made_up &strategy, std::size_t number) {
  compare::sample taken;
  taken.values.resize(compare::metrics().size());
  const double cpu = strategy.cpu_ns * noise(number);
  set(taken, "cpu_ns_per_task", cpu);
  set(taken, "tasks_per_second", 2e9 / cpu);
  set(taken, "p50", cpu * 0.5);
  set(taken, "p99", cpu * 4 * noise(3 * number));
  set(taken, "p99_9", cpu * 20 * noise(5 * number));
  set(taken, "bytes_per_task", strategy.bytes);
  set(taken, "allocations_per_task", strategy.allocations);
  set(taken, "peak_resident", 12e6 + 800 * strategy.jobs * noise(number));
  set(taken, "threads_left", strategy.threads);
  set(taken, "jobs_left", strategy.jobs);
  set(taken, "descriptors_left", 0);
  taken.busy_seconds = cpu * tasks / 2e9;
  return taken;
}

compare::comparison_result result() {
  compare::comparison_result made;
  made.rules = {compare::find_metric("cpu_ns_per_task"), 0.01, 1};
  for (const auto &strategy : all) {
    compare::sample_series series{.word = strategy.word};
    for (std::size_t i = 0; i < rounds; ++i) series.samples.push_back(sample_of(strategy, i));
    made.series.push_back(std::move(series));
  }
  for (std::size_t i = 1; i < all.size(); ++i) {
    made.findings.push_back(compare::compare(made.series[0], made.series[i], made.rules));
  }
  made.where.cpu = "Some CPU @ 2.10GHz";
  made.where.allocator = "jemalloc 5.3.0";
  made.where.build_type = "release";
  made.where.compiler = "gcc 12.2.0";
  made.where.program_version = "0.1.0";
  made.where.machine.cpus = 2;
  made.where.machine.load = 1.9;
  made.command = {"taskworker", "compare"};
  for (const auto &strategy : all) made.command.push_back(strategy.word);
  made.run_arguments = {"--workers=2"};
  made.tasks = tasks;
  made.workers = 2;
  made.warm_up = 1;
  return made;
}

compare::timeline timeline_of(const made_up &strategy) {
  compare::timeline went;
  for (int look = 1; look <= 30; ++look) {
    const double share = look / 30.0;
    went.seconds.push_back(look * 0.1);
    went.tasks.push_back(std::floor(tasks * share));
    went.threads.push_back(12 + std::floor(strategy.threads * share));
    went.jobs.push_back(4 + std::floor(strategy.jobs * share));
    went.resident_bytes.push_back(12e6 + std::floor(800 * strategy.jobs * share));
  }
  return went;
}

/// Makes profiles of stacks that are told as "main;work;leaf".
class profile_writer {
 public:
  profile_writer(std::vector<profiling::value_type> types, profiling::value_type period_type,
                 std::int64_t period) {
    made_.content.sample_types = std::move(types);
    made_.content.period_type = std::move(period_type);
    made_.content.period = period;
  }

  void add(const std::vector<profiling::source_place> &outermost_first,
           std::vector<std::int64_t> values) {
    profiling::profile_sample sample;
    for (auto place = outermost_first.rbegin(); place != outermost_first.rend(); ++place) {
      made_.places[++last_] = {*place};
      sample.frames.push_back(last_);
    }
    sample.values = std::move(values);
    made_.content.samples.push_back(std::move(sample));
  }

  const profiling::named_profile &made() const { return made_; }

 private:
  profiling::named_profile made_;
  std::uintptr_t last_ = 0;
};

profiling::source_place place(const std::string &function, const std::string &file,
                              std::uint32_t line, const std::string &module) {
  profiling::source_place made;
  made.function = function;
  made.file = file;
  made.line = line;
  made.module = module;
  return made;
}

void add_profiles(compare::joint_profile &profiles, std::size_t number) {
  const made_up &strategy = all[number];
  const bool is_optimized = strategy.word == "optimized";
  const std::string name = is_optimized ? "optimized" : "bad";
  const std::string file = "strategies/" + name + "/" + name + ".cpp";
  const std::string module = "/opt/strategies/" + name + ".so";
  const auto run = place("worker::loop::run", "src/worker_thread.cpp", 81, "/opt/taskworker");
  const auto fill = place("worker::generator::fill", "src/generator.cpp", 18, "/opt/taskworker");
  const auto process =
      place(name + "::(anonymous namespace)::process", file, is_optimized ? 40 : 170, module);
  const auto keep = place("operator</b><i>", file, 214, module);
  const auto job = place(name + "::start_job", file, 150, module);
  const auto look_up = place(name + "::look_up", file, 99, module);
  const auto allocate = place("operator new", "", 0, "/usr/lib/libstdc++.so.6");
  const auto copy = place("memcpy", "", 0, "/usr/lib/libc.so.6");

  profile_writer cpu({{"cpu", "nanoseconds"}}, {"cpu", "nanoseconds"}, 10'000'000);
  const auto samples = [&](double ns_per_task) {
    return std::vector<std::int64_t>{std::llround(ns_per_task * profiled_tasks / 1e7) * 10'000'000};
  };
  cpu.add({run}, samples(200));
  cpu.add({run, fill}, samples(150));
  cpu.add({run, process}, samples(is_optimized ? 400 : 1000));
  if (number == 0) cpu.add({run, process, look_up}, samples(300));
  if (number == 1) cpu.add({run, process, copy}, {10'000'000});  // one sample is noise
  if (strategy.jobs > 0) cpu.add({run, process, job}, samples(3000));
  if (strategy.allocations > 0) cpu.add({run, process, keep, allocate}, samples(1100));
  if (is_optimized) cpu.add({run, process, copy}, samples(20));
  profiles.add(number, cpu.made(), profiled_tasks);
  if (strategy.word == "bad:problems=alloc") return;  // its heap could not be had

  profile_writer heap({{"alloc_objects", "count"},
                       {"alloc_space", "bytes"},
                       {"inuse_objects", "count"},
                       {"inuse_space", "bytes"}},
                      {"space", "bytes"}, 32'768);
  if (strategy.allocations > 0) {
    const auto objects = std::llround(strategy.allocations * tasks);
    const auto bytes = std::llround(strategy.bytes * tasks);
    heap.add({run, process, keep, allocate}, {objects, bytes, objects / 10, bytes / 10});
  }
  profiles.add(number, heap.made(), tasks);
}

compare::explanation explanation() {
  compare::explanation why{compare::joint_profile(all.size(), "/opt/taskworker"), {}, 0, {}};
  why.rate = 16'666;
  why.notes.resize(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    add_profiles(why.profiles, i);
    why.timelines.emplace_back(timeline_of(all[i]));
  }
  why.notes[2] = "could not profile its memory: it was killed by SIGSEGV";
  why.timelines[2].reset();
  return why;
}

}  // namespace

int main() { std::cout << compare::as_html(result(), explanation()); }
