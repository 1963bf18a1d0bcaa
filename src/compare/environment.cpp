// SPDX-License-Identifier: MIT
#include "compare/environment.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "metrics/allocator.hpp"
#include "metrics/units.hpp"
#include "strategy/text.hpp"
#include "strategy/version.hpp"

namespace taskworker::compare {
using metrics::counted;
using metrics::rounded;

namespace {

std::string sanitizers_of_build() {
  std::vector<std::string> names;
#if defined(__SANITIZE_ADDRESS__)
  names.push_back("address");
#endif
#if defined(__SANITIZE_THREAD__)
  names.push_back("thread");
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
  names.push_back("address");
#endif
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
  names.push_back("thread");
#endif
#endif
  return strategy::join(names);
}

// Empty where there is no such line, as on ARM.
std::string read_cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    const auto begin = line.find_first_not_of(" \t", line.find(':') + 1);
    return begin == line.npos ? "" : line.substr(begin);
  }
  return "";
}

std::string read_kernel_release() {
  utsname names{};
  return ::uname(&names) == 0 ? names.release : "";
}

void judge_build(const environment &where, std::vector<std::string> &lines) {
  if (!where.sanitizers.empty()) {
    lines.push_back("the build has sanitizers (" + where.sanitizers +
                    "), which slow some code more than other: build without -Db_sanitize");
  } else if (where.build_type != "release") {
    lines.push_back("the build type is " + where.build_type +
                    ", and faults may weigh otherwise in the one that users run: build with meson "
                    "setup --buildtype=release");
  }
  if (!where.allocator.starts_with("jemalloc")) {
    lines.push_back("the allocator is " + where.allocator +
                    ", not jemalloc: bytes and allocations are not known, and times are other "
                    "ones: build with -Djemalloc=enabled");
  }
}

void judge_cpus(const metrics::machine_figures &machine, unsigned workers,
                std::vector<std::string> &lines) {
  const double usable = machine.usable_cpus();
  if (machine.cpus == 1) {
    lines.push_back(
        "there is one CPU, so that all else that runs takes time from the strategy: "
        "use a machine with two or more");
  }
  if (usable >= static_cast<double>(workers)) return;
  const bool has_quota = usable < static_cast<double>(machine.cpus);
  const auto fitting = static_cast<unsigned>(std::max(std::floor(usable), 1.0));
  if (fitting == workers) {
    lines.push_back("the control group allows " + rounded(usable) +
                    " CPUs, less than one worker takes: raise its quota");
    return;
  }
  const std::string cpus = has_quota
                               ? "the " + rounded(usable) + " CPUs that the control group allows"
                               : counted(machine.cpus, "CPU");
  lines.push_back(counted(workers, "worker") + " share " + cpus +
                  ", and times of tasks include waiting for one: take --workers=" +
                  std::to_string(fitting) + (has_quota ? " or raise the quota" : ""));
}

void judge_noise(const metrics::machine_figures &machine, std::vector<std::string> &lines) {
  if (machine.load > static_cast<double>(machine.cpus) / 2) {
    lines.push_back("load " + rounded(machine.load) + " on " + counted(machine.cpus, "CPU") +
                    " before the start: end what else runs");
  }
  if (!machine.governor.empty() && machine.governor != "performance") {
    lines.push_back("the clock governor is " + machine.governor +
                    ", and the speed follows the load: sudo cpupower frequency-set -g performance");
  }
}

}  // namespace

std::vector<std::string> environment::warnings(unsigned workers) const {
  std::vector<std::string> lines;
  judge_build(*this, lines);
  judge_cpus(machine, workers, lines);
  judge_noise(machine, lines);
  return lines;
}

std::vector<std::pair<std::string, std::string>> environment::facts() const {
  return {{"cpu", cpu},
          {"cpus", std::to_string(machine.cpus)},
          {"kernel", kernel},
          {"governor", machine.governor},
          {"program_version", program_version},
          {"compiler", compiler},
          {"build_type", build_type},
          {"sanitizers", sanitizers},
          {"allocator", allocator}};
}

environment read_environment() {
  environment where;
  where.program_version =
      std::string(strategy::program_version) + " (" + strategy::program_revision + ")";
  where.compiler = strategy::program_compiler;
  where.build_type = strategy::program_build_type;
  where.sanitizers = sanitizers_of_build();
  where.allocator = metrics::allocator_name();
  where.cpu = read_cpu_name();
  where.kernel = read_kernel_release();
  where.machine = metrics::read_machine();
  return where;
}

}  // namespace taskworker::compare
