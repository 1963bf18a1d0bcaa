// SPDX-License-Identifier: MIT
#include "profiling/running_task.hpp"

namespace taskworker::profiling {
namespace {

// Of the program itself, hence at a fixed place of a thread's block: reading it in a signal
// handler allocates nothing.
constinit thread_local const running_task_slot *own_slot = nullptr;

}  // namespace

void set_running_task(const running_task_slot *slot) noexcept { own_slot = slot; }

task_mark current_task_mark() noexcept {
  const running_task_slot *slot = own_slot;
  if (slot == nullptr) return {};
  const std::uint64_t id_plus_one = slot->id_plus_one();
  if (id_plus_one == 0) return {.worker = slot->worker()};
  return {slot->worker(), slot->operation(), id_plus_one - 1};
}

}  // namespace taskworker::profiling
