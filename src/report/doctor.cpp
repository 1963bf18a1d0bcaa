// SPDX-License-Identifier: MIT
#include "report/doctor.hpp"

#include <algorithm>
#include <cstddef>

#include "metrics/units.hpp"
#include "strategy/text.hpp"

namespace taskworker::report {
namespace {

using profiling::probe_result;
using profiling::probe_verdict;

constexpr std::size_t name_column = 9;
constexpr std::size_t text_column = 27;

const char *word_of(probe_verdict verdict) {
  switch (verdict) {
    case probe_verdict::ok:
      return "ok";
    case probe_verdict::warning:
      return "warning";
    case probe_verdict::failed:
      break;
  }
  return "failed";
}

// Texts may have words of a strategy in them, or of files.
std::string block_of(const probe_result &result) {
  std::string left = word_of(result.verdict);
  left.resize(name_column, ' ');
  left += result.name;
  std::string block = strategy::row(left, strategy::one_line(result.found), text_column);
  if (!result.advice.empty()) {
    block += strategy::row("", "-> " + strategy::one_line(result.advice), text_column);
  }
  return block;
}

std::size_t count(std::span<const probe_result> results, probe_verdict verdict) {
  const auto found = std::count_if(results.begin(), results.end(),
                                   [verdict](const auto &each) { return each.verdict == verdict; });
  return static_cast<std::size_t>(found);
}

}  // namespace

std::string describe_probes(std::span<const probe_result> results) {
  std::string text;
  for (const auto &each : results) text += block_of(each);
  return text + "\n" + metrics::counted(results.size(), "probe") + ": " +
         std::to_string(count(results, probe_verdict::ok)) + " ok, " +
         metrics::counted(count(results, probe_verdict::warning), "warning") + ", " +
         std::to_string(count(results, probe_verdict::failed)) + " failed\n";
}

bool all_needed_hold(std::span<const probe_result> results) {
  return count(results, probe_verdict::failed) == 0;
}

}  // namespace taskworker::report
