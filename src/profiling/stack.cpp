// SPDX-License-Identifier: MIT
#include "profiling/stack.hpp"

#include <unwind.h>

namespace taskworker::profiling {
namespace {

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
  int is_interrupted = 0;
  const std::uintptr_t address = _Unwind_GetIPInfo(context, &is_interrupted);
  if (address == 0) return _URC_END_OF_STACK;
  // A frame that a signal interrupted gives the instruction itself. One more makes it
  // what all others are, an address whose call lies one byte before.
  result->frames[result->depth++] = address + (is_interrupted != 0 ? 1 : 0);
  return result->depth < stack::max_depth ? _URC_NO_REASON : _URC_END_OF_STACK;
}

}  // namespace

[[gnu::noinline]] stack capture_stack(std::uint32_t skip) noexcept {
  stack result;
  walk visit{&result, skip + 1};  // the first frame visited is this function's
  _Unwind_Backtrace(&visit_frame, &visit);
  return result;
}

}  // namespace taskworker::profiling
