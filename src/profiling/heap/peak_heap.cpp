// SPDX-License-Identifier: MIT
#include "profiling/heap/peak_heap.hpp"

#include <algorithm>
#include <utility>

#include "profiling/heap/heap.hpp"

namespace taskworker::profiling {
namespace {

constexpr std::uint64_t least_growth = std::uint64_t{1} << 20;

bool has_grown(std::uint64_t kept, std::uint64_t now) {
  return now >= kept + std::max(kept / 10, least_growth);
}

}  // namespace

void peak_heap::look(std::uint64_t allocated) {
  const auto kept = highest();
  if (cannot_be_had_ || (kept && !has_grown(kept->allocated, allocated))) return;
  try {
    auto higher = std::make_shared<const heap_snapshot>(take_heap_snapshot());
    const std::lock_guard lock(mutex_);
    highest_ = std::move(higher);
  } catch (const heap_error &) {
    cannot_be_had_ = true;
  }
}

profile peak_heap::read() const {
  const auto kept = highest();
  if (!kept) throw heap_error("no peak of the heap was seen yet: ask again in a second");
  return make_heap_profile(*kept);
}

std::shared_ptr<const heap_snapshot> peak_heap::highest() const {
  const std::lock_guard lock(mutex_);
  return highest_;
}

}  // namespace taskworker::profiling
