// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "common/decimal.hpp"

namespace taskworker::strategies {

/// Builds a text in memory that someone else owns and measures; allocates nothing. A
/// piece that does not fit is left out with all that follow, and still counted.
/// Not for more than one thread at a time.
class text_writer {
 public:
  /// `size`: bytes of a text that is there already, to be continued.
  text_writer(char *memory, std::size_t capacity, std::size_t size = 0) noexcept
      : memory_(memory), capacity_(capacity), size_(size) {}

  text_writer &operator<<(std::string_view piece) noexcept {
    if (size_ + piece.size() <= capacity_) std::memcpy(memory_ + size_, piece.data(), piece.size());
    size_ += piece.size();
    return *this;
  }

  text_writer &operator<<(std::uint64_t number) noexcept {
    if (size_ + decimal_room <= capacity_) {
      char *const begin = memory_ + size_;
      size_ += static_cast<std::size_t>(write_decimal(begin, number) - begin);
      return *this;
    }
    std::array<char, decimal_room> digits;
    const char *const end = write_decimal(digits.data(), number);
    return *this << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
  }

  /// As << of the first `size` bytes, where `readable` bytes may be read: one copy of a fixed
  /// length, where there is room, costs less than a call for the right one.
  text_writer &append(const char *piece, std::size_t size, std::size_t readable) noexcept {
    constexpr std::size_t block = 64;
    if (size > block || readable < block || size_ + block > capacity_) {
      return *this << std::string_view(piece, size);
    }
    std::memcpy(memory_ + size_, piece, block);
    size_ += size;
    return *this;
  }

  /// Bytes of the whole text, whether it fits or not.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool fits() const noexcept { return size_ <= capacity_; }

  /// REQUIRES: fits().
  [[nodiscard]] std::string_view view() const noexcept { return {memory_, size_}; }

 private:
  char *memory_;
  std::size_t capacity_;
  std::size_t size_;
};

}  // namespace taskworker::strategies
