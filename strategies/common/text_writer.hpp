// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace taskworker::strategies {

/// Builds a text in memory that someone else owns and measures; allocates nothing. A
/// piece that does not fit is left out with all that follow, and still counted.
/// Not for more than one thread at a time.
class text_writer {
 public:
  text_writer(char *memory, std::size_t capacity) noexcept : memory_(memory), capacity_(capacity) {}

  text_writer &operator<<(std::string_view piece) noexcept {
    if (size_ + piece.size() <= capacity_) std::memcpy(memory_ + size_, piece.data(), piece.size());
    size_ += piece.size();
    return *this;
  }

  text_writer &operator<<(std::uint64_t number) noexcept {
    if (size_ + max_digits <= capacity_) {
      char *const begin = memory_ + size_;
      size_ += write_digits(begin, number);
      return *this;
    }
    std::array<char, max_digits> digits;
    return *this << std::string_view(digits.data(), write_digits(digits.data(), number));
  }

  /// Bytes of the whole text, whether it fits or not.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool fits() const noexcept { return size_ <= capacity_; }

  /// REQUIRES: fits().
  [[nodiscard]] std::string_view view() const noexcept { return {memory_, size_}; }

 private:
  static constexpr std::size_t max_digits = 20;  ///< of 2^64 - 1

  static std::size_t write_digits(char *begin, std::uint64_t number) noexcept {
    return static_cast<std::size_t>(std::to_chars(begin, begin + max_digits, number).ptr - begin);
  }

  char *memory_;
  std::size_t capacity_;
  std::size_t size_ = 0;
};

}  // namespace taskworker::strategies
