// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <string>

#include "catch.hpp"
#include "compare/html.hpp"
#include "compare_results.hpp"

using namespace taskworker;
using namespace compare_results;
using Catch::Matchers::ContainsSubstring;

namespace {

compare::explanation no_explanation(std::size_t strategies) {
  return {compare::joint_profile(strategies, "taskworker"),
          std::vector<std::optional<compare::timeline>>(strategies), 0,
          std::vector<std::string>(strategies)};
}

std::string data_text_of(const std::string &page) {
  const std::string begin = R"(<script type="application/json" id="report">)";
  const auto at = page.find(begin) + begin.size();
  return page.substr(at, page.find("</script>", at) - at);
}

boost::json::value data_of(const std::string &page) {
  return boost::json::parse(data_text_of(page));
}

}  // namespace

TEST_CASE("the page says as text what the table says", "[compare_html]") {
  const std::string page = as_html(one_candidate(), no_explanation(2));
  CHECK_THAT(page, ContainsSubstring("<title>optimized against bad</title>"));
  CHECK_THAT(page, ContainsSubstring("<p class=\"conclusion\">optimized is better than bad in CPU "
                                     "per task: 113 ns against 6.32 us, -98.2 % [-98.4 to -98.1 "
                                     "%]; bad has 55.9 times as much.</p>"));
  CHECK_THAT(page, ContainsSubstring("<tr><th scope=\"row\">CPU per task <em>decides</em></th>"
                                     "<td class=\"number\">6.32 us</td>"
                                     "<td class=\"number\">113 ns</td>"
                                     "<td class=\"number\">-98.2 %</td>"
                                     "<td class=\"number\">-98.4 to -98.1 %</td>"
                                     "<td class=\"better\">better</td></tr>"));
  CHECK_THAT(page, ContainsSubstring("<td class=\"no-difference\">no difference</td>"));
  CHECK_THAT(page, !ContainsSubstring("class=\"attribution\""));
  CHECK_THAT(page, ContainsSubstring("taskworker compare bad optimized\n"));
  CHECK_THAT(page, ContainsSubstring("taskworker --strategy=optimized --tasks=50000 --duration=0 "
                                     "--listen=none\n"));
  CHECK_THAT(page, !ContainsSubstring("{{"));
}

TEST_CASE("a page of several has a line a strategy first", "[compare_html]") {
  const std::string page = as_html(five_candidates(), no_explanation(6));
  CHECK_THAT(page, ContainsSubstring("<title>5 strategies against bad:problems=none</title>"));
  CHECK_THAT(page, ContainsSubstring("<tr><th scope=\"row\">bad:problems=none</th>"
                                     "<td class=\"number\">1.21 us</td>"
                                     "<td class=\"number\">1</td>"));
  CHECK(page.find("class=\"attribution\"") < page.find("class=\"findings\""));
}

TEST_CASE("a partial page says so first, and what is missing", "[compare_html]") {
  auto result = one_candidate();
  result.is_partial = true;
  auto why = no_explanation(2);
  why.notes[1] = "could not profile its memory: 'optimized' was killed by SIGSEGV";
  const std::string page = as_html(result, std::move(why));
  CHECK_THAT(page, ContainsSubstring("<p class=\"partial\">Partial: ended after 41.2 s"));
  CHECK_THAT(page,
             ContainsSubstring("<p class=\"caution\">optimized: could not profile its memory"));
}

TEST_CASE("the page tells what came of each gate", "[compare_html]") {
  auto result = one_candidate();
  result.gates = {{"jobs_left>0", 1, compare::gate_outcome::kept},
                  {"p99>+5%", 1, compare::gate_outcome::broken}};
  const std::string page = as_html(result, no_explanation(2));
  CHECK_THAT(page, ContainsSubstring("<p class=\"gate\">--fail-if 'jobs_left&gt;0' does not hold "
                                     "for optimized.</p>"));
  CHECK_THAT(page, ContainsSubstring("<p class=\"caution\">--fail-if 'p99&gt;+5%' holds for "
                                     "optimized.</p>"));
}

TEST_CASE("the page carries all samples, timelines and the tree", "[compare_html]") {
  auto why = no_explanation(2);
  why.rate = 26'000;
  why.timelines[0] = compare::timeline{{0.1}, {2600}, {12}, {4}, {1e7}};
  profiling::profile cpu;
  cpu.sample_types = {{"cpu", "nanoseconds"}};
  cpu.period_type = {"cpu", "nanoseconds"};
  cpu.period = 10'000'000;
  cpu.samples = {{{5}, {20'000'000}, {}}};
  why.profiles.add(
      1, {cpu, {{5, {{.function = "work", .file = "a.c", .line = 3, .module = "m.so"}}}}}, 100);
  const auto data = data_of(as_html(one_candidate(), std::move(why)));
  CHECK(data.at("comparison").at("schema").as_string() == "taskworker.comparison/1");
  CHECK(data.at("names") == boost::json::array{"bad", "optimized"});
  const auto &timelines = data.at("timelines");
  CHECK(timelines.at("rate") == 26'000);
  CHECK(timelines.at("series").at(0).at("jobs") == boost::json::array{4.0});
  CHECK(timelines.at("series").at(1).is_null());
  const auto &profiles = data.at("profiles");
  CHECK(profiles.at("strings") == boost::json::array{"work", "a.c", "m.so"});
  CHECK(profiles.at("functions") == boost::json::array{0, 1, 2, 0});
  CHECK(profiles.at("keys") == boost::json::array{0});
  CHECK(profiles.at("nodes") == boost::json::array{-1, 0, 3, 0});
  CHECK(profiles.at("leaves") == boost::json::array{0, 1, 20'000'000, 0, 0, 0});
  CHECK(profiles.at("strategies").at(1).at("tasks") == boost::json::array{100, 0, 0, 0});
  CHECK(profiles.at("strategies").at(1).at("periods").at(0) == 1e7);
}

TEST_CASE("no name ends an element of the page", "[compare_html]") {
  auto result = one_candidate();
  result.series[1].word = "</script><b>x";
  result.command.back() = "</code><i>y";
  const std::string page = as_html(result, no_explanation(2));
  CHECK_THAT(page, !ContainsSubstring("<b>x"));
  CHECK_THAT(page, !ContainsSubstring("<i>y"));
  CHECK(data_text_of(page).find_first_of("<>&") == std::string::npos);
  const auto data = data_of(page);
  CHECK(data.at("comparison").at("series").at(1).at("strategy").as_string() == "</script><b>x");
}
