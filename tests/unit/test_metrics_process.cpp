// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <iterator>
#include <latch>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "metrics/process.hpp"

using namespace taskworker::metrics;

namespace {

double wall_clock() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return static_cast<double>(time.tv_sec);
}

std::uint64_t listed_threads() {
  const std::filesystem::directory_iterator threads("/proc/self/task");
  return static_cast<std::uint64_t>(std::distance(begin(threads), end(threads)));
}

// Of what an ending thread may disturb: the kernel lists it for a moment after its join.
template <typename Condition>
bool comes_true(Condition condition) {
  for (int i = 0; i < 10'000; ++i) {
    if (condition()) return true;
    std::this_thread::yield();
  }
  return false;
}

}  // namespace

TEST_CASE("open descriptors are counted one by one", "[metrics_process]") {
  const auto before = read_process().open_fds;
  const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  REQUIRE(file >= 0);
  CHECK(read_process().open_fds == before + 1);
  close(file);
  CHECK(read_process().open_fds == before);

  std::uint64_t found = 0;
  for (int fd = 0; fd < 4096; ++fd) found += fcntl(fd, F_GETFD) != -1 ? 1U : 0U;
  CHECK(before == found);
}

TEST_CASE("threads are counted as /proc lists them", "[metrics_process]") {
  std::latch may_end{1};
  std::vector<std::thread> held;
  for (int i = 0; i < 3; ++i) held.emplace_back([&] { may_end.wait(); });
  CHECK(listed_threads() >= 1 + held.size());
  CHECK(comes_true([] { return count_threads() == listed_threads(); }));
  CHECK(comes_true([] { return read_process().threads == listed_threads(); }));
  may_end.count_down();
  for (auto &thread : held) thread.join();
}

TEST_CASE("the start stays where it was, before now", "[metrics_process]") {
  const double started = read_process().start_time_seconds;
  CHECK(started <= wall_clock() + 1);
  CHECK(started > wall_clock() - 24 * 3600);
  CHECK(read_process().start_time_seconds == started);
}

TEST_CASE("memory that is touched is resident", "[metrics_process]") {
  constexpr std::size_t size = 64 * 1024 * 1024;
  const auto before = read_process();
  const auto resident_before = read_resident();
  // Not from the allocator, which may have touched what it hands out.
  void *const memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  std::memset(memory, 1, size);
  const auto after = read_process();
  const auto resident_after = read_resident();
  munmap(memory, size);
  CHECK(after.resident_bytes >= before.resident_bytes + size * 9 / 10);
  CHECK(resident_after >= resident_before + size * 9 / 10);
  CHECK(after.minor_faults > before.minor_faults);
  CHECK(after.virtual_bytes >= before.virtual_bytes + size);
}

TEST_CASE("time spent counts as processor time", "[metrics_process]") {
  const auto before = read_process().cpu_seconds;
  const std::clock_t start = std::clock();
  while (std::clock() - start < CLOCKS_PER_SEC / 50) {
  }
  CHECK(read_process().cpu_seconds >= before + 0.02 * 0.9);
}

TEST_CASE("switches of ended threads still count", "[metrics_process]") {
  const auto before = read_process().voluntary_switches;
  std::thread([] {
    const timespec pause{0, 1000};
    for (int i = 0; i < 50; ++i) nanosleep(&pause, nullptr);
  }).join();
  // Not each one: a sleep may be over before the thread is switched away from.
  CHECK(read_process().voluntary_switches >= before + 25);
}

TEST_CASE("limits are the soft ones", "[metrics_process]") {
  rlimit limit{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  CHECK(read_process().max_fds == limit.rlim_cur);

  REQUIRE(getrlimit(RLIMIT_AS, &limit) == 0);
  const rlimit before = limit;
  limit.rlim_cur = std::size_t{1} << 62;  // more than any sanitizer maps
  if (limit.rlim_max < limit.rlim_cur) limit.rlim_cur = limit.rlim_max;
  REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);
  CHECK(read_process().virtual_max_bytes == limit.rlim_cur);
  REQUIRE(setrlimit(RLIMIT_AS, &before) == 0);
  if (before.rlim_cur == RLIM_INFINITY) CHECK(read_process().virtual_max_bytes == 0);
}
