// SPDX-License-Identifier: MIT
#include "worker/suspects.hpp"

#include <utility>

namespace taskworker::worker {
namespace {

bool is_suspect(const profiling::task_mark &started_in, std::uint64_t started_ns,
                std::span<const worker_tasks> workers, std::uint64_t now_ns) {
  if (!started_in.is_in_task() || started_in.worker >= workers.size()) return false;
  const worker_tasks &its = workers[started_in.worker];
  if (its.running == started_in.task || started_ns > now_ns) return false;
  const std::uint64_t age = now_ns - started_ns;
  const auto allowed = static_cast<std::uint64_t>(suspect_age.count());
  return age >= allowed && age - allowed >= its.longest_ns;
}

}  // namespace

left_behind find_suspects(std::vector<profiling::thread_info> threads, std::vector<job_info> jobs,
                          std::span<const worker_tasks> workers, std::uint64_t now_ns) {
  const auto is_innocent = [&](const auto &each) {
    return !is_suspect(each.started_in, each.started_ns, workers, now_ns);
  };
  std::erase_if(threads, is_innocent);
  std::erase_if(jobs, is_innocent);
  return {.threads = std::move(threads), .jobs = std::move(jobs)};
}

}  // namespace taskworker::worker
