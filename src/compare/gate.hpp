// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "compare/comparison.hpp"

namespace taskworker::compare {

class gate_error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A bound that a candidate must keep: what --fail-if takes.
///
///     gate   = metric operator bound
///     metric = a name of metrics()
///     operator = ">" | "<"
///     bound  = number                 the candidate's median itself
///            | ("+" | "-") number "%" its change against the baseline
///
/// "p99>+5%" fails where p99 is more than 5 % above the baseline's, "allocations_per_task>0"
/// where anything is allocated, "tasks_per_second<-10%" where it is more than 10 % slower.
/// Numbers are decimal, in the unit of the JSON. Spaces may stand between the parts.
struct gate {
  std::string text;  ///< as given
  const metric *of = nullptr;
  bool fails_above = true;  ///< else below
  bool is_relative = false;
  double bound = 0;  ///< relative: a ratio, 1.05 for +5%
};

/// Throws gate_error that says what was expected.
[[nodiscard]] gate parse_gate(std::string_view text);

/// What came of a gate.
enum class gate_outcome : std::uint8_t {
  kept,    ///< the candidate is not past the bound, or not for sure
  broken,  ///< it is
  untold   ///< the runs did not tell the metric
};

/// "kept", "broken", "untold"
[[nodiscard]] const char *name_of(gate_outcome what);

/// Past the bound for sure is a candidate whose whole interval is, or, of an exact metric and of a
/// bound on the median itself, every sample. Without either, what the test has told apart.
[[nodiscard]] gate_outcome judge(const gate &asked, const std::vector<finding> &findings,
                                 const sample_series &candidate);

/// A gate and a candidate of a comparison.
struct gate_finding {
  std::string text;           ///< the gate's
  std::size_t candidate = 0;  ///< its place among the series
  gate_outcome is = gate_outcome::kept;
};

}  // namespace taskworker::compare
