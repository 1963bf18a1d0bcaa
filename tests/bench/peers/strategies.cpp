// SPDX-License-Identifier: MIT
#include "peers/sections.hpp"
#include "peers/warm_pool.hpp"

namespace bench::peers {

section measure_strategies(const library &optimized, const library &bad, const effort &spent) {
  section measured = {
      .name = strategies_name,
      .explanation =
          "`optimized` and `bad` without its faults, each in a pool of taskworker: what differs\n"
          "between the two is to be the faults alone.",
      .tasks = 2'000'000 / spent.divisor,
      .data_size = 100};
  const run_plan plan = {.tasks = measured.tasks};
  warm_pool well(optimized, {}, plan);
  warm_pool without_faults(bad, {{"problems", "none"}}, plan);
  measured.ways = {
      {std::string(optimized_name), [&](std::uint64_t count) { well.run(count); }},
      {std::string(faultless_name), [&](std::uint64_t count) { without_faults.run(count); }},
  };
  run(measured, spent);
  return measured;
}

}  // namespace bench::peers
