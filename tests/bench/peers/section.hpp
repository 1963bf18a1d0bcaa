// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rounds.hpp"

namespace bench::peers {

/// How long everything takes.
struct effort {
  int rounds = 0;
  std::uint64_t divisor = 1;      ///< of the tasks of a round
  std::chrono::seconds patience;  ///< with a machine that is not idle, in each section
};
inline constexpr effort full_effort = {9, 1, std::chrono::seconds(60)};
inline constexpr effort quick_effort = {2, 100, std::chrono::seconds(0)};

inline constexpr std::string_view own_name = "taskworker";

/// Ways that are measured in turn.
struct section {
  std::string name;
  std::string explanation;  ///< what all of them do
  std::uint64_t tasks = 0;  ///< of a round
  std::uint64_t data_size = 0;
  std::vector<way> ways = {};                       ///< the others are set in relation to the first
  std::vector<double> foreign_cpus = {};            ///< that others kept busy, of each round
  std::optional<double> allocations_per_task = {};  ///< of taskworker, once it is warm

  [[nodiscard]] const way *find(std::string_view name) const;
};

/// Waits for an idle machine before each round, measures them all, and prints the tables.
void run(section &measured, const effort &spent);

}  // namespace bench::peers
