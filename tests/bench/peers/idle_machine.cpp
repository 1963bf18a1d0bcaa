// SPDX-License-Identifier: MIT
#include "peers/idle_machine.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "rounds.hpp"

namespace bench::peers {
namespace {

/// Seconds that all CPUs together were not idle since the machine started (proc_stat(5)).
double busy_seconds() {
  std::ifstream file("/proc/stat");
  std::string word;
  double user = 0, nice = 0, system = 0, idle = 0, wait = 0, interrupts = 0, soft = 0, stolen = 0;
  file >> word >> user >> nice >> system >> idle >> wait >> interrupts >> soft >> stolen;
  if (!file || word != "cpu") throw std::runtime_error("/proc/stat cannot be read");
  const auto ticks_per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return (user + nice + system + interrupts + soft + stolen) / ticks_per_second;
}

double foreign_seconds() { return busy_seconds() - cpu_seconds_of(RUSAGE_SELF); }

}  // namespace

foreign_load::foreign_load()
    : foreign_(foreign_seconds()), start_(std::chrono::steady_clock::now()) {}

double foreign_load::cpus() const {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
  return std::max(0.0, foreign_seconds() - foreign_) / passed.count();
}

void idle_wait::operator()() {
  constexpr auto look = std::chrono::milliseconds(250);
  for (;;) {
    const foreign_load load;
    std::this_thread::sleep_for(look);
    if (load.cpus() <= idle_cpus || patience_ <= std::chrono::nanoseconds(0)) return;
    patience_ -= look;
  }
}

}  // namespace bench::peers
