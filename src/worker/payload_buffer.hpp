// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

namespace taskworker::worker {

/// Memory aligned to 64 bytes that is used again and again and only grows. What
/// it held is lost when it grows.
class payload_buffer {
 public:
  payload_buffer() = default;
  explicit payload_buffer(std::size_t capacity) { reserve(capacity); }
  ~payload_buffer() { std::free(memory_); }
  payload_buffer(payload_buffer &&other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  payload_buffer &operator=(payload_buffer &&) = delete;

  [[nodiscard]] void *data() const noexcept { return memory_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  /// Makes room for `bytes`. Throws std::bad_alloc.
  void reserve(std::size_t bytes) {
    if (bytes <= capacity_) return;
    const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
    void *grown = rounded >= bytes ? std::aligned_alloc(alignment, rounded) : nullptr;
    if (grown == nullptr) throw std::bad_alloc();
    std::free(memory_);
    memory_ = grown;
    capacity_ = rounded;
  }

 private:
  static constexpr std::size_t alignment = 64;
  void *memory_ = nullptr;
  std::size_t capacity_ = 0;
};

}  // namespace taskworker::worker
