// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compare/result.hpp"

namespace taskworker::compare {

// What the table, the Markdown and the JSON say in sentences. They hold words as the user gave
// them; each is one line, however long.

/// "optimized against bad: 12 samples of each after 1 round to warm up, ..."
[[nodiscard]] std::string headline(const comparison_result &result);

/// The machine and the build: "Intel ..., 2 CPUs, Linux 6.1; taskworker 0.1.0, ..."
[[nodiscard]] std::string place_of(const environment &where);

/// Of a result that is partial.
[[nodiscard]] std::string partial_notice(const comparison_result &result);

/// "--fail-if 'p99>+5%' holds for bad"
[[nodiscard]] std::string told_of_gate(const comparison_result &result, const gate_finding &found);

/// What makes the result less sure, a sentence each: runs that failed, what disturbs the machine.
[[nodiscard]] std::vector<std::string> cautions(const comparison_result &result);

/// The verdict on the primary metric. `candidate`: its place among series, from 1 on.
[[nodiscard]] std::string conclusion(const comparison_result &result, std::size_t candidate);

}  // namespace taskworker::compare
