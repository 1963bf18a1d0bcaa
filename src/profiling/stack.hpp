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

/// How far a stack could be read.
enum class stack_reading {
  ended,   ///< as far as the unwinder finds frames
  cut,     ///< there are more frames than room
  lost,    ///< the way from the handler to what it interrupted was not found
  faulted  ///< the unwinder met a fault
};

/// In the handler of a signal: reads the stack that the signal has interrupted, innermost
/// first, the interrupted instruction as its address + 1. `context` is the handler's third
/// argument. At least the interrupted instruction is there (x86-64, AArch64); after a fault
/// what was read before it. REQUIRES: room for one. Async-signal-safe, as capture_stack().
[[nodiscard]] stack_reading read_interrupted_stack(const void *context,
                                                   std::span<std::uintptr_t> frames,
                                                   std::uint32_t &depth) noexcept;

/// To be called first in the handlers of SIGSEGV, SIGBUS and SIGABRT (by which libgcc gives
/// up): when that happened in read_interrupted_stack(), it does not return, and the stack
/// ends there. Else it returns at once. The handler must stay in place: no SA_RESETHAND.
/// Async-signal-safe.
void resume_after_unwind_fault() noexcept;

}  // namespace taskworker::profiling
