// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "profiling/contention/delay_counts.hpp"
#include "profiling/contention/waited_locks.hpp"
#include "profiling/profile.hpp"

namespace taskworker::profiling {

/// Keeps what threads waited for one another, for functions that run inside any code:
/// allocates nothing and takes no lock, but for the profiles. `caller` is the return address
/// of the function that the thread called. For static storage. [thread-safe]
class contention_recorder {
 public:
  /// True where the calling thread is inside one of these functions, which may itself lead
  /// to a lock, as a signal handler may: that one is not to be recorded.
  [[nodiscard]] static bool is_busy() noexcept;

  /// A thread begins to wait for a lock that another one holds.
  [[nodiscard]] waited_locks::wait begin_wait(const void *lock) noexcept;
  /// It has the lock, or has given up.
  void end_wait(const waited_locks::wait &ended, bool has_lock, std::uintptr_t caller) noexcept;

  [[nodiscard]] bool is_waited_for(const void *lock) const noexcept {
    return locks_.is_waited_for(lock);
  }
  /// Before the holder releases the lock. Returns how long others have waited for that.
  [[nodiscard]] std::uint64_t note_release(const void *lock) noexcept;
  /// After it, so that nobody waits until the stack is read.
  void record_release(std::uint64_t waited_ns, std::uintptr_t caller) noexcept;

  /// A wait for something that no thread holds.
  [[nodiscard]] static std::uint64_t now_ns() noexcept;
  void record_wait(std::uint64_t since_ns, std::uintptr_t caller) noexcept;

  /// In a child of fork().
  void forget_waits() noexcept { locks_.forget_waits(); }

  [[nodiscard]] profile read_releases(std::vector<std::string> comments) const;
  [[nodiscard]] profile read_waits(std::vector<std::string> comments) const;

 private:
  waited_locks locks_;
  delay_counts releases_;
  delay_counts waits_;
};

}  // namespace taskworker::profiling
