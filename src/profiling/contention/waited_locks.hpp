// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace taskworker::profiling {

/// The locks for which somebody waits now, and how long they have waited, all together,
/// since the lock was last released. Every nanosecond that a thread waits is charged once:
/// to the release that comes next, or, for the time from the last release until the thread
/// has the lock, to the handing over.
///
/// A table of fixed size, in which two locks may fall on the same place: the one that
/// comes second is not followed. Allocates nothing and takes no lock but a flag per place,
/// held for some ten instructions; so it may be used inside pthread functions, not
/// in a signal handler that may have interrupted itself. Times are nanoseconds of one
/// clock. Constant-initialized. All functions are [thread-safe].
class waited_locks {
  struct place;

 public:
  static constexpr std::size_t capacity = 1024;

  /// A thread's wait for one lock.
  struct wait {
    place *where = nullptr;  ///< null = not followed
    std::uint64_t since_ns = 0;
  };

  /// A thread begins to wait.
  [[nodiscard]] wait begin(const void *lock, std::uint64_t now_ns) noexcept;

  /// It has the lock, or has given up. Returns how long it has waited.
  std::uint64_t end(const wait &ended, std::uint64_t now_ns, bool has_lock) noexcept;

  /// Whether a release should be told: a quick look, which may see what has just changed.
  [[nodiscard]] bool is_waited_for(const void *lock) const noexcept {
    return place_of(lock).lock.load(std::memory_order_relaxed) == lock;
  }

  /// The holder is about to release. Returns how long others have waited for that.
  [[nodiscard]] std::uint64_t release(const void *lock, std::uint64_t now_ns) noexcept;

  struct totals {
    std::uint64_t handovers = 0;
    std::uint64_t handover_ns = 0;
    std::uint64_t unfollowed = 0;  ///< waits for which there was no place
  };
  [[nodiscard]] totals read_totals() const noexcept;

  /// In a child of fork(), whose parent's other threads no longer wait.
  void forget_waits() noexcept;

 private:
  struct alignas(64) place {
    std::atomic<bool> is_busy;       // guards what follows
    std::atomic<const void *> lock;  // null = free
    std::uint64_t waiters;
    std::uint64_t waited_ns;   // by all, until changed_ns, charged to nobody yet
    std::uint64_t changed_ns;  // when waited_ns was brought up to date
    std::uint64_t released_ns;
    std::atomic<std::uint64_t> handovers;
    std::atomic<std::uint64_t> handover_ns;
  };
  class visit;

  static std::size_t index_of(const void *lock) noexcept {
    // Fibonacci hashing; the low bits of an aligned address say nothing.
    return (reinterpret_cast<std::uintptr_t>(lock) >> 3) * 0x9e3779b97f4a7c15 >> (64 - 10);
  }
  place &place_of(const void *lock) noexcept { return places_[index_of(lock)]; }
  const place &place_of(const void *lock) const noexcept { return places_[index_of(lock)]; }

  static_assert(capacity == 1 << 10);
  std::array<place, capacity> places_{};
  std::atomic<std::uint64_t> unfollowed_{0};
};

}  // namespace taskworker::profiling
