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

/// What does not change. Found once: a clock that is set later must not move the start, and
/// the kernel adds up the times of all threads for this file.
struct start_figures {
  stat_fields fields = parse_stat(read_file("/proc/self/stat")).value_or(stat_fields{});
  double time_seconds =
      now(CLOCK_REALTIME) - now(CLOCK_BOOTTIME) +
      static_cast<double>(fields.start_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
};

const start_figures &start_of_process() {
  static const start_figures start;
  return start;
}

std::uint64_t soft_limit(decltype(RLIMIT_NOFILE) resource) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 0;
  return limit.rlim_cur;
}

std::uint64_t list_open_fds() {
  const std::unique_ptr<DIR, int (*)(DIR *)> directory{opendir("/proc/self/fd"), &closedir};
  if (directory == nullptr) return 0;
  std::uint64_t entries = 0;
  while (readdir(directory.get()) != nullptr) ++entries;
  return entries - 3;  // ".", ".." and the directory itself
}

// Since Linux 6.2 the size of the directory is their number (proc(5)).
std::uint64_t count_open_fds() {
  struct stat directory = {};
  if (stat("/proc/self/fd", &directory) == 0 && directory.st_size > 0) {
    return static_cast<std::uint64_t>(directory.st_size);
  }
  return list_open_fds();
}

std::uint64_t heap_bytes(std::uint64_t heap_start) {
  if (heap_start == 0)
    return parse_status_bytes(read_file("/proc/self/status"), "VmData").value_or(0);
  return reinterpret_cast<std::uintptr_t>(sbrk(0)) - heap_start;
}

/// Of /proc/self/statm (proc(5)), in bytes.
struct memory_size {
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
};

memory_size read_memory_size() {
  memory_size pages;
  std::ifstream file("/proc/self/statm");
  if (!(file >> pages.all >> pages.resident)) return {};
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return {pages.all * page, pages.resident * page};
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
  add_usage(figures);
  figures.start_time_seconds = start_of_process().time_seconds;
  const memory_size memory = read_memory_size();
  figures.virtual_bytes = memory.all;
  figures.resident_bytes = memory.resident;
  figures.heap_bytes = heap_bytes(start_of_process().fields.heap_start);
  figures.threads = count_threads();
  figures.open_fds = count_open_fds();
  figures.max_fds = soft_limit(RLIMIT_NOFILE);
  figures.virtual_max_bytes = soft_limit(RLIMIT_AS);
  return figures;
}

std::uint64_t read_peak_resident() {
  return parse_status_bytes(read_file("/proc/self/status"), "VmHWM").value_or(0);
}

std::uint64_t read_resident() { return read_memory_size().resident; }

std::uint64_t count_threads() {
  // The directory has a link for each thread, and for "." and "..".
  struct stat tasks = {};
  if (stat("/proc/self/task", &tasks) != 0) return 0;
  return tasks.st_nlink - 2;
}

}  // namespace taskworker::metrics
