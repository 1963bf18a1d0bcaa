// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace taskworker::profiling {

/// A frame that no code stands behind: it shows what a profile could not see, or what a
/// stack belongs to. Its address lies in the kernel's half of the address space, where no
/// frame of this process is; readers that tell lines apart by their addresses need one.
enum class synthetic_frame : std::uintptr_t {
  lost_samples = 0xffff'8000'0000'1001,  ///< taken, but there was no room to keep them
  timer_overrun,  ///< root of time that passed before a late signal: where is a guess
  unwind_failed,  ///< root of a stack that could not be read to its end
  stack_cut,      ///< root of a stack that is deeper than what is kept
  history_full,   ///< look-back: more different stacks than are kept
  no_answer,      ///< a thread that did not show its stack in time
  job,            ///< leaf of a stack that started a periodic job
  table_full,     ///< contention, thread starts: more different stacks than are kept
  lock_handover,  ///< contention: from a lock's release until the next thread ran with it
  end
};

[[nodiscard]] constexpr std::uintptr_t address_of(synthetic_frame frame) {
  return static_cast<std::uintptr_t>(frame);
}

/// Its name, as "[lost samples]"; nothing when the address is none of them.
[[nodiscard]] std::optional<std::string_view> name_of_synthetic_frame(std::uintptr_t address);

}  // namespace taskworker::profiling
