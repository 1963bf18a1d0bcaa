// SPDX-License-Identifier: MIT
#include "profiling/heap/peak_heap.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "catch.hpp"
#include "metrics/allocator.hpp"
#include "profiling/heap/heap.hpp"

using namespace taskworker::profiling;

#ifdef TASKWORKER_HAVE_JEMALLOC

namespace {

constexpr std::size_t mib = std::size_t{1} << 20;

// Compilers may do without memory that they see is not used.
[[gnu::noinline]] std::unique_ptr<char[]> allocate(std::size_t bytes) {
  return std::make_unique<char[]>(bytes);
}

std::uint64_t allocated_now() { return taskworker::metrics::read_allocator().value().allocated; }

std::int64_t inuse_space(const profile &heap) {
  std::int64_t sum = 0;
  for (const auto &sample : heap.samples) sum += sample.values.at(3);
  return sum;
}

}  // namespace

TEST_CASE("no peak is shown before one was seen", "[profiling_peak_heap]") {
  const peak_heap peak;
  CHECK_THROWS_AS(peak.read(), heap_error);
}

TEST_CASE("the peak stays when memory is given back", "[profiling_peak_heap]") {
  set_heap_sample(64 * 1024);
  peak_heap peak;
  peak.look(allocated_now());
  const auto low = inuse_space(peak.read());
  auto block = allocate(64 * mib);
  peak.look(allocated_now());
  const profile high = peak.read();
  block.reset();
  peak.look(allocated_now());

  CHECK(inuse_space(high) - low > static_cast<std::int64_t>(63 * mib));
  const profile kept = peak.read();
  CHECK(inuse_space(kept) == inuse_space(high));
  CHECK(kept.time_ns == high.time_ns);
  CHECK(inuse_space(read_heap_profile()) < inuse_space(kept) - static_cast<std::int64_t>(63 * mib));
  set_heap_sample(512 * 1024);
}

TEST_CASE("a little more memory makes no new peak", "[profiling_peak_heap]") {
  const auto most = allocate(64 * mib);
  peak_heap peak;
  peak.look(allocated_now());
  const auto first = peak.read().time_ns;
  const auto less_than_a_tenth = allocate(2 * mib);
  peak.look(allocated_now());
  CHECK(peak.read().time_ns == first);
  const auto enough = allocate(256 * mib);
  peak.look(allocated_now());
  CHECK(peak.read().time_ns > first);
}

#else

TEST_CASE("a build without jemalloc has no peak", "[profiling_peak_heap]") {
  peak_heap peak;
  peak.look(1 << 30);
  CHECK_THROWS_AS(peak.read(), heap_error);
}

#endif
