// SPDX-License-Identifier: MIT
#include <cstring>
#include <vector>

#include "catch.hpp"
#include "worker/task_source.hpp"
#include "worker/workload.hpp"

using namespace taskworker::worker;

namespace {

struct made_task {
  taskworker_task task{};
  payload_buffer buffer;
  std::vector<std::int64_t> values() const {
    const auto *data = static_cast<const std::int64_t *>(task.payload);
    return {data, data + task.payload_size / sizeof(std::int64_t)};
  }
};

made_task make(const workload &tasks, std::uint64_t id) {
  made_task made;
  made.task.id = id;
  tasks.make(made.task, made.buffer);
  return made;
}

taskworker_task task_of(std::uint32_t operation, const std::vector<std::int64_t> &values) {
  taskworker_task task{};
  task.operation = operation;
  task.payload = values.data();
  task.payload_size = values.size() * sizeof(std::int64_t);
  return task;
}

taskworker_result scalar(std::int64_t value) {
  taskworker_result result{};
  result.scalar = value;
  return result;
}

taskworker_result array(std::vector<std::int64_t> &values) {
  taskworker_result result{};
  result.kind = TASKWORKER_ARRAY;
  result.data = values.data();
  result.data_size = values.size() * sizeof(std::int64_t);
  return result;
}

}  // namespace

TEST_CASE("task i holds (k*7 + i*3) % 100 and does operation i % 4", "[worker_workload]") {
  const auto tasks = make_builtin_workload(250);
  for (const std::uint64_t id : {0ull, 1ull, 2ull, 3ull, 33ull, 99ull, 100ull, 12345678901ull}) {
    const auto made = make(*tasks, id);
    CHECK(made.task.operation == id % 4);
    const auto values = made.values();
    REQUIRE(values.size() == 250);
    for (std::size_t k = 0; k < values.size(); ++k) {
      REQUIRE(values[k] == static_cast<std::int64_t>((k * 7 + id % 100 * 3) % 100));
    }
  }
}

TEST_CASE("generated tasks may be empty", "[worker_workload]") {
  CHECK(make(*make_builtin_workload(0), 7).values().empty());
}

TEST_CASE("the oracle knows the four operations, wrapping modulo 2^64", "[worker_workload]") {
  const auto oracle = make_builtin_workload(1);
  const std::vector<std::int64_t> in = {INT64_MAX, 1, 2, -4};

  CHECK(oracle->check(task_of(TASKWORKER_SUM, in), scalar(INT64_MAX - 1)));  // + 1 + 2 - 4
  CHECK_FALSE(oracle->check(task_of(TASKWORKER_SUM, in), scalar(0)));
  CHECK(oracle->check(task_of(TASKWORKER_MULTIPLY, in), scalar(8)));  // (2^63-1) * -8 wraps to 8
  CHECK(oracle->check(task_of(TASKWORKER_MULTIPLY, {}), scalar(1)));

  std::vector<std::int64_t> squares = {1, 1, 4, 16};
  CHECK(oracle->check(task_of(TASKWORKER_SQUARE, in), array(squares)));
  std::vector<std::int64_t> evens = {2, -4};
  CHECK(oracle->check(task_of(TASKWORKER_FILTER, in), array(evens)));
}

TEST_CASE("the oracle says what is wrong with a result", "[worker_workload]") {
  const auto oracle = make_builtin_workload(1);
  const std::vector<std::int64_t> in = {1, 2, 3, 4};
  const auto words = [&](std::uint32_t operation, const taskworker_result &result) {
    const auto task = task_of(operation, in);
    REQUIRE_FALSE(oracle->check(task, result));
    return oracle->describe_mismatch(task, result);
  };
  std::vector<std::int64_t> wrong_square = {1, 4, 8, 16};
  std::vector<std::int64_t> short_square = {1, 4, 9};
  std::vector<std::int64_t> long_filter = {2, 4, 6};
  CHECK(words(TASKWORKER_SUM, scalar(11)) == "got 11, expected 10");
  CHECK(words(TASKWORKER_MULTIPLY, scalar(10)) == "got 10, expected 24");
  CHECK(words(TASKWORKER_SUM, array(short_square)) == "got an array, expected a scalar");
  CHECK(words(TASKWORKER_FILTER, scalar(2)) == "got a scalar, expected an array");
  CHECK(words(TASKWORKER_SQUARE, array(wrong_square)) == "element 2 of 4 is wrong or missing");
  CHECK(words(TASKWORKER_SQUARE, array(short_square)) == "element 3 of 4 is wrong or missing");
  CHECK(words(TASKWORKER_FILTER, array(long_filter)) == "got 24 bytes, expected 16");
}

