// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <ctime>
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

TEST_CASE("threads are counted one by one", "[metrics_process]") {
  std::thread([] {}).join();  // with it, sanitizers start threads of their own
  const auto before = count_threads();
  CHECK(before >= 1);
  CHECK(read_process().threads == before);
  std::latch may_end{1};
  std::thread first([&] { may_end.wait(); });
  std::thread second([&] { may_end.wait(); });
  CHECK(count_threads() == before + 2);
  CHECK(read_process().threads == before + 2);
  may_end.count_down();
  first.join();
  second.join();
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
  const std::vector<char> touched(size, 1);
  const auto after = read_process();
  CHECK(after.resident_bytes >= before.resident_bytes + size * 9 / 10);
  CHECK(after.minor_faults > before.minor_faults);
  CHECK(after.virtual_bytes >= after.resident_bytes);
  CHECK(touched.back() == 1);
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
  CHECK(read_process().voluntary_switches >= before + 50);
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
