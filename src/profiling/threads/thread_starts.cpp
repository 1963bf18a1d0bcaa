// SPDX-License-Identifier: MIT
#include "profiling/threads/thread_starts.hpp"

#include <cstdint>
#include <span>
#include <vector>

#include "profiling/stack_counts.hpp"
#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {
namespace {

// Ready before any code runs: libraries start threads in their constructors.
constinit stack_counts starts;

std::vector<std::uintptr_t> frames_of(std::span<const std::uintptr_t> counted) {
  if (counted.empty()) return {address_of(synthetic_frame::table_full)};
  return {counted.begin(), counted.end()};
}

}  // namespace

profile read_thread_starts() {
  profile_builder builder({.sample_types = {{"threadcreate", "count"}},
                           .period_type = {"threadcreate", "count"},
                           .period = 1,
                           .time_ns = time_since_epoch_ns()});
  starts.read([&](std::span<const std::uintptr_t> frames, std::uint64_t threads, std::uint64_t) {
    builder.add({frames_of(frames), {static_cast<std::int64_t>(threads)}, {}});
  });
  return builder.take();
}

void count_thread_start(const stack &started_by) noexcept { starts.add(started_by, 1, 0); }

}  // namespace taskworker::profiling
