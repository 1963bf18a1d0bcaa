// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "catch.hpp"
#include "profiling/probes/probe_result.hpp"

/// Checks a verdict and words of what was found, and that who reads anything but "ok" is told
/// what to do.
inline void check_probe(const taskworker::profiling::probe_result &result,
                        taskworker::profiling::probe_verdict verdict, const std::string &found) {
  INFO(result.name << ": " << result.found << " -> " << result.advice);
  CHECK_FALSE(result.name.empty());
  CHECK(result.verdict == verdict);
  CHECK_THAT(result.found, Catch::Matchers::ContainsSubstring(found));
  CHECK(result.advice.empty() == (verdict == taskworker::profiling::probe_verdict::ok));
}
