// SPDX-License-Identifier: MIT
// cpu_accuracy CPU_SECONDS: a CPU profile holds the CPU time that the kernel counts, within
// 2 %, over at least so much of it: busy threads, idle ones, and many that end at once.
#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "profiling/cpu/cpu_profiler.hpp"
#include "unit/burn_cpu.hpp"

namespace {

using namespace taskworker::profiling;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr double most_error = 0.02;

double used_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval &time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

constexpr milliseconds life{30};

void burn_in_short_threads(nanoseconds time) {
  for (nanoseconds burnt{0}; burnt < time; burnt += life) {
    std::thread([] { burn_cpu(life); }).join();
  }
}

double profiled_seconds(const profile &taken) {
  double sum = 0;
  for (const auto &sample : taken.samples) sum += static_cast<double>(sample.values.at(1)) * 1e-9;
  return sum;
}

}  // namespace

int main(int argc, char **argv) {
  const double wanted = argc == 2 ? std::atof(argv[1]) : 0;
  if (wanted <= 0) {
    std::fprintf(stderr, "usage: cpu_accuracy CPU_SECONDS\n");
    return 2;
  }
  const nanoseconds third(static_cast<std::int64_t>(wanted * 1e9 / 3));
  cpu_profiler profiler({"accuracy", {}});
  auto window = profiler.open(cpu_profiler::default_hz);
  const double before = used_cpu_seconds();
  std::vector<std::thread> threads;
  threads.emplace_back([third] { burn_cpu(third); });
  threads.emplace_back([third] { burn_cpu(third); });
  threads.emplace_back([third] { burn_in_short_threads(third); });
  for (auto &each : threads) each.join();
  const double used = used_cpu_seconds() - before;
  const double profiled = profiled_seconds(window.finish());
  const double error = profiled / used - 1;
  std::printf("%.3f CPU seconds in the profile, %.3f by getrusage: %+.2f %%\n", profiled, used,
              100 * error);
  return used >= wanted && std::abs(error) <= most_error ? 0 : 1;
}
