// SPDX-License-Identifier: MIT
#include "profiling/probes/probes.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "catch.hpp"

using namespace taskworker::profiling;

namespace {

bool has(const std::vector<probe_result> &results, const std::string &name) {
  return std::any_of(results.begin(), results.end(),
                     [&](const auto &each) { return each.name == name; });
}

}  // namespace

TEST_CASE("each probe has a name of its own, words, and advice where there is need",
          "[profiling_probes]") {
  symbols names;
  const auto results = run_probes({.workers = 1, .process = {}}, names);
  std::set<std::string> seen;
  for (const auto &each : results) {
    INFO(each.name << ": " << each.found << " -> " << each.advice);
    CHECK(seen.insert(each.name).second);
    CHECK_FALSE(each.found.empty());
    CHECK(each.advice.empty() == (each.verdict == probe_verdict::ok));
  }
  CHECK(results.front().name == "heap profiling");
  CHECK(has(results, "CPU profile"));
  CHECK(has(results, "load"));
#ifdef TASKWORKER_HAVE_JEMALLOC
  CHECK(has(results, "heap dump"));
#else
  CHECK_FALSE(has(results, "heap dump"));
#endif
}

TEST_CASE("a strategy is looked at where there is one", "[profiling_probes]") {
  symbols names;
  const auto process = reinterpret_cast<std::uintptr_t>(&run_probes);
  CHECK(has(run_probes({.workers = 1, .process = process}, names), "strategy symbols"));
  CHECK_FALSE(has(run_probes({.workers = 1, .process = {}}, names), "strategy symbols"));
}
