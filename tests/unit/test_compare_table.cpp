// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "catch.hpp"
#include "compare/sentences.hpp"
#include "compare/wording.hpp"
#include "compare_results.hpp"

using namespace taskworker;
using namespace compare_results;
using Catch::Matchers::ContainsSubstring;

namespace {

std::size_t widest_line(const std::string &text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size());
  return widest;
}

std::string value(const char *metric, double value) {
  return compare::in_unit(*compare::find_metric(metric), value);
}

/// As it stands in the column: of a measured one with an interval of a hundredth to either side.
std::string change(double ratio) {
  return compare::change_of(
      measured("p99", 1, ratio, {ratio - 0.01, ratio + 0.01}, verdict::better));
}

std::string interval(double low, double ratio, double high) {
  return compare::interval_of(measured("p99", 1, ratio, {low, high}, verdict::better));
}

/// Of one candidate whose primary finding is this.
std::string conclusion_of(const compare::finding &primary) {
  auto result = one_candidate();
  result.findings[0][0] = primary;
  return compare::conclusion(result, 1);
}

}  // namespace

TEST_CASE("values are told in their unit", "[compare_table]") {
  CHECK(value("cpu_ns_per_task", 6324) == "6.32 us");
  CHECK(value("p99", 0.0000756) == "75.6 us");
  CHECK(value("tasks_per_second", 6'058'556.4) == "6,058,556");
  CHECK(value("bytes_per_task", 24) == "24 B");
  CHECK(value("bytes_per_task", 24.5) == "24.5 B");
  CHECK(value("bytes_per_task", 2551.4) == "2.49 KiB");
  CHECK(value("allocations_per_task", 0) == "0");
  CHECK(value("allocations_per_task", 25) == "25");
  CHECK(value("allocations_per_task", 24.17) == "24.2");
  CHECK(value("jobs_left", 50'000) == "50,000");
  CHECK(value("page_faults_per_task", 0.000642) == "0.00064");
  CHECK(compare::in_unit(*compare::find_metric("p50"), std::nullopt) == "-");
}

TEST_CASE("a change is told in percent, from twice on in times", "[compare_table]") {
  CHECK(change(0.877) == "-12.3 %");
  CHECK(change(1.123) == "+12.3 %");
  CHECK(change(0.9975) == "-0.25 %");
  CHECK(change(1.00001) == "0 %");
  CHECK(change(0.00023) == "-99.98 %");
  CHECK(change(0) == "-100 %");
  CHECK(change(1.994) == "+99.4 %");
  CHECK(change(2) == "2.00 times");
  CHECK(change(1234.4) == "1,234 times");
  CHECK(interval(0.869, 0.877, 0.886) == "-13.1 to -11.4 %");
  CHECK(interval(0.99, 1.002, 1.02) == "-1.0 to +2.0 %");
  CHECK(interval(0.5, 1.5, 2.5) == "-50.0 to +150 %");
  CHECK(interval(1.98, 2.3, 2.4) == "1.98 to 2.40 times");
  CHECK(compare::change_of(counted("jobs_left", 0, 3, verdict::worse)) == "from 0");
  CHECK(compare::change_of(counted("jobs_left", 0, 0, verdict::no_difference)) == "0 %");
  CHECK(compare::interval_of(counted("jobs_left", 0, 3, verdict::worse)).empty());
}

TEST_CASE("long words are shortened in the middle", "[compare_table]") {
  CHECK(compare::shortened("bad:problems=leak", 17) == "bad:problems=leak");
  CHECK(compare::shortened("bad:problems=leak", 12) == "bad:...=leak");
  CHECK(compare::shortened("a\nb\033c", 12) == "a b c");
  // Not within a letter of several bytes.
  CHECK(compare::shortened("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", 9) == "\xc3\xa4...\xc3\xa4");
}

TEST_CASE("one candidate is told in a table and a sentence", "[compare_table]") {
  CHECK("\n" + as_text(one_candidate(), false) == R"(
optimized against bad: 12 samples of each after 1 round to warm up, 50,000 tasks
a sample, 10 workers; 41.2 s in all.
On Some CPU @ 2.10GHz, 16 CPUs, Linux 6.1.0; taskworker 0.1.0 (dcc86cc),
release, gcc 12.2.0, jemalloc 5.3.0.

                             bad  optimized   change, 95 % sure  verdict
CPU per task (decides)   6.32 us     113 ns    -98.4 to -98.1 %  better
tasks per second         163,268  6,058,556  35.2 to 38.9 times  better
time of a task, median   3.54 us      98 ns    -97.3 to -97.1 %  better
time of a task, 99.9 %    112 us    99.0 us    -29.0 to +20.4 %  inconclusive
bytes per task          2.49 KiB        0 B              -100 %  better
allocations per task          25          0              -100 %  better
most resident memory    52.9 MiB   10.3 MiB    -80.6 to -80.5 %  better
threads left               1,000          0              -100 %  better
jobs left                 50,000          0              -100 %  better
descriptors left               0          0                 0 %  no difference
context switches per task  0.012    0.00043    -96.9 to -96.1 %  better
page faults per task        1.02       1.02    -0.39 to +0.72 %  no difference
instructions per task     15,321     24,513    +58.0 to +62.0 %  worse

optimized is better than bad in CPU per task: 113 ns against 6.32 us, -98.2 %
[-98.4 to -98.1 %]; bad has 55.9 times as much.
)");
}

TEST_CASE("several candidates are told beside each other too", "[compare_table]") {
  const std::string text = as_text(five_candidates(), false);
  CHECK_THAT(text, ContainsSubstring(R"(
                     CPU per         allocs     bytes  threads    jobs      most
strategy                task  ratio  a task    a task     left    left  resident
bad:problems=none    1.21 us      1       3     240 B        0       0  10.3 MiB
bad:problems=leak    4.43 us   3.66       5     416 B    1,000  50,000  52.9 MiB
bad:prob...capacity  1.69 us   1.40       9  1.17 KiB        0       0  10.4 MiB
bad:problems=alloc   2.41 us   1.99      17  1.38 KiB        0       0  10.7 MiB
bad                  6.32 us   5.22      25  2.49 KiB    1,000  50,000  53.5 MiB
optimized            1.20 us   0.99       0       0 B        0       0  9.82 MiB
)"));
}

TEST_CASE("tables fit their columns, however long the words", "[compare_table]") {
  CHECK(widest_line(as_text(one_candidate(), false)) <= 80);
  auto result = one_candidate();
  result.series[0].word = "/srv/strategies/of/the/last/release/libbad.so:problems=none";
  result.series[1].word = "/srv/strategies/of/the/next/release/libbad.so:problems=leak,capacity";
  CHECK(widest_line(as_text(result, false)) <= 80);
  result = five_candidates();
  for (auto &each : result.series) each.word = "/srv/strategies/libmine.so:" + each.word;
  CHECK(widest_line(as_text(result, false)) <= 80);
}

TEST_CASE("colours stand on verdicts only, beside the words", "[compare_table]") {
  const std::string text = as_text(one_candidate(), true);
  CHECK_THAT(text, ContainsSubstring("-98.4 to -98.1 %  \033[32mbetter\033[0m\n"));
  CHECK_THAT(text, ContainsSubstring("-29.0 to +20.4 %  \033[33minconclusive\033[0m\n"));
  CHECK_THAT(text, ContainsSubstring("+58.0 to +62.0 %  \033[31mworse\033[0m\n"));
  CHECK_THAT(text, ContainsSubstring("0 %  no difference\n"));
  CHECK_THAT(text, ContainsSubstring("\n\033[32moptimized is better than bad in CPU per task"));
  CHECK_THAT(text, ContainsSubstring("times as much.\033[0m\n"));
  CHECK(as_text(one_candidate(), false).find('\033') == std::string::npos);
}

TEST_CASE("the conclusion says how much and how sure", "[compare_table]") {
  CHECK(conclusion_of(measured("cpu_ns_per_task", 100, 250, {2.4, 2.6}, verdict::worse)) ==
        "optimized is worse than bad in CPU per task: 250 ns against 100 ns, 2.50 times "
        "[2.40 to 2.60 times].");
  CHECK(conclusion_of(
            measured("cpu_ns_per_task", 100, 100, {0.996, 1.003}, verdict::no_difference)) ==
        "optimized and bad make no difference in CPU per task: 100 ns against 100 ns, 0 % "
        "[-0.40 to +0.30 %], within 1 %.");
}

TEST_CASE("the conclusion says what would decide", "[compare_table]") {
  const auto conclusion = [](std::uint64_t more_samples) {
    return conclusion_of(
        measured("cpu_ns_per_task", 100, 98, {0.95, 1.02}, verdict::inconclusive, more_samples));
  };
  const std::string begin =
      "optimized against bad is inconclusive in CPU per task: 98 ns against 100 ns, -2.0 % "
      "[-5.0 to +2.0 %]; ";
  CHECK(conclusion(20) == begin + "about 20 more samples of each would decide: --max-time=110s.");
  CHECK(conclusion(1) == begin + "about 1 more sample of each would decide: --max-time=45s.");
  CHECK(conclusion(0) ==
        begin +
            "the interval and the test do not agree; take more samples by a smaller "
            "--threshold, and a longer --max-time.");
  auto coarse = measured("cpu_ns_per_task", 61, 70, {0.95, 1.38}, verdict::inconclusive);
  coarse.is_coarse = true;
  CHECK_THAT(conclusion_of(coarse),
             Catch::Matchers::EndsWith(
                 "; such times come in steps too wide to tell, however many the samples: let "
                 "--primary=cpu_ns_per_task decide, or give tasks more work, by --data-size."));
  CHECK(conclusion(1'000'000) ==
        begin + "about 1,000,000 more samples of each would decide, and take more than a day.");
}

TEST_CASE("longer is proposed only where the time was what ended the rounds", "[compare_table]") {
  auto result = one_candidate();
  result.findings[0][0] =
      measured("cpu_ns_per_task", 100, 98, {0.95, 1.02}, verdict::inconclusive, 20);
  result.is_time_up = false;
  result.is_narrow = true;
  const std::string text = compare::conclusion(result, 1);
  CHECK(text.find("--max-time") == std::string::npos);
  CHECK(
      text.ends_with("about 20 more samples of each would decide; it is known as closely as "
                     "--threshold asks: a smaller one takes more."));
}

TEST_CASE("a saved baseline that is too small is told", "[compare_table]") {
  auto result = one_candidate();
  result.findings[0][0] =
      measured("cpu_ns_per_task", 6320, 6200, {0.9, 1.1}, verdict::inconclusive, 20);
  result.series[0].is_saved = true;
  result.is_time_up = false;
  CHECK(compare::conclusion(result, 1).ends_with(
      "about 20 more samples of each would decide, which the 12 saved samples do "
      "not allow: measure both now, or save more of them, by a smaller "
      "--threshold."));
}

TEST_CASE("a metric that was counted is concluded from without an interval", "[compare_table]") {
  auto result = one_candidate();
  result.rules.primary = compare::find_metric("jobs_left");
  CHECK(compare::conclusion(result, 1) ==
        "optimized is better than bad in jobs left: 0 against 50,000, -100 %.");
  result.rules.primary = compare::find_metric("descriptors_left");
  CHECK(compare::conclusion(result, 1) ==
        "optimized and bad make no difference in descriptors left: 0 against 0.");
  result.findings[0].push_back(counted("jobs_left", 0, 3, verdict::worse));
  result.rules.primary = compare::find_metric("jobs_left");
  std::swap(result.findings[0].front(), result.findings[0].back());
  CHECK(compare::conclusion(result, 1) == "optimized is worse than bad in jobs left: 3 against 0.");
}

TEST_CASE("what can not be compared is told", "[compare_table]") {
  auto result = one_candidate();
  result.rules.primary = compare::find_metric("p99");
  CHECK(compare::conclusion(result, 1) ==
        "The runs of optimized or bad do not tell time of a task, 99 %: nothing decides. Take "
        "another --primary.");
  result.findings[0].clear();
  result.series[1].samples.resize(1);
  CHECK(compare::conclusion(result, 1) ==
        "optimized is not compared: it has 1 sample and bad has 12, of 5 that each needs.");
}

TEST_CASE("what makes a result less sure is told before the conclusion", "[compare_table]") {
  auto result = one_candidate();
  result.is_partial = true;
  result.findings[0].resize(1);
  result.series[0].failed_runs = 3;
  result.series[0].last_failure = "killed by signal 11 (SIGSEGV): the strategy crashed in task 17";
  result.series[1].samples.resize(11);
  result.where.machine.governor = "powersave";
  CHECK("\n" + as_text(result, false) == R"(
Partial: ended after 41.2 s, before all was measured.

optimized against bad: 11 to 12 samples of each after 1 round to warm up, 50,000
tasks a sample, 10 workers; 41.2 s in all.
On Some CPU @ 2.10GHz, 16 CPUs, Linux 6.1.0; taskworker 0.1.0 (dcc86cc),
release, gcc 12.2.0, jemalloc 5.3.0.

                            bad  optimized  change, 95 % sure  verdict
CPU per task (decides)  6.32 us     113 ns   -98.4 to -98.1 %  better

warning: bad failed in 3 of 15 runs: killed by signal 11 (SIGSEGV): the strategy
         crashed in task 17
warning: the clock governor is powersave, and the speed follows the load: sudo
         cpupower frequency-set -g performance

optimized is better than bad in CPU per task: 113 ns against 6.32 us, -98.2 %
[-98.4 to -98.1 %]; bad has 55.9 times as much.
)");
}
