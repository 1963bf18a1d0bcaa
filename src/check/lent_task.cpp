// SPDX-License-Identifier: MIT
#include "check/lent_task.hpp"

#include <cstring>
#include <new>

#include "check/call.hpp"
#include "check/verdict.hpp"

namespace taskworker::check {
namespace {

constexpr lent_thing task_struct{"the task", "strategy.h, taskworker_task"};
constexpr lent_thing payload_bytes{"the task's payload", "strategy.h, taskworker_task"};

constexpr std::size_t alignment_of_own_workload = 64;

placement place_of(bool is_sealed) { return is_sealed ? placement::exact : placement::roomy; }

}  // namespace

lent_task::lent_task(const worker::workload &tasks, std::uint64_t id, bool is_sealed)
    : task_(task_struct, sizeof(taskworker_task), alignof(taskworker_task), place_of(is_sealed)) {
  taskworker_task made{};
  made.id = id;
  worker::payload_buffer buffer;
  const std::string problem = make_call(call::make_task, [&]() -> std::string {
    try {
      tasks.make(made, buffer);
    } catch (const worker::workload_error &error) {
      return error.what();
    }
    return {};
  });
  if (!problem.empty()) fail("ext/workload.h, make_task", problem);
  const auto words = static_cast<std::size_t>((made.payload_size + 7) / 8);
  copy_.resize(words);
  if (made.payload_size > 0) std::memcpy(copy_.data(), made.payload, made.payload_size);
  original_ = made;
  original_.payload = copy_.data();
  lend_payload(made, tasks.name() == "built-in", is_sealed);
}

lent_task::lent_task(taskworker_operation operation, std::uint64_t id)
    : task_(task_struct, sizeof(taskworker_task), alignof(taskworker_task), placement::roomy) {
  original_.id = id;
  original_.operation = operation;
  new (task_.data()) taskworker_task(original_);
}

void lent_task::lend_payload(const taskworker_task &made, bool is_builtin, bool is_sealed) {
  const std::size_t alignment = is_builtin ? alignof(std::int64_t) : alignment_of_own_workload;
  payload_ = std::make_unique<guarded_memory>(
      payload_bytes, static_cast<std::size_t>(made.payload_size), alignment, place_of(is_sealed));
  if (made.payload_size > 0) {
    std::memcpy(payload_->data(), made.payload, static_cast<std::size_t>(made.payload_size));
  }
  auto *task = new (task_.data()) taskworker_task(made);
  task->payload = payload_->data();
  if (!is_sealed) return;
  payload_->seal();
  task_.seal();
}

void lent_task::set_operation(taskworker_operation operation) {
  original_.operation = operation;
  static_cast<taskworker_task *>(task_.data())->operation = operation;
}

std::string lent_task::describe(const worker::workload &tasks) const {
  const auto &names = tasks.operation_names();
  const std::string operation = original_.operation < names.size()
                                    ? names[original_.operation]
                                    : "operation " + std::to_string(original_.operation);
  return "task " + std::to_string(original_.id) + " (" + operation + ", " +
         std::to_string(original_.payload_size) + " bytes)";
}

}  // namespace taskworker::check
