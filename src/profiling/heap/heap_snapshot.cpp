// SPDX-License-Identifier: MIT
#include "profiling/heap/heap_snapshot.hpp"

#include "metrics/allocator.hpp"
#include "profiling/heap/allocator_code.hpp"
#include "profiling/heap/heap.hpp"
#include "profiling/heap/heap_profile.hpp"

namespace taskworker::profiling {
namespace {

std::int64_t inuse_space(const profile &heap) {
  std::int64_t sum = 0;
  for (const auto &sample : heap.samples) sum += sample.values.back();
  return sum;
}

profile parse_own(const std::string &dump) {
  try {
    return parse_heap_dump(dump, find_allocator_code());
  } catch (const heap_format_error &error) {
    throw heap_error(std::string("cannot read jemalloc's own heap dump: ") + error.what());
  }
}

}  // namespace

heap_snapshot take_heap_snapshot() {
  // Before the dump, which takes memory itself.
  const auto figures = metrics::read_allocator().value_or(metrics::allocator_figures{});
  return {.dump = dump_heap(), .allocated = figures.allocated, .time_ns = time_since_epoch_ns()};
}

profile make_heap_profile(const heap_snapshot &taken) {
  profile heap = parse_own(taken.dump);
  heap.time_ns = taken.time_ns;
  heap.comments.push_back(
      "in use, as the allocator itself counts: " + std::to_string(taken.allocated) +
      " bytes; as these samples tell: " + std::to_string(inuse_space(heap)) + " bytes");
  if (!is_heap_sampling()) {
    heap.comments.emplace_back(
        "heap sampling is off now: what is allocated until it is on again will never show in a "
        "heap profile, though it may be in use");
  }
  return heap;
}

}  // namespace taskworker::profiling
