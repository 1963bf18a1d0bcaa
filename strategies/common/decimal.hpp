// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace taskworker::strategies {

/// Bytes that write_decimal() may write to: 2^64 - 1 has 20 digits, and the last ones go in
/// a word of eight.
constexpr std::size_t decimal_room = 24;

/// The eight digits of a number below 10^8 as the bytes of a word, 0 to 9, the first one
/// lowest: halved three times, all parts at once, each division a multiplication (Daniel
/// Lemire, "Converting integers to fix-digit representations quickly", 2021).
[[nodiscard]] constexpr std::uint64_t eight_digits(std::uint64_t number) noexcept {
  const std::uint64_t fours = number / 10'000 | number % 10'000 << 32;
  const std::uint64_t hundreds = fours * 10'486 >> 20 & 0x0000'007f'0000'007f;
  const std::uint64_t pairs = hundreds | (fours - hundreds * 100) << 16;
  const std::uint64_t tens = pairs * 103 >> 10 & 0x000f'000f'000f'000f;
  return tens | (pairs - tens * 10) << 8;
}

/// Writes a number without leading zeros and returns its end. REQUIRES: `to` has
/// decimal_room, of which what follows the number is written too. Half the instructions of
/// std::to_chars, which counts the digits first.
inline char *write_decimal(char *to, std::uint64_t number) noexcept {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t zeros = 0x3030'3030'3030'3030;
  constexpr std::uint64_t limit = 100'000'000;
  std::size_t leading = 0;
  if (number >= limit) [[unlikely]] {
    to = write_decimal(to, number / limit);
    number %= limit;
  } else {
    // Of a 0 the last digit stays.
    const std::uint64_t digits = eight_digits(number) | std::uint64_t{1} << 56;
    leading = static_cast<std::size_t>(std::countr_zero(digits)) / 8;
  }
  const std::uint64_t text = (eight_digits(number) | zeros) >> 8 * leading;
  std::memcpy(to, &text, sizeof text);
  return to + sizeof text - leading;
}

}  // namespace taskworker::strategies
