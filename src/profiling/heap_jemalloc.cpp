// SPDX-License-Identifier: MIT
#include "profiling/heap.hpp"

#include <fcntl.h>
#include <jemalloc/jemalloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace taskworker::profiling {
namespace {

class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  ~descriptor() {
    if (number_ >= 0) close(number_);
  }
  descriptor(const descriptor &) = delete;
  descriptor &operator=(const descriptor &) = delete;

  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

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
// for a whole one, as on a full disk. So it writes to memory, and the file is ours.
void dump_to(const descriptor &memory) {
  if (!memory.is_open()) throw heap_error("no memory for a heap profile: " + text_of(errno));
  const std::string path = "/proc/self/fd/" + std::to_string(memory.number());
  const char *name = path.c_str();
  const int error = mallctl("prof.dump", nullptr, nullptr, &name, sizeof name);
  if (error != 0) {
    throw heap_error("jemalloc could not dump its heap profile to " + path + ": " + text_of(error));
  }
}

// 0 or the errno of what failed.
int write_all(int to, const char *data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(to, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return 0;
}

int copy_from_start(int from, int to) {
  std::array<char, 16 * 1024> block;
  off_t at = 0;
  for (;;) {
    const ssize_t size = pread(from, block.data(), block.size(), at);
    if (size < 0) return errno;
    if (size == 0) return 0;
    if (const int error = write_all(to, block.data(), static_cast<std::size_t>(size))) return error;
    at += size;
  }
}

struct stat status_of(int file) {
  struct stat status = {};
  fstat(file, &status);
  return status;
}

// Memory is short of room only where files are limited (ulimit -f).
bool is_cut_short(int memory) {
  rlimit limit{};
  return getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
         static_cast<rlim_t>(status_of(memory).st_size) >= limit.rlim_cur;
}

int copy_dump(int memory, int file) {
  if (file < 0) return errno;
  if (const int error = copy_from_start(memory, file)) return error;
  return is_cut_short(memory) ? EFBIG : 0;
}

}  // namespace

void set_heap_sample(std::uint64_t bytes) {
  require_profiling();
  std::size_t log2 = bytes > 1 ? static_cast<std::size_t>(std::bit_width(bytes - 1)) : 0;
  const int error = mallctl("prof.reset", nullptr, nullptr, &log2, sizeof log2);
  if (error != 0) throw heap_error("jemalloc refused a new heap sample: " + text_of(error));
}

void dump_heap(const std::string &path) {
  require_profiling();
  const descriptor memory(memfd_create("heap profile", MFD_CLOEXEC));
  dump_to(memory);
  const descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const int error = copy_dump(memory.number(), file.number());
  if (error == 0) return;
  if (file.is_open() && S_ISREG(status_of(file.number()).st_mode)) unlink(path.c_str());
  throw heap_error("cannot write the heap profile to '" + path + "': " + text_of(error));
}

}  // namespace taskworker::profiling
