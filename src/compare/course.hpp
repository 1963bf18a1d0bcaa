// SPDX-License-Identifier: MIT
//
// The course of a comparison.
//
//   1. Without a number of tasks, each strategy runs to find one for all: as many as the fastest
//      does in 0.2 s, but no more than the slowest does in 2 s.
//   2. Each runs once with every result checked, of 10,000 tasks at most. What the results come to
//      must be the same for all, and so must the workload be. Where that brings an equality of its
//      own, each candidate runs once more and holds its results against those of the baseline by
//      it.
//   3. One round, in which each strategy runs once, warms up and is dropped. Where it asks for
//      twice the number of tasks or for half, another one with that number follows, and a third.
//   4. Rounds follow, in which the order turns about (A B, B A, A B ...), so that what drifts
//      does not favour the first. From the seventh on they end as soon as the primary metric of
//      each candidate is known narrowly enough (comparison.hpp), or the time is up. Against a saved
//      baseline (plan.hpp) the candidates alone run, four times as often as it did at most.
#pragma once

#include <stdexcept>

#include "compare/plan.hpp"
#include "compare/result.hpp"

namespace taskworker::compare {

/// The strategies do not do the same: other results, or another workload. what() is one line.
class results_differ : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Runs it, on the calling thread. Runs that fail in a round are counted in the result, and the
/// rounds end after ten of one strategy. Throws results_differ; sample_error where a strategy
/// fails before the rounds; std::system_error. Once `is_cancelled` is true it returns what is
/// there, as partial.
[[nodiscard]] comparison_result run_comparison(const comparison_plan &plan,
                                               const progress_listener &tell,
                                               bool (*is_cancelled)());

}  // namespace taskworker::compare
