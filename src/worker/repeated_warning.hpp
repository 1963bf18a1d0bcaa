// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "metrics/host_allocator.hpp"
#include "worker/session_observer.hpp"

namespace taskworker::worker {

/// A kind of warning that may come for each task: the first ones are shown, the others not. All
/// members are [thread-safe].
class repeated_warning {
 public:
  /// The observer must outlive it.
  repeated_warning(session_observer &observer, std::uint64_t shown)
      : observer_(observer), shown_(shown) {}

  /// `describe`: gives the text, and is called only where that is shown. It may be a worker that
  /// tells: what it allocates for this is not the strategy's.
  template <typename Describe>
  void tell(Describe describe) {
    const std::uint64_t number = count_.fetch_add(1) + 1;
    if (number > shown_) return;
    const metrics::counted_host_allocation_scope counting;
    observer_.message(TASKWORKER_LOG_WARNING, describe(), false);
    if (number == shown_) {
      observer_.message(TASKWORKER_LOG_WARNING, "more of these are counted, not shown", false);
    }
  }

  /// No more are shown: their text need not be found.
  [[nodiscard]] bool is_silent() const noexcept { return count_.load() >= shown_; }

 private:
  session_observer &observer_;
  const std::uint64_t shown_;
  std::atomic<std::uint64_t> count_{0};
};

}  // namespace taskworker::worker
