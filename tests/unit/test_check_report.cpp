// SPDX-License-Identifier: MIT
#include "check/report.hpp"

#include <boost/json.hpp>
#include <string>

#include "catch.hpp"

using namespace taskworker::check;
namespace json = boost::json;

namespace {

const check_case some_case{"size-zero", "does tasks without elements", "strategy.h, process()",
                           nullptr};

case_result result_of(outcome what, const std::string &rule, const std::string &detail,
                      const std::string &output = "") {
  return {&some_case, {what, rule, detail}, output, std::chrono::milliseconds(250)};
}

check_result some_results() {
  check_result result;
  result.strategy_name = "mine";
  result.strategy_version = "1.2.3";
  result.cases.push_back(result_of(outcome::passed, "", ""));
  result.cases.push_back(result_of(outcome::warning, "strategy.h, start()", "it is slow"));
  result.cases.push_back(result_of(outcome::failed, "strategy.h (4)", "it threw", "loud\n"));
  return result;
}

}  // namespace

TEST_CASE("a case that passed is one line", "[check_report]") {
  CHECK(describe_case(result_of(outcome::passed, "", ""), false) == "passed     size-zero\n");
}

TEST_CASE("a case that was skipped tells why", "[check_report]") {
  CHECK(describe_case(result_of(outcome::skipped, "", "it has no options"), false) ==
        "skipped    size-zero\n"
        "           it has no options\n");
}

TEST_CASE("a failure tells what was found, the rule and what the process printed",
          "[check_report]") {
  const auto text = describe_case(
      result_of(outcome::timed_out, "strategy.h, stop()",
                "it had not ended after 10 s; its last call was stop()", "one\n\ntwo \033[31m\n"),
      false);
  CHECK(text ==
        "timed out  size-zero\n"
        "           it had not ended after 10 s; its last call was stop()\n"
        "           asserts: does tasks without elements\n"
        "           rule: strategy.h, stop()\n"
        "           | one\n"
        "           | \n"
        "           | two  [31m\n");
}

TEST_CASE("of a long output the end is shown", "[check_report]") {
  const std::string output = "the begin\n" + std::string(8000, 'x') + "\nthe end\n";
  const auto text = describe_case(result_of(outcome::failed, "strategy.h (4)", "x", output), false);
  CHECK(text.find("the begin") == std::string::npos);
  CHECK(text.find("| the end\n") != std::string::npos);
  CHECK(text.size() < 4500);
}

TEST_CASE("a warning is no finding, and its process's output is of no use", "[check_report]") {
  const auto text =
      describe_case(result_of(outcome::warning, "strategy.h, start()", "slow", "chatter"), false);
  CHECK(text.find("chatter") == std::string::npos);
  check_result result;
  result.cases.push_back(result_of(outcome::warning, "", ""));
  CHECK_FALSE(result.has_findings());
  result.cases.push_back(result_of(outcome::crashed, "", ""));
  CHECK(result.has_findings());
}

TEST_CASE("a terminal gets colour, a pipe none", "[check_report]") {
  const auto done = result_of(outcome::passed, "", "");
  CHECK(describe_case(done, true) == "\033[32mpassed\033[0m     size-zero\n");
}

TEST_CASE("the counts name what there is", "[check_report]") {
  auto result = some_results();
  CHECK(describe_counts(result) == "1 passed, 1 failed, 1 warning\n");
  result.cases.push_back(result_of(outcome::warning, "", ""));
  CHECK(describe_counts(result) == "1 passed, 1 failed, 2 warnings\n");
  CHECK(describe_counts({}) == "0 passed\n");
}

TEST_CASE("the JSON object holds all of it", "[check_report]") {
  const auto report = json::parse(as_json(some_results(), "./mine.so"));
  CHECK(report.at("schema").as_string() == "taskworker.check/1");
  CHECK(report.at("strategy").as_string() == "./mine.so");
  CHECK(report.at("name").as_string() == "mine");
  CHECK(report.at("version").as_string() == "1.2.3");
  CHECK(report.at("counts").at("timed out").to_number<int>() == 0);
  CHECK(report.at("counts").at("failed").to_number<int>() == 1);
  const auto &failed = report.at("cases").at(2);
  CHECK(failed.at("name").as_string() == "size-zero");
  CHECK(failed.at("asserts").as_string() == "does tasks without elements");
  CHECK(failed.at("rule").as_string() == "strategy.h (4)");
  CHECK(failed.at("outcome").as_string() == "failed");
  CHECK(failed.at("detail").as_string() == "it threw");
  CHECK(failed.at("output").as_string() == "loud\n");
  CHECK(failed.at("seconds").as_double() == 0.25);
}

TEST_CASE("what could not be read is null, and no byte breaks the JSON", "[check_report]") {
  check_result result;
  result.cases.push_back(result_of(outcome::crashed, "", "caf\xe9", "\xff\n"));
  const auto report = json::parse(as_json(result, "\xfe"));
  CHECK(report.at("name").is_null());
  CHECK(report.at("version").is_null());
  CHECK(report.at("cases").at(0).at("rule").as_string() == "strategy.h, process()");
}
