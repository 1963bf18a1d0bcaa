// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace taskworker::profiling {

/// The return addresses of a call chain, innermost first: a plain value, made
/// without allocating.
struct stack {
  static constexpr std::size_t max_depth = 32;
  std::array<std::uintptr_t, max_depth> frames;  ///< only the first `depth` hold
  std::uint32_t depth = 0;

  [[nodiscard]] std::span<const std::uintptr_t> addresses() const { return {frames.data(), depth}; }
};

/// The stack of the caller, without this function and without `skip` more frames
/// above it. Allocates nothing and takes no lock: _Unwind_Backtrace of libgcc >= 12
/// on glibc >= 2.35. [thread-safe]
[[nodiscard]] stack capture_stack(std::uint32_t skip = 0) noexcept;

}  // namespace taskworker::profiling
