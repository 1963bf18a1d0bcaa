// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace taskworker::metrics {

/// The allocator's figures for the whole process, in bytes unless said otherwise.
struct allocator_figures {
  std::uint64_t allocated = 0;            ///< in use by the program, or kept in a thread's cache
  std::uint64_t active = 0;               ///< in pages that hold something in use
  std::uint64_t resident = 0;             ///< in physical memory, allocator's own included
  std::uint64_t retained = 0;             ///< given back to the system, addresses kept
  std::uint64_t metadata = 0;             ///< the allocator's own
  std::uint64_t allocated_total = 0;      ///< ever allocated, never falling
  std::uint64_t allocations_total = 0;    ///< count
  std::uint64_t deallocations_total = 0;  ///< count
  std::uint64_t purges_total = 0;         ///< times that unused pages were given back
};

/// "jemalloc 5.3.0", or "system" in builds without jemalloc.
[[nodiscard]] const char *allocator_name() noexcept;

/// The figures now; nothing in builds without jemalloc.
///
/// The totals hold what thread caches have reported. A thread that gets by with the
/// memory in its cache reports late, without bound, until it calls
/// thread_arena::flush() or ends. An allocation that the heap profiler samples counts
/// with the pages it takes. What lies in a cache does not count as deallocated.
///
/// Takes the allocator's locks, one arena after the other: about 25 microseconds for
/// each arena there is. [thread-safe]
[[nodiscard]] std::optional<allocator_figures> read_allocator();

/// Bytes that the calling thread ever allocated, exact; 0 without jemalloc. About
/// a nanosecond.
[[nodiscard]] std::uint64_t thread_allocated_bytes() noexcept;

/// An arena for one thread's own: what that thread allocates can be counted apart.
/// Without jemalloc it counts nothing.
class thread_arena {
 public:
  /// Throws std::system_error where there is no memory for one, or there are too many
  /// already (about 4,000).
  thread_arena();

  /// Moves the calling thread to it, for good.
  void enter() const noexcept;

  /// How often memory was requested from this arena so far. Exact when the thread
  /// in it called flush() before. Costs as much as read_allocator().
  [[nodiscard]] std::uint64_t allocations() const;

  /// The same, of the arena that the calling thread is in; 0 = it has entered none.
  [[nodiscard]] static std::uint64_t allocations_here();

  /// Lets the cache of the calling thread report what it has served, and empties it:
  /// one to some microseconds.
  static void flush() noexcept;

 private:
  [[maybe_unused]] unsigned index_ = 0;
};

/// Memory of the host that must not count as a strategy's, though it is asked
/// for on a strategy's thread: from an arena apart, past the thread's cache. The
/// bytes still show in thread_allocated_bytes(). Null when there is none.
/// [thread-safe]
[[nodiscard]] void *host_allocate(std::size_t bytes) noexcept;
void host_free(void *memory) noexcept;

}  // namespace taskworker::metrics
