// SPDX-License-Identifier: MIT
// peers: what taskworker's pool, its interface and its metrics cost a task, beside the ways
// that others have to hand tasks to threads, and beside a loop that has none of it.
#include <cstdio>
#include <exception>

#include "metrics/allocator.hpp"
#include "peers/json.hpp"
#include "peers/options.hpp"
#include "peers/peer.hpp"
#include "peers/reach.hpp"
#include "peers/sections.hpp"
#include "profiling/heap/heap.hpp"
#include "strategy_run.hpp"

namespace {

using namespace bench::peers;

// The allocator samples from the start of the process: only peers that allocate would pay.
void stop_heap_sampling() {
  if (taskworker::metrics::read_allocator()) taskworker::profiling::set_heap_sampling(false);
}

std::vector<section> measure(const options &given, const effort &spent) {
  const library null(given.null);
  std::vector<section> sections;
  sections.push_back(measure_dispatch(null, spent));
  sections.push_back(measure_harness(null, spent));
  if (given.optimized.empty()) return sections;
  const library optimized(given.optimized);
  constexpr std::uint64_t data_sizes[] = {10, 100, 1000};
  for (const std::uint64_t data_size : data_sizes) {
    sections.push_back(measure_end_to_end(optimized, data_size, spent));
  }
  if (given.bad.empty()) return sections;
  const library bad(given.bad);
  sections.push_back(measure_strategies(optimized, bad, spent));
  return sections;
}

void run(const options &given) {
  std::printf("%u workers\n", bench::run_workers);
  for (const auto &name : missing_peers()) std::printf("left out: %s\n", name.c_str());
  stop_heap_sampling();
  const auto sections = measure(given, given.is_quick ? quick_effort : full_effort);
  const auto goals = find_reach(sections);
  print(goals);
  if (given.is_quick) std::printf("\n--quick: these figures say nothing\n");
  if (!given.json.empty()) write_json(given.json, given.is_quick, sections, goals);
}

}  // namespace

int main(int argc, char **argv) {
  const auto given = parse_options(argc, argv);
  if (!given) {
    std::fputs(usage, stderr);
    return 2;
  }
  try {
    run(*given);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "peers: %s\n", error.what());
    return 1;
  }
}
