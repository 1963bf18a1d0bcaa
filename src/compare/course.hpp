// SPDX-License-Identifier: MIT
//
// The course of a comparison.
//
//   1. Each strategy runs once with every result checked. What the results come to must be the
//      same for all, and so must the workload be. Where that brings an equality of its own, each
//      candidate runs once more and holds its results against those of the baseline by it.
//   2. Without a number of tasks, each runs once more to find one for all: as many as the fastest
//      does in 0.2 s, but no more than the slowest does in 2 s.
//   3. One round, in which each strategy runs once, warms up and is dropped.
//   4. Rounds follow, in which the order turns about (A B, B A, A B ...), so that what drifts
//      does not favour the first. From the seventh on they end as soon as the primary metric of
//      each candidate is known narrowly enough (comparison.hpp), or the time is up.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "compare/result.hpp"

namespace taskworker::compare {

/// What is to be compared. Every value has been checked.
struct comparison_plan {
  std::string program;                     ///< the path of taskworker
  std::vector<std::string> words;          ///< strategies as for --strategy, the baseline first
  std::vector<std::string> run_arguments;  ///< of each run, beside those of the course
  std::uint64_t tasks = 0;                 ///< of each sample; 0 = to be found
  std::uint32_t workers = 1;
  std::chrono::nanoseconds max_time{0};
  comparison_rules rules;
  std::vector<std::string> command;  ///< as the user gave it
};

/// The strategies do not do the same: other results, or another workload. what() is one line.
class results_differ : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How far a comparison is.
struct comparison_progress {
  std::uint64_t rounds = 0;  ///< that count, of which all samples are there
  std::string doing;         ///< "checks results", "finds the number of tasks", ...
  std::chrono::nanoseconds elapsed{0};
  std::chrono::nanoseconds left{0};  ///< about; 0 = not known
};

/// Runs it, on the calling thread. Runs that fail in a round are counted in the result, and the
/// rounds end after five of one strategy. Throws results_differ; sample_error where a strategy
/// fails before the rounds; std::system_error. Once `is_cancelled` is true it returns what is
/// there, as partial.
[[nodiscard]] comparison_result run_comparison(
    const comparison_plan &plan, const std::function<void(const comparison_progress &)> &tell,
    bool (*is_cancelled)());

}  // namespace taskworker::compare
