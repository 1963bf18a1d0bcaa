// SPDX-License-Identifier: MIT
#include <string>

#include "catch.hpp"
#include "compare_results.hpp"

using namespace taskworker;
using namespace compare_results;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("one candidate as Markdown", "[compare_markdown]") {
  CHECK(as_markdown(one_candidate()) ==
        "## taskworker compare\n"
        "\n"
        "- optimized is better than bad in CPU per task: 113 ns against 6.32 us, -98.2 % "
        "\\[-98.4 to -98.1 %\\]; bad has 55.9 times as much.\n"
        "\n"
        "optimized against bad: 12 samples of each after 1 round to warm up, 50,000 tasks a "
        "sample, 10 workers; 41.2 s in all.\n"
        "\n"
        "| metric | bad | optimized | change | 95 % interval | verdict |\n"
        "| :-- | --: | --: | --: | --: | :-- |\n"
        "| **CPU per task** (decides) | 6.32 us | 113 ns | -98.2 % | -98.4 to -98.1 % | better |\n"
        "| tasks per second | 163,268 | 6,058,556 | 37.1 times | 35.2 to 38.9 times | better |\n"
        "| time of a task, median | 3.54 us | 98 ns | -97.2 % | -97.3 to -97.1 % | better |\n"
        "| time of a task, 99.9 % | 112 us | 99.0 us | -11.6 % | -29.0 to +20.4 % | inconclusive "
        "|\n"
        "| bytes per task | 2.49 KiB | 0 B | -100 % | exact | better |\n"
        "| allocations per task | 25 | 0 | -100 % | exact | better |\n"
        "| most resident memory | 52.9 MiB | 10.3 MiB | -80.5 % | -80.6 to -80.5 % | better |\n"
        "| threads left | 1,000 | 0 | -100 % | exact | better |\n"
        "| jobs left | 50,000 | 0 | -100 % | exact | better |\n"
        "| descriptors left | 0 | 0 | 0 % | exact | no difference |\n"
        "| context switches per task | 0.012 | 0.00043 | -96.5 % | -96.9 to -96.1 % | better |\n"
        "| page faults per task | 1.02 | 1.02 | +0.49 % | -0.39 to +0.72 % | no difference |\n"
        "| instructions per task | 15,321 | 24,513 | +60.0 % | +58.0 to +62.0 % | worse |\n"
        "\n"
        "<details>\n"
        "<summary>Environment and command</summary>\n"
        "\n"
        "Some CPU @ 2.10GHz, 16 CPUs, Linux 6.1.0; taskworker 0.1.0 (dcc86cc), release, gcc "
        "12.2.0, jemalloc 5.3.0\n"
        "\n"
        "```\n"
        "taskworker compare bad optimized\n"
        "```\n"
        "\n"
        "</details>\n");
}

TEST_CASE("several candidates as Markdown, all in one table first", "[compare_markdown]") {
  CHECK_THAT(
      as_markdown(five_candidates()),
      ContainsSubstring(
          "\n"
          "| strategy | CPU per task | ratio | allocations per task | bytes per task | threads "
          "left | jobs left | most resident memory | verdict |\n"
          "| :-- | --: | --: | --: | --: | --: | --: | --: | :-- |\n"
          "| bad:problems=none | 1.21 us | 1 | 3 | 240 B | 0 | 0 | 10.3 MiB | baseline |\n"
          "| bad:problems=leak | 4.43 us | 3.66 | 5 | 416 B | 1,000 | 50,000 | 52.9 MiB | worse |\n"
          "| bad:problems=capacity | 1.69 us | 1.40 | 9 | 1.17 KiB | 0 | 0 | 10.4 MiB | worse |\n"
          "| bad:problems=alloc | 2.41 us | 1.99 | 17 | 1.38 KiB | 0 | 0 | 10.7 MiB | worse |\n"
          "| bad | 6.32 us | 5.22 | 25 | 2.49 KiB | 1,000 | 50,000 | 53.5 MiB | worse |\n"
          "| optimized | 1.20 us | 0.99 | 0 | 0 B | 0 | 0 | 9.82 MiB | inconclusive |\n"));
}

TEST_CASE("Markdown tells first that a result is partial, then what disturbs it",
          "[compare_markdown]") {
  auto result = one_candidate();
  result.is_partial = true;
  result.findings[0].clear();
  result.series[0].failed_runs = 1;
  result.series[0].last_failure = "killed by signal 11";
  result.series[1].samples.resize(2);
  result.where.machine.governor = "powersave";
  CHECK(as_markdown(result) ==
        "## taskworker compare\n"
        "\n"
        "**Partial: ended after 41.2 s, before all was measured.**\n"
        "\n"
        "- optimized is not compared: it has 2 samples and bad has 12, of 5 that each needs.\n"
        "\n"
        "optimized against bad: 2 to 12 samples of each after 1 round to warm up, 50,000 tasks a "
        "sample, 10 workers; 41.2 s in all.\n"
        "\n"
        "> [!WARNING]\n"
        "> - bad failed in 1 of 13 runs: killed by signal 11\n"
        "> - the clock governor is powersave, and the speed follows the load: sudo cpupower "
        "frequency-set -g performance\n"
        "\n"
        "<details>\n"
        "<summary>Environment and command</summary>\n"
        "\n"
        "Some CPU @ 2.10GHz, 16 CPUs, Linux 6.1.0; taskworker 0.1.0 (dcc86cc), release, gcc "
        "12.2.0, jemalloc 5.3.0\n"
        "\n"
        "```\n"
        "taskworker compare bad optimized\n"
        "```\n"
        "\n"
        "</details>\n");
}

TEST_CASE("words are no mark-up and no cells", "[compare_markdown]") {
  auto result = one_candidate();
  result.series[0].word = "a|b`c_d_\n<e>";
  const std::string text = as_markdown(result);
  CHECK_THAT(text, ContainsSubstring("| metric | a\\|b\\`c\\_d\\_ \\<e\\> | optimized | change |"));
  CHECK_THAT(text, ContainsSubstring("is better than a\\|b\\`c\\_d\\_ \\<e\\> in CPU"));
}

TEST_CASE("the command can be given to a shell", "[compare_markdown]") {
  auto result = one_candidate();
  result.command = {"./taskworker", "compare", "bad:problems=leak,alloc", "my lib.so", "it's", "",
                    "p99>+5%",      "```"};
  CHECK_THAT(as_markdown(result),
             ContainsSubstring("\n````\n./taskworker compare bad:problems=leak,alloc 'my lib.so' "
                               "'it'\\''s' '' 'p99>+5%' '```'\n````\n"));
}

TEST_CASE("Markdown tells what came of each gate", "[compare_markdown]") {
  auto result = one_candidate();
  result.gates = {{"jobs_left>0", 1, compare::gate_outcome::kept},
                  {"p99>+5%", 1, compare::gate_outcome::broken},
                  {"p50<-5%", 1, compare::gate_outcome::untold}};
  CHECK_THAT(
      as_markdown(result),
      ContainsSubstring("- --fail-if 'jobs\\_left\\>0' does not hold for optimized\n"
                        "- **Failed:** --fail-if 'p99\\>+5%' holds for optimized\n"
                        "- **Failed:** --fail-if 'p50\\<-5%' cannot be told of optimized\n\n"));
}
