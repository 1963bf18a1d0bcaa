// SPDX-License-Identifier: MIT
#include "check/lent_result.hpp"

#include <cstring>
#include <string>

#include "catch.hpp"
#include "check/verdict.hpp"

using namespace taskworker::check;
using Catch::Matchers::StartsWith;

namespace {

/// "RULE: DETAIL" of what check() says, or "kept".
std::string judgement(const lent_result &lent, const taskworker_result &result,
                      taskworker_status status) {
  try {
    lent.check(result, status, "task 3");
  } catch (const case_ended &ended) {
    CHECK(ended.found().what == outcome::failed);
    return ended.found().rule + ": " + ended.found().detail;
  }
  return "kept";
}

}  // namespace

TEST_CASE("a result is handed over empty, with the buffers that were asked for",
          "[check_lent_result]") {
  const lent_result lent(800);
  const auto result = lent.fresh();
  CHECK(result.data_capacity == 800);
  CHECK(reinterpret_cast<std::uintptr_t>(result.data) % 64 == 0);
  CHECK(result.info_capacity == 128);
  CHECK(result.data_size == 0);
  CHECK(result.info_size == 0);
  CHECK(result.kind == TASKWORKER_SCALAR);
  CHECK(judgement(lent, result, TASKWORKER_OK) == "kept");
}

TEST_CASE("a result that breaks a rule is told by what is wrong", "[check_lent_result]") {
  const lent_result lent(800);
  auto result = lent.fresh();
  SECTION("its kind") {
    result.kind = 2;
    CHECK(judgement(lent, result, TASKWORKER_OK) ==
          "strategy.h, taskworker_result_kind: process() gave task 3 a result of kind 2; expected "
          "0 (scalar) or 1 (array)");
  }
  SECTION("more data than room") {
    result.kind = TASKWORKER_ARRAY;
    result.data_size = 808;
    CHECK(judgement(lent, result, TASKWORKER_OK) ==
          "strategy.h, taskworker_result: process() returned OK with a data_size of 808 bytes in "
          "a buffer of 800 bytes for task 3; expected NO_CAPACITY");
  }
  SECTION("more info than room") {
    result.info_size = 129;
    CHECK(judgement(lent, result, TASKWORKER_OK) ==
          "strategy.h, taskworker_result: process() returned OK with an info_size of 129 bytes in "
          "a buffer of 128 bytes for task 3; expected NO_CAPACITY");
  }
  SECTION("info that is no text") {
    std::memcpy(result.info, "\xff", 1);
    result.info_size = 1;
    CHECK(judgement(lent, result, TASKWORKER_OK) ==
          "strategy.h (6): the info of task 3 is no UTF-8");
  }
  SECTION("a buffer of its own") {
    result.data = nullptr;
    CHECK_THAT(judgement(lent, result, TASKWORKER_FAILED),
               StartsWith("strategy.h, taskworker_result: process() changed a buffer"));
  }
  SECTION("a reserved member") {
    result.reserved = 1;
    CHECK_THAT(judgement(lent, result, TASKWORKER_OK),
               StartsWith("strategy.h, taskworker_result: process() changed a buffer"));
  }
  SECTION("NO_CAPACITY that asks for nothing") {
    result.data_size = 800;
    CHECK_THAT(judgement(lent, result, TASKWORKER_NO_CAPACITY),
               StartsWith("strategy.h, taskworker_status NO_CAPACITY: process() returned "
                          "NO_CAPACITY for task 3, but asks for data of 800 bytes where there are "
                          "800 bytes"));
  }
  SECTION("NO_CAPACITY that asks for the impossible") {
    result.data_size = UINT64_MAX;
    CHECK_THAT(judgement(lent, result, TASKWORKER_NO_CAPACITY),
               StartsWith("strategy.h, taskworker_status NO_CAPACITY: process() asks for "
                          "18446744073709551615 bytes"));
  }
}

TEST_CASE("a scalar's data_size means nothing", "[check_lent_result]") {
  const lent_result lent(8);
  auto result = lent.fresh();
  result.data_size = 4096;
  CHECK(judgement(lent, result, TASKWORKER_OK) == "kept");
}

TEST_CASE("buffers grow to what NO_CAPACITY asks for", "[check_lent_result]") {
  const lent_result lent(8);
  auto result = lent.fresh();
  result.data_size = 100;
  result.info_size = 7;
  CHECK(judgement(lent, result, TASKWORKER_NO_CAPACITY) == "kept");
  const auto larger = lent.grown_for(result);
  CHECK(larger.fresh().data_capacity == 100);
  CHECK(larger.fresh().info_capacity == 128);
}

TEST_CASE("what is written beside an exact buffer is told", "[check_lent_result]") {
  const lent_result lent(100, 128, placement::exact);
  const auto result = lent.fresh();
  static_cast<char *>(result.data)[100] = 1;
  CHECK(judgement(lent, result, TASKWORKER_OK) ==
        "strategy.h, taskworker_result: process() wrote beside the result's data, which has 100 "
        "bytes, for task 3");
}
