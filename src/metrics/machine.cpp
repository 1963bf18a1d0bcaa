// SPDX-License-Identifier: MIT
#include "metrics/machine.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "metrics/process.hpp"
#include "metrics/procfs.hpp"

namespace taskworker::metrics {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path &path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::uint64_t count_cpus() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    return static_cast<std::uint64_t>(CPU_COUNT(&allowed));
  }
  // More CPUs than the set has room for.
  return static_cast<std::uint64_t>(std::max(sysconf(_SC_NPROCESSORS_ONLN), 1L));
}

std::optional<std::uint64_t> soft_limit(decltype(RLIMIT_NOFILE) resource) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur;
}

// "SigQ: 3/96365" of /proc/self/status.
std::uint64_t count_queued(const std::string &status) {
  const auto line = status.find("\nSigQ:");
  if (line == status.npos) return 0;
  std::uint64_t queued = 0;
  std::istringstream(status.substr(line + 6)) >> queued;
  return queued;
}

}  // namespace

double machine_figures::usable_cpus() const {
  const auto all = static_cast<double>(cpus);
  return std::min(all, group.cpus.value_or(all));
}

machine_figures read_machine(const fs::path &root) {
  machine_figures figures;
  figures.cpus = count_cpus();
  std::istringstream(read_file(root / "proc/loadavg")) >> figures.load;
  std::istringstream(read_file(root / "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")) >>
      figures.governor;
  figures.open_files = read_process().open_fds;
  figures.open_files_limit = soft_limit(RLIMIT_NOFILE);
  figures.threads_limit = soft_limit(RLIMIT_NPROC);
  figures.signals_limit = soft_limit(RLIMIT_SIGPENDING);
  figures.signals_queued = count_queued(read_file(root / "proc/self/status"));
  figures.memory_available = parse_status_bytes(read_file(root / "proc/meminfo"), "MemAvailable");
  figures.group = read_control_group(root);
  return figures;
}

}  // namespace taskworker::metrics
