// SPDX-License-Identifier: MIT
#include "common/arithmetic.hpp"

// A function is compiled once for each level of the processor family, and the one for the
// processor at hand is chosen when the library is loaded.
#if defined(TASKWORKER_HAVE_TARGET_CLONES)
#define TASKWORKER_FOR_EACH_PROCESSOR \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define TASKWORKER_FOR_EACH_PROCESSOR
#endif

namespace taskworker::strategies {
namespace {

// Unsigned arithmetic wraps by definition, signed overflow is undefined.
std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }
std::int64_t number(std::uint64_t bits) { return static_cast<std::int64_t>(bits); }

}  // namespace

TASKWORKER_FOR_EACH_PROCESSOR std::int64_t sum(values in) noexcept {
  std::uint64_t total = 0;
  for (const auto value : in) total += bits(value);
  return number(total);
}

TASKWORKER_FOR_EACH_PROCESSOR std::int64_t multiply(values in) noexcept {
  std::uint64_t product = 1;
  for (const auto value : in) product *= bits(value);
  return number(product);
}

TASKWORKER_FOR_EACH_PROCESSOR void square(values in, std::int64_t *__restrict out) noexcept {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = number(bits(in[i]) * bits(in[i]));
}

TASKWORKER_FOR_EACH_PROCESSOR std::size_t filter_even(values in,
                                                      std::int64_t *__restrict out) noexcept {
  std::size_t count = 0;
  // Every element is written and only the place moves on: whether numbers are even is
  // nothing that a branch could foresee.
#pragma GCC unroll 8
  for (const auto value : in) {
    out[count] = value;
    count += static_cast<std::size_t>(~bits(value) & 1);
  }
  return count;
}

}  // namespace taskworker::strategies
