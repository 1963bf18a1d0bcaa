// SPDX-License-Identifier: MIT
#include "worker/memory_watch.hpp"

#include "catch.hpp"

using taskworker::worker::memory_watch;

TEST_CASE("memory that comes near its limit is told once", "[worker_memory_watch]") {
  memory_watch memory(100 << 20);
  CHECK_FALSE(memory.look((90 << 20) - 1));
  CHECK(memory.look(90 << 20) ==
        "the process has 90.0 MiB of the 100 MiB of memory that its control group allows; when "
        "they are used up, the kernel kills it and there is no report");
  CHECK_FALSE(memory.look(99 << 20));
}

TEST_CASE("memory without a limit is never told of", "[worker_memory_watch]") {
  CHECK_FALSE(memory_watch(std::nullopt).look(~std::uint64_t{0}));
}
