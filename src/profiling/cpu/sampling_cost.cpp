// SPDX-License-Identifier: MIT
#include "profiling/cpu/sampling_cost.hpp"

#include <iomanip>
#include <sstream>

namespace taskworker::profiling {
namespace {

std::string in_ms(std::uint64_t ns) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << static_cast<double>(ns) / 1e6 << " ms";
  return text.str();
}

}  // namespace

std::vector<std::string> describe_sampling(unsigned hz, std::string_view when,
                                           const sampling_cost &before,
                                           const sampling_cost &after) {
  const auto &early = before.sampler;
  const auto &late = after.sampler;
  const auto count = [](std::string_view name, std::uint64_t from, std::uint64_t to) {
    return std::string(name) + std::to_string(to - from);
  };
  const std::string title = " (" + std::string(when) + "): ";
  std::vector<std::string> lines;
  lines.push_back("rate: " + std::to_string(hz) +
                  " samples a second of CPU time, of each thread on its own");
  lines.push_back(
      "sampling at all rates" + title + count("samples ", early.samples, late.samples) +
      count(", late ticks ", early.overruns, late.overruns) +
      count(", lost ticks ", early.lost_ticks, late.lost_ticks) +
      count(", stacks not read to their end ", before.failed_unwinds, after.failed_unwinds) +
      count(", of these by a fault ", early.faults, late.faults));
  lines.push_back("cost" + title + "signal handlers " + in_ms(late.handler_ns - early.handler_ns) +
                  ", thread tw-profiler " + in_ms(after.profiler_cpu_ns - before.profiler_cpu_ns));
  lines.push_back("threads with a timer now: " + std::to_string(late.threads));
  if (late.threads_without != 0) {
    lines.push_back("threads without a timer now: " + std::to_string(late.threads_without) +
                    "; their CPU time is missing: raise the limit of pending signals (ulimit -i)");
  }
  return lines;
}

}  // namespace taskworker::profiling
