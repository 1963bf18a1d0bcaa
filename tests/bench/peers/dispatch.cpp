// SPDX-License-Identifier: MIT
#include "peers/empty_tasks.hpp"
#include "peers/peer.hpp"
#include "peers/sections.hpp"
#include "peers/warm_pool.hpp"

namespace bench::peers {
namespace {

void run_peer(const peer &other, std::uint64_t count) {
  empty_tasks tasks;
  other.run_empty(tasks, count);
  if (tasks.counts().done() != count) std::abort();
}

}  // namespace

section measure_dispatch(const library &null, const effort &spent) {
  section measured = {
      .name = dispatch_name,
      .explanation =
          "Tasks that do nothing, each submitted by itself; the peers count them and no more.\n"
          "taskworker: all its accounting, which cannot be switched off, and a call through the\n"
          "ABI.",
      .tasks = 2'000'000 / spent.divisor};
  warm_pool own(null, {}, {.tasks = measured.tasks});
  measured.ways.push_back({std::string(own_name), [&](std::uint64_t count) { own.run(count); }});
  for (const peer &other : all_peers()) {
    measured.ways.push_back(
        {std::string(other.name), [&](std::uint64_t count) { run_peer(other, count); }});
  }
  run(measured, spent);
  return measured;
}

}  // namespace bench::peers
