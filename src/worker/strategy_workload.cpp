// SPDX-License-Identifier: MIT
#include "worker/workload.hpp"

namespace taskworker::worker {
namespace {

class strategy_workload final : public workload {
 public:
  strategy_workload(const taskworker_workload &extension, std::uint64_t data_size)
      : workload(
            {extension.operation_names, extension.operation_names + extension.operation_count}),
        extension_(extension),
        data_size_(data_size) {}

  std::string_view name() const override { return extension_.name; }

  bool has_own_equality() const override { return extension_.equal != nullptr; }

  bool equal(const taskworker_task &task, const taskworker_result &a,
             const taskworker_result &b) const override {
    if (extension_.equal == nullptr) return workload::equal(task, a, b);
    return extension_.equal(&task, &a, &b) != 0;
  }

  void make(taskworker_task &task, payload_buffer &buffer) const override {
    std::uint64_t size = 0;
    taskworker_status status = call_make(task, buffer, size);
    if (status == TASKWORKER_NO_CAPACITY && size > buffer.capacity()) {
      buffer.reserve(static_cast<std::size_t>(size));
      status = call_make(task, buffer, size);
    }
    if (status != TASKWORKER_OK || size > buffer.capacity()) {
      throw workload_error("the workload '" + std::string(name()) + "' could not make task " +
                           std::to_string(task.id) + ": make_task() returned status " +
                           std::to_string(status) + " and a size of " + std::to_string(size) +
                           " bytes");
    }
    if (task.operation >= operation_names().size()) {
      throw workload_error("the workload '" + std::string(name()) + "' gave task " +
                           std::to_string(task.id) + " the operation " +
                           std::to_string(task.operation) + ", it has 0 to " +
                           std::to_string(operation_names().size() - 1));
    }
    task.payload = buffer.data();
    task.payload_size = size;
  }

  bool check(const taskworker_task &task, const taskworker_result &result) const override {
    return extension_.check == nullptr || extension_.check(&task, &result) != 0;
  }

  std::string describe_mismatch(const taskworker_task &, const taskworker_result &) const override {
    return "the workload's own check refused it";
  }

  // Any size may turn out to be needed; NO_CAPACITY tells.
  std::size_t result_capacity(std::size_t payload_size) const override {
    return payload_size > 4096 ? payload_size : 4096;
  }

 private:
  taskworker_status call_make(taskworker_task &task, payload_buffer &buffer,
                              std::uint64_t &size) const {
    return extension_.make_task(task.id, data_size_, buffer.data(), buffer.capacity(), &size,
                                &task.operation);
  }

  const taskworker_workload &extension_;
  const std::uint64_t data_size_;
};

}  // namespace

std::unique_ptr<workload> make_strategy_workload(const taskworker_workload &extension,
                                                 std::uint64_t data_size) {
  return std::make_unique<strategy_workload>(extension, data_size);
}

}  // namespace taskworker::worker
