// SPDX-License-Identifier: MIT
#include "compare/gate.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using namespace taskworker::compare;

namespace {

std::size_t number_of(const char *name) {
  return static_cast<std::size_t>(find_metric(name) - metrics().data());
}

sample_series make_series(const char *name, const std::vector<double> &values) {
  sample_series series{"mine", {}, 0, ""};
  for (const double value : values) {
    sample each;
    each.values.resize(metrics().size());
    each.values[number_of(name)] = value;
    series.samples.push_back(each);
  }
  return series;
}

finding make_finding(const char *name, double baseline, double candidate) {
  finding found;
  found.of = find_metric(name);
  found.baseline = baseline;
  found.candidate = candidate;
  if (baseline > 0) found.ratio = candidate / baseline;
  found.is_counted = true;
  return found;
}

bool is_failed(const char *gate, const finding &found, const sample_series &candidate = {}) {
  return judge(parse_gate(gate), {found}, candidate) == gate_outcome::broken;
}

}  // namespace

TEST_CASE("a gate is read", "[compare_gate]") {
  const gate change = parse_gate(" p99 > +5% ");
  CHECK(change.of == find_metric("p99"));
  CHECK(change.fails_above);
  CHECK(change.is_relative);
  CHECK(change.bound == Approx(1.05));
  CHECK(parse_gate("tasks_per_second<-2.5%").bound == Approx(0.975));
  CHECK_FALSE(parse_gate("tasks_per_second<-2.5%").fails_above);

  const gate bound = parse_gate("allocations_per_task>0");
  CHECK_FALSE(bound.is_relative);
  CHECK(bound.bound == 0);
  CHECK(parse_gate("cpu_ns_per_task>250.5").bound == 250.5);
}

TEST_CASE("what is no gate is refused with what was expected", "[compare_gate]") {
  const std::string expected =
      "; expected METRIC>BOUND or METRIC<BOUND, as in 'p99>+5%' or 'allocations_per_task>0'";
  const auto [text, why] = GENERATE(table<std::string, std::string>({
      {"", "there is no '>' or '<'"},
      {"p99=5", "there is no '>' or '<'"},
      {"p99>", "the bound is no number"},
      {"p99>five", "the bound is no number"},
      {"p99>nan", "the bound is no number"},
      {"p99>+inf%", "a change has a sign and a number before the '%'"},
      {"p99>-5", "the bound is no number"},
      {"p99>1e3", "the bound is no number"},
      {"p99>5x", "the bound is no number"},
      {"p99>>5", "the bound is no number"},
      {"p99>5%", "a change has a sign and a number before the '%'"},
      {"p99>%", "a change has a sign and a number before the '%'"},
      {"p99>+%", "a change has a sign and a number before the '%'"},
      {"p99>++5%", "a change has a sign and a number before the '%'"},
  }));
  CAPTURE(text);
  try {
    (void)parse_gate(text);
    FAIL("was read");
  } catch (const gate_error &error) {
    CHECK(error.what() == "'" + text + "': " + why + expected);
  }
  CHECK_THROWS_WITH(parse_gate("latency>5"),
                    Catch::Matchers::StartsWith("'latency>5': 'latency' is no metric, which are "
                                                "cpu_ns_per_task, tasks_per_second, p50,"));
}

TEST_CASE("a change fails only with its whole interval", "[compare_gate]") {
  finding slower = make_finding("p99", 100, 110);
  slower.between = interval{1.06, 1.14};
  CHECK(is_failed("p99>+5%", slower));
  CHECK_FALSE(is_failed("p99>+6%", slower));   // the interval begins there
  CHECK_FALSE(is_failed("p99>+10%", slower));  // the ratio, but not the whole interval
  CHECK_FALSE(is_failed("p99<-5%", slower));
  CHECK_FALSE(is_failed("p50>+5%", slower));  // another metric, which was not told

  finding less = make_finding("tasks_per_second", 100, 80);
  less.between = interval{0.75, 0.88};
  CHECK(is_failed("tasks_per_second<-10%", less));
  CHECK_FALSE(is_failed("tasks_per_second<-15%", less));
}

TEST_CASE("a change of a counted figure is exact", "[compare_gate]") {
  CHECK(is_failed("allocations_per_task>+10%", make_finding("allocations_per_task", 10, 12)));
  CHECK_FALSE(is_failed("allocations_per_task>+20%", make_finding("allocations_per_task", 10, 12)));
  // From nothing, no percentage can be told: anything is above.
  CHECK(is_failed("jobs_left>+1000%", make_finding("jobs_left", 0, 1)));
  CHECK_FALSE(is_failed("jobs_left>+0%", make_finding("jobs_left", 0, 0)));
  CHECK_FALSE(is_failed("jobs_left<-0%", make_finding("jobs_left", 0, 1)));
}

TEST_CASE("a bound on the figure itself fails with every sample", "[compare_gate]") {
  const auto found = make_finding("allocations_per_task", 25, 1);
  CHECK(is_failed("allocations_per_task>0", found, make_series("allocations_per_task", {1, 1, 2})));
  CHECK_FALSE(
      is_failed("allocations_per_task>0", found, make_series("allocations_per_task", {0, 1, 2})));
  CHECK(is_failed("allocations_per_task<3", found, make_series("allocations_per_task", {1, 1, 2})));
  CHECK_FALSE(is_failed("allocations_per_task>0", found, make_series("p99", {1})));
}

TEST_CASE("a change without an interval fails where a test has told it apart", "[compare_gate]") {
  finding at_times = make_finding("descriptors_left", 0, 1);
  at_times.is_counted = false;
  at_times.p = 0.4;
  CHECK_FALSE(is_failed("descriptors_left>+5%", at_times));
  at_times.p = 0.01;
  CHECK(is_failed("descriptors_left>+5%", at_times));
}

TEST_CASE("what the runs did not tell is known to be so", "[compare_gate]") {
  const auto outcome = [](const char *text) {
    return judge(parse_gate(text), {make_finding("p50", 1, 2)}, {});
  };
  CHECK(outcome("p50>+50%") == gate_outcome::broken);
  CHECK(outcome("p50<-5%") == gate_outcome::kept);
  CHECK(outcome("p99>+5%") == gate_outcome::untold);
}
