// SPDX-License-Identifier: MIT
#include "profiling/contention/delay_counts.hpp"

#include <algorithm>
#include <utility>

#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {
namespace {

constinit thread_local std::uint64_t random_state = 0;

// splitmix64. A new thread begins at its own place: its storage differs from that of
// threads that live now, the time from that of earlier ones.
std::uint64_t next_random(std::uint64_t now_ns) noexcept {
  if (random_state == 0) random_state = now_ns ^ reinterpret_cast<std::uintptr_t>(&random_state);
  std::uint64_t mixed = random_state += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

// Not by a number of frames to leave out: that depends on what the compiler puts in line.
void cut_above(std::uintptr_t caller, stack &cut) noexcept {
  const auto end = cut.frames.begin() + cut.depth;
  const auto found = std::find(cut.frames.begin(), end, caller);
  if (found == end) return;
  std::copy(found, end, cut.frames.begin());
  cut.depth = static_cast<std::uint32_t>(end - found);
}

}  // namespace

void delay_counts::add(std::uint64_t delay_ns, std::uint64_t now_ns,
                       std::uintptr_t caller) noexcept {
  const auto [events, delay] = sampler_.weigh(delay_ns, now_ns, next_random(now_ns));
  if (events == 0) return;
  stack where = capture_stack();
  cut_above(caller, where);
  counts_.add(where, events, delay);
}

void delay_counts::add_to(profile_builder &built) const {
  counts_.read([&built](auto frames, std::uint64_t events, std::uint64_t delay_ns) {
    profile_sample sample;
    sample.frames.assign(frames.begin(), frames.end());
    if (frames.empty()) sample.frames = {address_of(synthetic_frame::table_full)};
    sample.values = {static_cast<std::int64_t>(events), static_cast<std::int64_t>(delay_ns)};
    built.add(std::move(sample));
  });
}

}  // namespace taskworker::profiling
