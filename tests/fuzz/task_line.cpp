// SPDX-License-Identifier: MIT
// A line of a task file.
#include "worker/task_line.hpp"

#include <cstring>
#include <string>
#include <vector>

#include "expect.hpp"

namespace {

const std::vector<std::string> operation_names{"sum", "multiply", "square", "filter"};

// What was read, written as a line again.
std::string write(const taskworker_task &task) {
  std::string line = "{\"operation\": \"" + operation_names.at(task.operation) + "\", \"data\": [";
  for (std::uint64_t at = 0; at < task.payload_size; at += sizeof(std::int64_t)) {
    std::int64_t value = 0;
    std::memcpy(&value, static_cast<const char *>(task.payload) + at, sizeof value);
    line += (at == 0 ? "" : ", ") + std::to_string(value);
  }
  return line + "]}";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  using namespace taskworker::worker;
  taskworker_task task{};
  payload_buffer buffer;
  try {
    parse_task_line({reinterpret_cast<const char *>(data), size}, operation_names, task, buffer);
  } catch (const task_line_error &error) {
    expect(*error.what() != '\0', "a refusal says why");
    return 0;
  }
  expect(task.payload_size <= buffer.capacity(), "the payload lies in its buffer");
  expect(task.payload_size % sizeof(std::int64_t) == 0, "the payload is whole numbers");
  taskworker_task again{};
  payload_buffer other;
  parse_task_line(write(task), operation_names, again, other);
  expect(again.operation == task.operation && again.payload_size == task.payload_size,
         "written and read, it is the same task");
  expect(task.payload_size == 0 || std::memcmp(again.payload, task.payload, task.payload_size) == 0,
         "with the same numbers");
  return 0;
}
