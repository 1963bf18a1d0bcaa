// SPDX-License-Identifier: MIT
#include <array>
#include <cstdint>
#include <limits>
#include <string>

#include "catch.hpp"
#include "common/decimal.hpp"

using taskworker::strategies::decimal_room;
using taskworker::strategies::write_decimal;

namespace {

std::string text_of(std::uint64_t number) {
  std::array<char, decimal_room + 1> memory;
  memory.fill('#');
  const char *const end = write_decimal(memory.data(), number);
  REQUIRE(memory.back() == '#');
  return std::string(memory.data(), static_cast<std::size_t>(end - memory.data()));
}

}  // namespace

TEST_CASE("every number below a million is written as the C library does", "[strategies_decimal]") {
  std::uint64_t wrong = 0;
  for (std::uint64_t number = 0; number < 1'000'000; ++number) {
    if (text_of(number) != std::to_string(number)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("numbers about each power of ten keep all their digits", "[strategies_decimal]") {
  std::uint64_t power = 1;
  for (int digits = 1; digits <= 20; ++digits) {
    for (const std::uint64_t number : {power - 1, power, power + 1, 9 * (power - 1) + 8}) {
      CHECK(text_of(number) == std::to_string(number));
    }
    power *= 10;  // the last one wraps, and is not used
  }
  CHECK(text_of(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(text_of(10'000'000'000'000'000'007u) == "10000000000000000007");
}

TEST_CASE("each place of a long number can hold each digit", "[strategies_decimal]") {
  std::uint64_t power = 1;
  for (int place = 0; place < 19; ++place, power *= 10) {
    for (std::uint64_t digit = 1; digit <= 9; ++digit) {
      const std::uint64_t number = 1'000'000'000'000'000'000u / power * power + digit * power;
      CHECK(text_of(number) == std::to_string(number));
    }
  }
}
