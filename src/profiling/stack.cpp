// SPDX-License-Identifier: MIT
#include "profiling/stack.hpp"

#include <setjmp.h>
#include <ucontext.h>
#include <unwind.h>

#include <atomic>

namespace taskworker::profiling {
namespace {

struct frame {
  std::uintptr_t address;
  bool is_interrupted;
};

// A frame that a signal interrupted gives the instruction itself. One more makes it
// what all others are, an address whose call lies one byte before.
frame read_frame(_Unwind_Context *context) {
  int is_interrupted = 0;
  const std::uintptr_t address = _Unwind_GetIPInfo(context, &is_interrupted);
  return {address + (is_interrupted != 0 ? 1 : 0), is_interrupted != 0};
}

struct walk {
  stack *result;
  std::uint32_t skip;
};

_Unwind_Reason_Code visit_frame(_Unwind_Context *context, void *data) {
  auto &[result, skip] = *static_cast<walk *>(data);
  if (skip > 0) {
    --skip;
    return _URC_NO_REASON;
  }
  const frame seen = read_frame(context);
  if (seen.address == 0) return _URC_END_OF_STACK;
  result->frames[result->depth++] = seen.address;
  return result->depth < stack::max_depth ? _URC_NO_REASON : _URC_END_OF_STACK;
}

struct interrupted_walk {
  std::span<std::uintptr_t> frames;
  std::uint32_t *depth;
  bool is_found = false;  // what was interrupted: the handler's own frames lie before it
  bool is_cut = false;
};

_Unwind_Reason_Code visit_interrupted(_Unwind_Context *context, void *data) {
  auto &state = *static_cast<interrupted_walk *>(data);
  const frame seen = read_frame(context);
  if (!state.is_found) {
    if (!seen.is_interrupted) return _URC_NO_REASON;
    state.is_found = true;
    *state.depth = 0;
  }
  if (seen.address == 0) return _URC_END_OF_STACK;
  state.is_cut = *state.depth == state.frames.size();
  if (state.is_cut) return _URC_END_OF_STACK;
  state.frames[*state.depth] = seen.address;
  ++*state.depth;
  return _URC_NO_REASON;
}

// Where a fault of the unwinder leads; null while no stack is read.
constinit thread_local sigjmp_buf *fault_exit = nullptr;

stack_reading walk_interrupted(std::span<std::uintptr_t> frames, std::uint32_t &depth) noexcept {
  interrupted_walk visit{frames, &depth};
  _Unwind_Backtrace(&visit_interrupted, &visit);
  if (!visit.is_found) return stack_reading::lost;
  return visit.is_cut ? stack_reading::cut : stack_reading::ended;
}

// 0 where the architecture is not known here.
std::uintptr_t program_counter([[maybe_unused]] const void *context) noexcept {
#if defined(__x86_64__)
  const auto &registers = static_cast<const ucontext_t *>(context)->uc_mcontext.gregs;
  return static_cast<std::uintptr_t>(registers[REG_RIP]);
#elif defined(__aarch64__)
  return static_cast<const ucontext_t *>(context)->uc_mcontext.pc;
#else
  return 0;
#endif
}

}  // namespace

[[gnu::noinline]] stack capture_stack(std::uint32_t skip) noexcept {
  stack result;
  walk visit{&result, skip + 1};  // the first frame visited is this function's
  _Unwind_Backtrace(&visit_frame, &visit);
  return result;
}

stack_reading read_interrupted_stack(const void *context, std::span<std::uintptr_t> frames,
                                     std::uint32_t &depth) noexcept {
  const std::uintptr_t interrupted = program_counter(context);
  frames[0] = interrupted + 1;
  depth = interrupted != 0 ? 1 : 0;
  // The signal of one reader may interrupt another's.
  sigjmp_buf *const outer_exit = fault_exit;
  sigjmp_buf here;
  volatile auto how = stack_reading::faulted;
  if (::sigsetjmp(here, 0) == 0) {
    fault_exit = &here;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    how = walk_interrupted(frames, depth);
  }
  std::atomic_signal_fence(std::memory_order_seq_cst);
  fault_exit = outer_exit;
  return how;
}

void resume_after_unwind_fault() noexcept {
  sigjmp_buf *const exit = fault_exit;
  if (exit == nullptr) return;
  fault_exit = nullptr;  // a second fault is not ours
  // That the fault's own handler blocks its signal ends when the reader's returns: the mask
  // is then the interrupted one again.
  ::siglongjmp(*exit, 1);
}

}  // namespace taskworker::profiling
