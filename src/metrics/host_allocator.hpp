// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

#include "metrics/allocator.hpp"

namespace taskworker::metrics {

/// Counts what the calling thread allocates during the life of this object as the
/// host's, though it happens on a thread whose allocations are a strategy's.
class host_allocation_scope {
 public:
  host_allocation_scope() noexcept : before_(thread_allocated_bytes()) {}
  ~host_allocation_scope() { host_bytes += thread_allocated_bytes() - before_; }
  host_allocation_scope(const host_allocation_scope &) = delete;
  host_allocation_scope &operator=(const host_allocation_scope &) = delete;

  /// What the calling thread allocated outside of any scope, ever: exact bytes.
  [[nodiscard]] static std::uint64_t strategy_bytes_on_this_thread() noexcept {
    return thread_allocated_bytes() - host_bytes;
  }

 private:
  inline static thread_local std::uint64_t host_bytes = 0;
  const std::uint64_t before_;
};

/// The same, and counts how often: exact for a thread in a thread_arena. Empties the thread's
/// cache at both ends and reads the arena: for what is rare.
class counted_host_allocation_scope {
 public:
  counted_host_allocation_scope() : before_(allocations_now()) {}
  ~counted_host_allocation_scope() { host_allocations += allocations_now() - before_; }
  counted_host_allocation_scope(const counted_host_allocation_scope &) = delete;
  counted_host_allocation_scope &operator=(const counted_host_allocation_scope &) = delete;

  /// How often the calling thread allocated in its arena, outside of any such scope. Costs as
  /// much as one.
  [[nodiscard]] static std::uint64_t strategy_allocations_on_this_thread() {
    return allocations_now() - host_allocations;
  }

 private:
  static std::uint64_t allocations_now() {
    thread_arena::flush();
    return thread_arena::allocations_here();
  }

  inline static thread_local std::uint64_t host_allocations = 0;
  const host_allocation_scope bytes_;
  const std::uint64_t before_;
};

/// A standard allocator over host_allocate().
template <typename T>
class host_allocator {
 public:
  using value_type = T;

  host_allocator() = default;
  template <typename U>
  // Allocators convert to one another by requirement of the standard.
  host_allocator(const host_allocator<U> &) noexcept {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] T *allocate(std::size_t count) {
    static_assert(alignof(T) <= alignof(std::max_align_t));
    void *memory = host_allocate(count * sizeof(T));
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<T *>(memory);
  }
  void deallocate(T *memory, std::size_t) noexcept { host_free(memory); }

  friend bool operator==(const host_allocator &, const host_allocator &) { return true; }
};

}  // namespace taskworker::metrics
