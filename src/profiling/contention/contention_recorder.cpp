// SPDX-License-Identifier: MIT
#include "profiling/contention/contention_recorder.hpp"

#include <ctime>
#include <utility>

#include "profiling/contention/contention_profile.hpp"
#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {
namespace {

constinit thread_local bool is_inside = false;

class busy {
 public:
  busy() noexcept { is_inside = true; }
  ~busy() { is_inside = false; }
  busy(const busy &) = delete;
  busy &operator=(const busy &) = delete;
};

std::string describe_sampling(const delay_counts &counted) {
  return "delays of " + std::to_string(counted.threshold_ns() / 1'000) +
         " us and more are all recorded; of shorter ones a share, which stands for all";
}

profile_sample make_handover_sample(const waited_locks::totals &totals) {
  profile_sample sample;
  sample.frames = {address_of(synthetic_frame::lock_handover)};
  sample.values = {static_cast<std::int64_t>(totals.handovers),
                   static_cast<std::int64_t>(totals.handover_ns)};
  return sample;
}

}  // namespace

bool contention_recorder::is_busy() noexcept { return is_inside; }

std::uint64_t contention_recorder::now_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

waited_locks::wait contention_recorder::begin_wait(const void *lock) noexcept {
  const busy here;
  return locks_.begin(lock, now_ns());
}

void contention_recorder::end_wait(const waited_locks::wait &ended, bool has_lock,
                                   std::uintptr_t caller) noexcept {
  const busy here;
  const std::uint64_t now = now_ns();
  waits_.add(locks_.end(ended, now, has_lock), now, caller);
}

std::uint64_t contention_recorder::note_release(const void *lock) noexcept {
  const busy here;
  return locks_.release(lock, now_ns());
}

void contention_recorder::record_release(std::uint64_t waited_ns, std::uintptr_t caller) noexcept {
  const busy here;
  if (waited_ns != 0) releases_.add(waited_ns, now_ns(), caller);
}

void contention_recorder::record_wait(std::uint64_t since_ns, std::uintptr_t caller) noexcept {
  const busy here;
  const std::uint64_t now = now_ns();
  waits_.add(now - since_ns, now, caller);
}

profile contention_recorder::read_releases(std::vector<std::string> comments) const {
  const auto totals = locks_.read_totals();
  comments.push_back(describe_sampling(releases_));
  comments.emplace_back(
      "[lock handover]: from the release of a lock until the next thread ran with it");
  comments.push_back(std::to_string(totals.unfollowed) +
                     " waits are only in the block profile: there was no room to follow them");
  profile_builder built(make_contention_profile(std::move(comments)));
  releases_.add_to(built);
  if (totals.handover_ns != 0) built.add(make_handover_sample(totals));
  return built.take();
}

profile contention_recorder::read_waits(std::vector<std::string> comments) const {
  comments.push_back(describe_sampling(waits_));
  profile_builder built(make_contention_profile(std::move(comments)));
  waits_.add_to(built);
  return built.take();
}

}  // namespace taskworker::profiling
