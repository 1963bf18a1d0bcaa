// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include "catch.hpp"
#include "profiling/sample_labels.hpp"

using taskworker::profiling::label;
using taskworker::profiling::sample_labels;
using taskworker::profiling::task_mark;

namespace {

const sample_labels labels("bad", {"sum", "multiply"});

}  // namespace

TEST_CASE("a sample in a task names its worker and operation", "[profiling_sample_labels]") {
  const std::vector<label> expected{
      {"operation", "multiply"}, {"strategy", "bad"}, {"thread", "tw-worker-3"}, {"worker", "3"}};
  CHECK(labels.of("tw-worker-3", {.worker = 3, .operation = 1, .task = 17}) == expected);
}

TEST_CASE("a worker between two tasks has no operation", "[profiling_sample_labels]") {
  const std::vector<label> expected{
      {"operation", "none"}, {"strategy", "bad"}, {"thread", "w"}, {"worker", "0"}};
  CHECK(labels.of("w", {.worker = 0}) == expected);
}

TEST_CASE("a thread that is no worker is labelled all the same", "[profiling_sample_labels]") {
  const std::vector<label> expected{
      {"operation", "none"}, {"strategy", "bad"}, {"thread", "tw-http"}, {"worker", "none"}};
  CHECK(labels.of("tw-http", {}) == expected);
}

TEST_CASE("an operation that was not declared has no name", "[profiling_sample_labels]") {
  const auto given = labels.of("w", {.worker = 0, .operation = 2, .task = 1});
  CHECK(given.front() == label{"operation", "none"});
}

TEST_CASE("labels are sorted, as profiles want them", "[profiling_sample_labels]") {
  const auto given = labels.of("w", {.worker = 0, .operation = 0, .task = 1});
  CHECK(std::is_sorted(given.begin(), given.end()));
}
