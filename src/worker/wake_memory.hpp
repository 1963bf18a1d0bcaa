// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <new>

namespace taskworker::worker {

/// Memory for one handler that waits to be run, used again for the next: Asio takes it for
/// what is posted with this as its allocator, and gives it back before the handler runs
/// ("Custom Memory Allocation" in Asio's overview). REQUIRES: the next post comes after that,
/// and what was posted is gone before this is.
class wake_memory final : public std::pmr::memory_resource {
 private:
  void *do_allocate(std::size_t bytes, std::size_t) override {
    if (bytes > bytes_.size()) throw std::bad_alloc();
    return bytes_.data();
  }
  void do_deallocate(void *, std::size_t, std::size_t) override {}
  [[nodiscard]] bool do_is_equal(const memory_resource &other) const noexcept override {
    return this == &other;
  }

  // Asio adds some pointers to a handler.
  alignas(std::max_align_t) std::array<std::byte, 256> bytes_;
};

}  // namespace taskworker::worker
