// SPDX-License-Identifier: MIT
#include "worker/result_digest.hpp"

#include <array>
#include <cstdint>
#include <set>

#include "catch.hpp"

using taskworker::worker::digest_of;

namespace {

taskworker_task make_task(std::uint64_t id, std::uint32_t operation) {
  taskworker_task task{};
  task.id = id;
  task.operation = operation;
  return task;
}

taskworker_result make_scalar(std::int64_t value) {
  taskworker_result result{};
  result.kind = TASKWORKER_SCALAR;
  result.scalar = value;
  return result;
}

taskworker_result make_array(void *data, std::uint64_t size) {
  taskworker_result result{};
  result.kind = TASKWORKER_ARRAY;
  result.data = data;
  result.data_size = size;
  return result;
}

}  // namespace

TEST_CASE("a digest is of the task and of its result", "[worker_result_digest]") {
  std::array<std::int64_t, 3> data{1, 2, 3};
  std::array<std::int64_t, 3> other{1, 3, 2};
  const auto task = make_task(7, 2);
  const std::set<std::uint64_t> all{
      digest_of(task, make_scalar(5)),
      digest_of(task, make_scalar(-5)),
      digest_of(make_task(8, 2), make_scalar(5)),
      digest_of(make_task(7, 3), make_scalar(5)),
      digest_of(task, make_array(data.data(), 0)),
      digest_of(task, make_array(data.data(), 16)),
      digest_of(task, make_array(data.data(), 23)),
      digest_of(task, make_array(data.data(), 24)),
      digest_of(task, make_array(other.data(), 24)),
  };
  CHECK(all.size() == 9);
  std::array<std::int64_t, 3> copy = data;
  CHECK(digest_of(task, make_array(copy.data(), 23)) ==
        digest_of(task, make_array(data.data(), 23)));
}

TEST_CASE("what is not of the result does not count", "[worker_result_digest]") {
  auto with_info = make_scalar(5);
  char info[] = "Sum of 100 numbers";
  with_info.info = info;
  with_info.info_size = sizeof info - 1;
  with_info.data_capacity = 4096;
  CHECK(digest_of(make_task(1, 0), with_info) == digest_of(make_task(1, 0), make_scalar(5)));
}

TEST_CASE("sums tell results that changed places", "[worker_result_digest]") {
  const auto sum = [](std::int64_t first, std::int64_t second) {
    return digest_of(make_task(1, 0), make_scalar(first)) +
           digest_of(make_task(2, 0), make_scalar(second));
  };
  CHECK(sum(3, 4) != sum(4, 3));
  CHECK(sum(3, 4) ==
        digest_of(make_task(2, 0), make_scalar(4)) + digest_of(make_task(1, 0), make_scalar(3)));
}
