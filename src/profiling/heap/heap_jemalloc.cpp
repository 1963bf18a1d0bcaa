// SPDX-License-Identifier: MIT
#include "profiling/heap/heap.hpp"

#include <jemalloc/jemalloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <system_error>

#include "profiling/descriptor.hpp"

namespace taskworker::profiling {
namespace {

std::string text_of(int error) { return std::generic_category().message(error); }

void require_profiling() {
  bool is_on = false;
  std::size_t size = sizeof is_on;
  if (mallctl("opt.prof", &is_on, &size, nullptr, 0) == 0 && is_on) return;
  const char *const settings = std::getenv("MALLOC_CONF");
  throw heap_error(
      settings != nullptr
          ? "heap profiling is off in this process, most likely by MALLOC_CONF='" +
                std::string(settings) + "': take 'prof:false' out of it and start again"
          : "heap profiling is off in this process, though MALLOC_CONF is not set: look for "
            "'prof:false' in /etc/malloc.conf, or for a jemalloc built without --enable-prof");
}

// jemalloc's own writing says neither which file failed nor why, and takes a short write
// for a whole one, as on a full disk. So it writes to memory, and files are ours. Two dumps
// at once wait for one another in jemalloc.
void dump_to(const descriptor &memory) {
  if (!memory.is_open()) throw heap_error("no memory for a heap profile: " + text_of(errno));
  const std::string path = "/proc/self/fd/" + std::to_string(memory.number());
  const char *name = path.c_str();
  const int error = mallctl("prof.dump", nullptr, nullptr, &name, sizeof name);
  if (error != 0) {
    throw heap_error("jemalloc could not dump its heap profile to " + path + ": " + text_of(error));
  }
}

std::size_t size_of(const descriptor &file) {
  struct stat status = {};
  fstat(file.number(), &status);
  return static_cast<std::size_t>(status.st_size);
}

// Files in memory are cut where files are limited (ulimit -f).
void require_whole(std::size_t size) {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || size < limit.rlim_cur) return;
  throw heap_error("the heap profile is larger than files may be here, " +
                   std::to_string(limit.rlim_cur) + " bytes: raise the limit by 'ulimit -f'");
}

std::string read_all(const descriptor &file) {
  std::string text(size_of(file), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t size =
        pread(file.number(), text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (size <= 0) throw heap_error("cannot read a heap profile back: " + text_of(errno));
    done += static_cast<std::size_t>(size);
  }
  return text;
}

}  // namespace

void set_heap_sample(std::uint64_t bytes) {
  require_profiling();
  std::size_t log2 = bytes > 1 ? static_cast<std::size_t>(std::bit_width(bytes - 1)) : 0;
  const int error = mallctl("prof.reset", nullptr, nullptr, &log2, sizeof log2);
  if (error != 0) throw heap_error("jemalloc refused a new heap sample: " + text_of(error));
}

bool is_heap_sampling() {
  require_profiling();
  bool is_on = false;
  std::size_t size = sizeof is_on;
  const int error = mallctl("prof.active", &is_on, &size, nullptr, 0);
  if (error != 0) throw heap_error("jemalloc hides whether it samples: " + text_of(error));
  return is_on;
}

void set_heap_sampling(bool on) {
  require_profiling();
  const int error = mallctl("prof.active", nullptr, nullptr, &on, sizeof on);
  if (error != 0) throw heap_error("jemalloc could not switch sampling: " + text_of(error));
}

std::string dump_heap() {
  require_profiling();
  const descriptor memory(memfd_create("heap profile", MFD_CLOEXEC));
  dump_to(memory);
  require_whole(size_of(memory));
  return read_all(memory);
}

}  // namespace taskworker::profiling
