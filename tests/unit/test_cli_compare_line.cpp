// SPDX-License-Identifier: MIT
#include "cli/compare_line.hpp"

#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "catch.hpp"

using namespace taskworker::cli;
using namespace std::chrono_literals;
using Catch::Matchers::StartsWith;
using strings = std::vector<std::string>;

namespace {

/// As `taskworker compare WORDS...`.
command parse_words(const strings &words) {
  std::vector<const char *> argv{"taskworker", "compare"};
  for (const auto &word : words) argv.push_back(word.c_str());
  return parse(static_cast<int>(argv.size()), argv.data());
}

compare_command parse_good(const strings &words) {
  return std::get<compare_command>(parse_words(words));
}

}  // namespace

TEST_CASE("a comparison has a baseline, candidates and defaults", "[cli_compare_line]") {
  const auto asked = parse_good({"bad:problems=none", "./mine.so", "optimized"});
  CHECK(asked.words == strings{"bad:problems=none", "./mine.so", "optimized"});
  REQUIRE(asked.strategies.size() == 3);
  CHECK(asked.strategies[0].target == "bad");
  CHECK(asked.strategies[1].target == "./mine.so");
  CHECK(asked.primary->name == "cpu_ns_per_task");
  CHECK(asked.threshold == 0.01);
  CHECK(asked.seed == 1);
  CHECK(asked.max_time == 60s);
  CHECK(asked.gates.empty());
  CHECK(asked.run_arguments.empty());
  CHECK(asked.tasks == 0);
  CHECK(asked.workers == 10);
  CHECK(asked.json.empty());
  CHECK(asked.markdown.empty());
  CHECK_FALSE(asked.quiet);
}

TEST_CASE("a strategy may be compared with itself", "[cli_compare_line]") {
  CHECK(parse_good({"bad", "bad"}).words == strings{"bad", "bad"});
}

TEST_CASE("every option of a comparison is read", "[cli_compare_line]") {
  const auto asked = parse_good({"--primary=p99",
                                 "a",
                                 "--threshold",
                                 "2.5",
                                 "b",
                                 "--max-time=2m",
                                 "--seed=7",
                                 "--fail-if=p99>+5%",
                                 "--fail-if",
                                 "jobs_left>0",
                                 "--quiet",
                                 "--json=/tmp/out.json",
                                 "--markdown=/tmp/out.md",
                                 "--html=/tmp/out.html",
                                 "--profiles=/tmp/new",
                                 "--tasks=5000",
                                 "--workers=2",
                                 "--data-size=10",
                                 "--strategy-dir=x",
                                 "--contention=off"});
  CHECK(asked.primary->name == "p99");
  CHECK(asked.threshold == Approx(0.025));
  CHECK(asked.max_time == 2min);
  CHECK(asked.seed == 7);
  REQUIRE(asked.gates.size() == 2);
  CHECK(asked.gates[0].text == "p99>+5%");
  CHECK(asked.gates[1].text == "jobs_left>0");
  CHECK(asked.quiet);
  CHECK(asked.json == "/tmp/out.json");
  CHECK(asked.markdown == "/tmp/out.md");
  CHECK(asked.html == "/tmp/out.html");
  CHECK(asked.profiles == "/tmp/new");
  CHECK_FALSE(asked.baseline);
  CHECK(asked.tasks == 5000);
  CHECK(asked.workers == 2);
  CHECK(asked.strategy_dirs == strings{"x"});
  CHECK(asked.run_arguments ==
        strings{"--workers=2", "--data-size=10", "--strategy-dir=x", "--contention=off"});
}

TEST_CASE("a wrong comparison is refused in one line", "[cli_compare_line]") {
  const auto [words, message] = GENERATE(table<strings, std::string>({
      {strings(),
       "compare got no strategy: expected a baseline and a candidate, as in taskworker compare bad "
       "optimized"},
      {{"bad"},
       "compare got 'bad' only: expected a baseline and a candidate, as in taskworker compare bad "
       "optimized"},
      {{"bad", "optimized", "optimized"},
       "'optimized' is given twice as a candidate; give it once"},
      {{"a", "b", "--rate=5"}, "unknown option --rate; taskworker compare --help shows all"},
      {{"a", "b", "--primry=p50"},
       "unknown option --primry (did you mean --primary?); taskworker compare --help shows all"},
      {{"a", "b", "--threshold=0"},
       "--threshold got '0': expected a number of percent, 0.1 to 100"},
      {{"a", "b", "--threshold=5%"},
       "--threshold got '5%': expected a number of percent, 0.1 to 100"},
      {{"a", "b", "--tasks=0"}, "--tasks got '0': expected 1 or more: a sample has an end"},
      {{"a", "b", "--source=-"},
       "--source got '-': expected file:PATH: each of the runs reads it from the beginning"},
      {{"a", "b", "--max-time=10ms"},
       "--max-time got '10ms': expected a time such as 500ms, 30s, 5m or 2h, 1s to 10 years"},
      {{"a", "b", "--html=-"}, "--html got '-': expected a path, ./- for one of that name"},
      {{"a", "b", "--profiles=-"},
       "--profiles got '-': expected a folder, ./- for one of that name"},
      {{"a", "b", "--workers=0"}, "--workers got '0': expected a whole number, 1 to 1024"},
      {{"a", "b", "--json=/dev/null", "--html=/dev/null"},
       "two outputs go to '/dev/null'; name another for one of them"},
      {{"--baseline=before.json"},
       "compare got no strategy: expected a candidate, as in taskworker compare optimized "
       "--baseline=before.json"},
      {{"a", "b", "--quiet", "--quiet"}, "--quiet is given twice; give it once"},
      {{"a", "b", "--fail-if=p99"},
       "--fail-if: 'p99': there is no '>' or '<'; expected METRIC>BOUND or METRIC<BOUND, as in "
       "'p99>+5%' or 'allocations_per_task>0'"},
  }));
  CAPTURE(words);
  CHECK_THROWS_WITH(parse_words(words), message);
}

TEST_CASE("a metric that there is not is answered with those that there are",
          "[cli_compare_line]") {
  CHECK_THROWS_WITH(parse_words({"a", "b", "--primary=latency"}),
                    StartsWith("--primary got 'latency': expected one of cpu_ns_per_task, "
                               "tasks_per_second, p50,"));
}

TEST_CASE("an output that cannot be written is refused before the comparison",
          "[cli_compare_line]") {
  CHECK_THROWS_AS(parse_words({"a", "b", "--json=/nosuch/folder/out.json"}), file_error);
  CHECK_THROWS_AS(parse_words({"a", "b", "--markdown=/nosuch/folder/out.md"}), file_error);
  CHECK_THROWS_AS(parse_words({"a", "b", "--html=/nosuch/folder/out.html"}), file_error);
  CHECK_THROWS_AS(parse_words({"a", "b", "--profiles=/nosuch/folder/out"}), file_error);
}

TEST_CASE("the help of compare keeps within 80 columns and names its options",
          "[cli_compare_line]") {
  const auto text = std::get<print_command>(parse_words({"--help"})).text;
  CHECK(text == compare_help_text());
  for (const char *name :
       {"--primary=", "--threshold=", "--max-time=", "--seed=", "--fail-if=", "--baseline=",
        "--json=", "--markdown=", "--html=", "--profiles=", "--quiet", "--tasks=", "--workers="}) {
    CAPTURE(name);
    CHECK(text.find(std::string("\n  ") + name) != std::string::npos);
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
  }
}
