// SPDX-License-Identifier: MIT
#include "profiling/probes/probes.hpp"

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "metrics/machine.hpp"
#include "profiling/contention/contention.hpp"
#include "profiling/probes/cpu_probes.hpp"
#include "profiling/probes/file_probes.hpp"
#include "profiling/probes/heap_probes.hpp"
#include "profiling/probes/heap_settings.hpp"
#include "profiling/probes/machine_probes.hpp"
#include "profiling/probes/symbol_probes.hpp"
#include "profiling/probes/thread_probes.hpp"
#include "profiling/symbols/modules.hpp"
#include "profiling/threads/threads.hpp"

namespace taskworker::profiling {
namespace {

using namespace std::chrono_literals;
using results = std::vector<probe_result>;

std::string read_file(const char *path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void add_heap(results &found, symbols &names) {
  const auto settings = read_heap_settings();
  found.push_back(judge_heap_settings(settings, read_allocator_options()));
  const bool is_sampling = settings && settings->is_on && settings->is_sampling;
  if (is_sampling) found.push_back(probe_heap_dump(settings->sample_bytes, names));
  found.push_back(probe_memory_file());
  found.push_back(probe_folder("."));
}

void add_symbols(results &found, const probed_run &run, symbols &names) {
  found.push_back(probe_own_symbols(names));
  if (run.process) found.push_back(probe_strategy_symbols(*run.process, names));
  found.push_back(judge_replaced_files(read_file("/proc/self/maps")));
  found.push_back(judge_unwinder(find_loaded_modules(), find_unwinder()));
}

void add_cpu(results &found, const metrics::machine_figures &machine, const run_needs &needs) {
  const short_profile taken = take_short_profile(200ms, 800ms);
  found.push_back(judge_cpu_timers(taken, machine, needs));
  found.push_back(judge_cpu_time(taken));
  found.push_back(judge_unwinding(taken));
}

void add_threads(results &found) {
  const thread_observation seen = observe_threads();
  found.push_back(judge_thread_stacks(seen));
  found.push_back(judge_thread_starts(seen, threads_are_recorded()));
  found.push_back(judge_contention(observe_contention()));
}

// Sanitizers have malloc, signals and the thread functions for themselves.
void soften(results &found, const std::string &sanitizers) {
  for (auto &each : found) {
    if (each.verdict != probe_verdict::failed) continue;
    each.verdict = probe_verdict::warning;
    each.advice = "may be due to the sanitizers of this build (" + sanitizers + "); else " +
                  std::move(each.advice);
  }
}

void add_limits(results &found, const metrics::machine_figures &machine, const run_needs &needs) {
  found.push_back(judge_open_files(machine, needs));
  found.push_back(judge_threads(machine, needs));
  found.push_back(judge_memory(machine));
  found.push_back(judge_cpus(machine, needs));
}

void add_noise(results &found, const metrics::machine_figures &machine,
               const build_figures &build) {
  found.push_back(judge_build(build));
  found.push_back(judge_clock(measure_clock()));
  found.push_back(judge_governor(machine.governor));
  found.push_back(judge_load(machine));
  found.push_back(judge_throttling(machine));
}

}  // namespace

results run_probes(const probed_run &run, symbols &names) {
  const run_needs needs = needs_of_run(run.workers);
  const metrics::machine_figures machine = metrics::read_machine();
  const build_figures build = read_build();
  results found;
  add_heap(found, names);
  add_symbols(found, run, names);
  add_cpu(found, machine, needs);
  add_threads(found);
  if (!build.sanitizers.empty()) soften(found, build.sanitizers);
  add_limits(found, machine, needs);
  add_noise(found, machine, build);
  return found;
}

}  // namespace taskworker::profiling
