// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include "catch.hpp"
#include "worker/task_line.hpp"

using namespace taskworker::worker;

namespace {

const std::vector<std::string> operations = {"sum", "multiply", "square", "filter"};

struct parsed {
  taskworker_task task{};
  payload_buffer buffer;
  std::vector<std::int64_t> values() const {
    const auto *data = static_cast<const std::int64_t *>(task.payload);
    return {data, data + task.payload_size / sizeof(std::int64_t)};
  }
};

parsed parse(const std::string &line) {
  parsed result;
  parse_task_line(line, operations, result.task, result.buffer);
  return result;
}

std::string error_of(const std::string &line) {
  try {
    parse(line);
  } catch (const task_line_error &error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a task line gives operation and integers", "[worker_task_line]") {
  const auto task = parse(R"( {"data": [1, -2, 3], "operation": "square"} )");
  CHECK(task.task.operation == TASKWORKER_SQUARE);
  CHECK(task.values() == std::vector<std::int64_t>{1, -2, 3});
}

TEST_CASE("a task line may hold no integers, and the largest", "[worker_task_line]") {
  CHECK(parse(R"({"operation": "sum", "data": []})").values().empty());
  CHECK(parse(R"({"operation": "sum", "data": [-9223372036854775808, 9223372036854775807]})")
            .values() == std::vector<std::int64_t>{INT64_MIN, INT64_MAX});
}

TEST_CASE("a broken line says what is wrong and what was expected", "[worker_task_line]") {
  const std::string expected = R"(; expected {"operation": "NAME", "data": [INTEGERS]})";
  CHECK(error_of("[1, 2]") == "not a JSON object" + expected);
  CHECK(error_of(R"({"data": [1]})") == "'operation' is missing" + expected);
  CHECK(error_of(R"({"operation": "sum"})") == "'data' is missing" + expected);
  CHECK(error_of(R"({"operation": 3, "data": []})") == "'operation' is not a string" + expected);
  CHECK(error_of(R"({"operation": "sum", "data": 3})") == "'data' is not an array" + expected);
  CHECK(error_of(R"({"operation": "sum", "data": [], "id": 1})") ==
        "unknown member 'id'" + expected);
  CHECK(error_of(R"({"operation": "cube", "data": []})") ==
        "unknown operation 'cube'; expected one of sum, multiply, square, filter");
  CHECK(error_of(R"({"operation": "sum", "data": [1, 2.5]})") ==
        "'data' element 1 is not an integer from -2^63 to 2^63-1");
  CHECK(error_of(R"({"operation": "sum", "data": [9223372036854775808]})") ==
        "'data' element 0 is not an integer from -2^63 to 2^63-1");
  CHECK_THAT(error_of("{\"operation\":"), Catch::Matchers::StartsWith("not JSON: "));
  CHECK_THAT(error_of(std::string(100'000, '[')), Catch::Matchers::StartsWith("not JSON: "));
}
