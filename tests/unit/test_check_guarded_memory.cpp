// SPDX-License-Identifier: MIT
#include "check/guarded_memory.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

#include "catch.hpp"

using namespace taskworker::check;

namespace {

constexpr lent_thing thing{"the thing", "strategy.h (5)"};

/// Whether a byte could be written there, as the kernel tells: no signal comes.
bool can_write(void *at) {
  char byte = 0;
  const iovec from{&byte, 1};
  const iovec to{at, 1};
  return ::process_vm_writev(::getpid(), &from, 1, &to, 1, 0) == 1;
}

bool can_read(void *at) {
  char byte = 0;
  const iovec into{&byte, 1};
  const iovec from{at, 1};
  return ::process_vm_readv(::getpid(), &into, 1, &from, 1, 0) == 1;
}

}  // namespace

TEST_CASE("memory that is exact ends where nothing can be touched", "[check_guarded_memory]") {
  const auto [size, alignment] = GENERATE(table<std::size_t, std::size_t>(
      {{0, 1}, {1, 1}, {128, 1}, {800, 8}, {4096, 64}, {8192, 8}, {64, 64}}));
  const guarded_memory memory(thing, size, alignment, placement::exact);
  auto *begin = static_cast<char *>(memory.data());
  CHECK(reinterpret_cast<std::uintptr_t>(begin) % alignment == 0);
  CHECK(memory.size() == size);
  CHECK_FALSE(can_read(begin + size));
  if (size > 0) CHECK(can_write(begin + size - 1));
  const touched_memory touched = find_touched(begin + size);
  REQUIRE(touched.thing == &thing);
  CHECK(touched.way == "touched memory behind");
}

TEST_CASE("where the alignment leaves a gap, its pattern tells of a write",
          "[check_guarded_memory]") {
  const guarded_memory memory(thing, 100, 64, placement::exact);
  CHECK(memory.has_whole_margins());
  std::memset(memory.data(), 1, memory.size());
  CHECK(memory.has_whole_margins());
  static_cast<char *>(memory.data())[100] = 1;
  CHECK_FALSE(memory.has_whole_margins());
}

TEST_CASE("a write before the bytes is seen as well", "[check_guarded_memory]") {
  const guarded_memory memory(thing, 100, 1, placement::exact);
  static_cast<char *>(memory.data())[-1] = 1;
  CHECK_FALSE(memory.has_whole_margins());
}

TEST_CASE("roomy memory forgives a stray write behind it", "[check_guarded_memory]") {
  const guarded_memory memory(thing, 4096, 64, placement::roomy);
  CHECK(can_write(static_cast<char *>(memory.data()) + 4096 + 4095));
  CHECK_FALSE(can_write(static_cast<char *>(memory.data()) + 4096 + 4096));
}

TEST_CASE("sealed memory can only be read", "[check_guarded_memory]") {
  guarded_memory memory(thing, 8, 8, placement::exact);
  std::memcpy(memory.data(), "unharmed", 8);
  memory.seal();
  CHECK(can_read(memory.data()));
  CHECK_FALSE(can_write(memory.data()));
  CHECK(std::memcmp(memory.data(), "unharmed", 8) == 0);
  const touched_memory touched = find_touched(memory.data());
  REQUIRE(touched.thing == &thing);
  CHECK(touched.way == "wrote to");
}

TEST_CASE("an address elsewhere is in none of it", "[check_guarded_memory]") {
  void *gone = nullptr;
  {
    const guarded_memory memory(thing, 8, 8, placement::exact);
    gone = memory.data();
  }
  int local = 0;
  CHECK(find_touched(&local).thing == nullptr);
  CHECK(find_touched(nullptr).thing == nullptr);
  CHECK(find_touched(gone).thing == nullptr);
}
