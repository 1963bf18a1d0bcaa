// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "profiling/heap/heap_snapshot.hpp"
#include "profiling/profile.hpp"

namespace taskworker::profiling {

/// Keeps a dump of the moment at which most memory was in use. Sees a peak when it looks:
/// look() is to be called some times a second, and dumps again once the heap has grown by a
/// tenth (and a MiB) over the one kept. Where the allocator cannot profile it keeps nothing.
class peak_heap {
 public:
  /// `allocated`: bytes in use now, as metrics::read_allocator() tells. Costs nothing when
  /// they have not grown, and a dump when they have. One thread at a time.
  void look(std::uint64_t allocated);

  /// The profile of that moment: its time_ns tells when. Throws heap_error, also when
  /// look() was never called. [thread-safe]
  [[nodiscard]] profile read() const;

 private:
  [[nodiscard]] std::shared_ptr<const heap_snapshot> highest() const;

  bool cannot_be_had_ = false;  // of the thread that looks
  mutable std::mutex mutex_;
  std::shared_ptr<const heap_snapshot> highest_;  // never changed, only replaced
};

}  // namespace taskworker::profiling
