// SPDX-License-Identifier: MIT
#include "metrics/process.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "metrics/procfs.hpp"

namespace taskworker::metrics {
namespace {

std::string read_file(const char *path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

double seconds(const timeval &time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double now(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Found once: a clock that is set later must not move the start.
double start_time(std::uint64_t start_ticks) {
  static const double started =
      now(CLOCK_REALTIME) - now(CLOCK_BOOTTIME) +
      static_cast<double>(start_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return started;
}

std::uint64_t soft_limit(decltype(RLIMIT_NOFILE) resource) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 0;
  return limit.rlim_cur;
}

std::uint64_t count_open_fds() {
  const std::unique_ptr<DIR, int (*)(DIR *)> directory{opendir("/proc/self/fd"), &closedir};
  if (directory == nullptr) return 0;
  std::uint64_t entries = 0;
  while (readdir(directory.get()) != nullptr) ++entries;
  return entries - 3;  // ".", ".." and the directory itself
}

std::uint64_t heap_bytes(std::uint64_t heap_start) {
  if (heap_start == 0)
    return parse_status_bytes(read_file("/proc/self/status"), "VmData").value_or(0);
  return reinterpret_cast<std::uintptr_t>(sbrk(0)) - heap_start;
}

std::uint64_t page_size() { return static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)); }

void add_stat(process_figures &figures) {
  const auto fields = parse_stat(read_file("/proc/self/stat"));
  if (!fields) return;
  figures.start_time_seconds = start_time(fields->start_ticks);
  figures.virtual_bytes = fields->virtual_bytes;
  figures.resident_bytes = fields->resident_pages * page_size();
  figures.heap_bytes = heap_bytes(fields->heap_start);
  figures.threads = fields->threads;
}

// Of all threads, also of those that have ended; /proc/self/status has the main thread's
// switches only.
void add_usage(process_figures &figures) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  figures.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  figures.voluntary_switches = static_cast<std::uint64_t>(usage.ru_nvcsw);
  figures.involuntary_switches = static_cast<std::uint64_t>(usage.ru_nivcsw);
  figures.minor_faults = static_cast<std::uint64_t>(usage.ru_minflt);
  figures.major_faults = static_cast<std::uint64_t>(usage.ru_majflt);
}

}  // namespace

process_figures read_process() {
  process_figures figures;
  add_stat(figures);
  add_usage(figures);
  figures.open_fds = count_open_fds();
  figures.max_fds = soft_limit(RLIMIT_NOFILE);
  figures.virtual_max_bytes = soft_limit(RLIMIT_AS);
  return figures;
}

std::uint64_t read_peak_resident() {
  return parse_status_bytes(read_file("/proc/self/status"), "VmHWM").value_or(0);
}

std::uint64_t read_resident() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  return file >> all >> resident ? resident * page_size() : 0;
}

std::uint64_t count_threads() {
  // The directory has a link for each thread, and for "." and "..": no need to have the
  // kernel add up the times of all threads, as /proc/self/stat does.
  struct stat tasks = {};
  if (stat("/proc/self/task", &tasks) != 0) return 0;
  return tasks.st_nlink - 2;
}

}  // namespace taskworker::metrics
