// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// The four operations of the built-in workload, for all strategies alike. All of them
/// wrap modulo 2^64 and look at every element: a product that became 0 goes on.
/// [thread-safe]
namespace taskworker::strategies {

using values = std::span<const std::int64_t>;

[[nodiscard]] std::int64_t sum(values in) noexcept;

/// 1 for no elements.
[[nodiscard]] std::int64_t multiply(values in) noexcept;

/// `out` has room for as many elements as `in` and does not overlap it.
void square(values in, std::int64_t *out) noexcept;

/// Copies the even elements in their order and returns how many they are. `out` has room
/// for as many elements as `in`, all of which may be written, and does not overlap it.
[[nodiscard]] std::size_t filter_even(values in, std::int64_t *out) noexcept;

}  // namespace taskworker::strategies
