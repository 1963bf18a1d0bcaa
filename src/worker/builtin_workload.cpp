// SPDX-License-Identifier: MIT
#include <array>
#include <span>

#include "worker/workload.hpp"

namespace taskworker::worker {
namespace {

constexpr std::uint64_t period = 100;  ///< of (k*7 + i*3) % 100, in k

/// table[j] = 7*j % 100. Since 7*43 = 301 is 1 modulo 100, the data of task i,
/// 7*k + 3*i, is 7*(k + 43*3*i), and so begins at j = 29*i % 100: every payload is
/// a window of one table that nobody writes.
std::vector<std::int64_t> make_table(std::uint64_t data_size) {
  std::vector<std::int64_t> table(static_cast<std::size_t>(data_size + period));
  for (std::size_t j = 0; j < table.size(); ++j) {
    table[j] = static_cast<std::int64_t>(7 * j % period);
  }
  return table;
}

std::span<const std::int64_t> values_of(const void *data, std::uint64_t bytes) {
  return {static_cast<const std::int64_t *>(data),
          static_cast<std::size_t>(bytes / sizeof(std::int64_t))};
}

/// The bits of a value: unsigned arithmetic wraps modulo 2^64 by definition.
std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

std::uint64_t right_scalar(const taskworker_task &task) {
  const bool multiplies = task.operation == TASKWORKER_MULTIPLY;
  std::uint64_t scalar = multiplies ? 1 : 0;
  for (const auto value : values_of(task.payload, task.payload_size)) {
    scalar = multiplies ? scalar * bits(value) : scalar + bits(value);
  }
  return scalar;
}

/// How far a result array agrees with what it must be.
struct array_comparison {
  std::size_t matching = 0;  ///< elements from the front that are right
  std::size_t expected = 0;  ///< elements there must be
};

array_comparison compare_array(const taskworker_task &task, const taskworker_result &result) {
  const auto out = values_of(result.data, result.data_size);
  array_comparison found;
  bool agrees = true;
  for (const auto value : values_of(task.payload, task.payload_size)) {
    const bool squares = task.operation == TASKWORKER_SQUARE;
    if (!squares && value % 2 != 0) continue;
    const std::uint64_t right = squares ? bits(value) * bits(value) : bits(value);
    agrees = agrees && found.expected < out.size() && bits(out[found.expected]) == right;
    found.matching += agrees ? 1 : 0;
    ++found.expected;
  }
  return found;
}

bool gives_array(std::uint32_t operation) {
  return operation == TASKWORKER_SQUARE || operation == TASKWORKER_FILTER;
}

class builtin_workload final : public workload {
 public:
  explicit builtin_workload(std::uint64_t data_size)
      : workload({"sum", "multiply", "square", "filter"}),
        table_(make_table(data_size)),
        payload_size_(data_size * sizeof(std::int64_t)) {
    for (std::size_t i = 0; i < period; ++i) windows_[i] = table_.data() + 29 * i % period;
  }

  std::string_view name() const override { return "built-in"; }

  void make(taskworker_task &task, payload_buffer &) const override {
    task.operation = static_cast<std::uint32_t>(task.id % 4);
    task.payload = windows_[task.id % period];
    task.payload_size = payload_size_;
  }

  // Uses no memory of its own: it runs on the workers, whose allocations are counted.
  bool check(const taskworker_task &task, const taskworker_result &result) const override {
    if (!gives_array(task.operation)) {
      return result.kind == TASKWORKER_SCALAR && bits(result.scalar) == right_scalar(task);
    }
    const auto found = compare_array(task, result);
    return result.kind == TASKWORKER_ARRAY && found.matching == found.expected &&
           result.data_size == found.expected * sizeof(std::int64_t);
  }

  std::string describe_mismatch(const taskworker_task &task,
                                const taskworker_result &result) const override {
    const bool wants_array = gives_array(task.operation);
    if (result.kind > TASKWORKER_ARRAY) {
      return "got a result of kind " + std::to_string(result.kind) + ", expected " +
             (wants_array ? "an array" : "a scalar");
    }
    if ((result.kind == TASKWORKER_ARRAY) != wants_array) {
      return wants_array ? "got a scalar, expected an array" : "got an array, expected a scalar";
    }
    if (!wants_array) {
      return "got " + std::to_string(result.scalar) + ", expected " +
             std::to_string(static_cast<std::int64_t>(right_scalar(task)));
    }
    const auto found = compare_array(task, result);
    if (found.matching == found.expected) {
      return "got " + std::to_string(result.data_size) + " bytes, expected " +
             std::to_string(found.expected * sizeof(std::int64_t));
    }
    return "element " + std::to_string(found.matching) + " of " + std::to_string(found.expected) +
           " is wrong or missing";
  }

  std::size_t result_capacity(std::size_t payload_size) const override { return payload_size; }

 private:
  const std::vector<std::int64_t> table_;
  std::array<const std::int64_t *, period> windows_{};  ///< [i % 100]: the data of task i
  const std::uint64_t payload_size_;                    ///< of a generated task, in bytes
};

}  // namespace

std::unique_ptr<workload> make_builtin_workload(std::uint64_t data_size) {
  return std::make_unique<builtin_workload>(data_size);
}

}  // namespace taskworker::worker