TEST_CASE("results are equal in kind and in the part that counts", "[worker_workload]") {
  const auto tasks = make_builtin_workload(1);
  const taskworker_task task{};
  const auto are_equal = [&](const taskworker_result &a, const taskworker_result &b) {
    CHECK(tasks->equal(task, a, b) == tasks->equal(task, b, a));
    return tasks->equal(task, a, b);
  };
  std::vector<std::int64_t> some = {1, 2, 3};
  std::vector<std::int64_t> same = {1, 2, 3};
  std::vector<std::int64_t> other = {1, 2, 4};
  std::vector<std::int64_t> shorter = {1, 2};
  CHECK(are_equal(scalar(5), scalar(5)));
  CHECK_FALSE(are_equal(scalar(5), scalar(-5)));
  CHECK(are_equal(array(some), array(same)));
  CHECK_FALSE(are_equal(array(some), array(other)));
  CHECK_FALSE(are_equal(array(some), array(shorter)));
  CHECK(are_equal(taskworker_result{.kind = TASKWORKER_ARRAY}, {.kind = TASKWORKER_ARRAY}));

  auto not_counted = array(some);
  not_counted.scalar = 9;
  CHECK(are_equal(not_counted, array(same)));
  not_counted.kind = TASKWORKER_SCALAR;
  CHECK(are_equal(not_counted, scalar(9)));
  CHECK_FALSE(are_equal(not_counted, array(same)));
}

namespace {

const char *const names[] = {"only"};

std::int32_t has_same_sign(const taskworker_task *task, const taskworker_result *a,
                           const taskworker_result *b) {
  return task->id == 7 && (a->scalar < 0) == (b->scalar < 0) ? 1 : 0;
}

taskworker_status make_growing(std::uint64_t id, std::uint64_t, void *buffer,
                               std::uint64_t capacity, std::uint64_t *size,
                               taskworker_operation *operation) {
  *size = 100 * (id + 1);
  *operation = id == 3 ? 1 : 0;
  if (id == 2) return TASKWORKER_FAILED;
  if (capacity < *size) return TASKWORKER_NO_CAPACITY;
  std::memset(buffer, static_cast<int>(id), *size);
  return TASKWORKER_OK;
}

}  // namespace

TEST_CASE("a strategy's workload gets as much room as it asks for", "[worker_workload]") {
  const taskworker_workload extension{"growing", names, 1, make_growing, nullptr, nullptr};
  const auto tasks = make_strategy_workload(extension, 10);
  CHECK(tasks->name() == "growing");
  CHECK(tasks->operation_names() == std::vector<std::string>{"only"});
  const auto made = make(*tasks, 1);
  CHECK(made.task.payload_size == 200);
  CHECK(static_cast<const char *>(made.task.payload)[199] == 1);
  CHECK(tasks->check(made.task, scalar(5)));  // it brings no check
}

TEST_CASE("a strategy's workload that fails is named", "[worker_workload]") {
  const taskworker_workload extension{"growing", names, 1, make_growing, nullptr, nullptr};
  const auto tasks = make_strategy_workload(extension, 10);
  CHECK_THROWS_WITH(make(*tasks, 2),
                    "the workload 'growing' could not make task 2: make_task() returned status 1 "
                    "and a size of 300 bytes");
  CHECK_THROWS_WITH(make(*tasks, 3),
                    "the workload 'growing' gave task 3 the operation 1, it has 0 to 0");
}

TEST_CASE("a strategy's workload has a rule of its own, or that of all", "[worker_workload]") {
  taskworker_workload extension{"growing", names, 1, make_growing, nullptr, has_same_sign};
  taskworker_task task{};
  task.id = 7;
  const auto own = make_strategy_workload(extension, 10);
  CHECK(own->has_own_equality());
  CHECK(own->equal(task, scalar(1), scalar(2)));
  CHECK_FALSE(own->equal(task, scalar(1), scalar(-1)));
  CHECK_FALSE(own->equal({}, scalar(1), scalar(1)));

  extension.equal = nullptr;
  CHECK_FALSE(own->has_own_equality());
  CHECK_FALSE(own->equal(task, scalar(1), scalar(2)));
  CHECK(own->equal(task, scalar(1), scalar(1)));
}

namespace {

class failing_workload final : public workload {
 public:
  failing_workload() : workload({"fails"}) {}
  [[nodiscard]] std::string_view name() const override { return "failing"; }
  void make(taskworker_task &task, payload_buffer &) const override {
    if (task.id == 5) throw workload_error("on purpose");
  }
  [[nodiscard]] bool check(const taskworker_task &, const taskworker_result &) const override {
    return true;
  }
  [[nodiscard]] std::string describe_mismatch(const taskworker_task &,
                                              const taskworker_result &) const override {
    return {};
  }
  [[nodiscard]] std::size_t result_capacity(std::size_t) const override { return 0; }
};

}  // namespace

TEST_CASE("what was made before a workload failed is given first", "[worker_workload]") {
  const failing_workload tasks;
  const auto count = GENERATE(std::uint64_t{0}, std::uint64_t{6}, std::uint64_t{100});
  const auto source = make_generator(tasks, count);
  std::vector<task_slot> slots(8);
  const fill_result given = source->fill(slots);
  CHECK(given.filled == 5);
  CHECK_FALSE(given.ended);
  CHECK_THROWS_AS(source->fill(slots), workload_error);
}
