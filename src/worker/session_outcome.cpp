// SPDX-License-Identifier: MIT
#include "worker/session_outcome.hpp"

#include <algorithm>

#include "metrics/units.hpp"

namespace taskworker::worker {

std::string describe(const stuck_task &task, const std::vector<std::string> &operations) {
  const double seconds = std::chrono::duration<double>(task.running).count();
  return "task " + std::to_string(task.id) + " (" + operations.at(task.operation) + ") on worker " +
         std::to_string(task.worker) + " has run for " + metrics::in_time(seconds);
}

void resource_sample::raise_to(const resource_sample &other) {
  threads = std::max(threads, other.threads);
  jobs = std::max(jobs, other.jobs);
  memory.allocated = std::max(memory.allocated, other.memory.allocated);
  memory.active = std::max(memory.active, other.memory.active);
  memory.resident = std::max(memory.resident, other.memory.resident);
  memory.retained = std::max(memory.retained, other.memory.retained);
  resident_bytes = std::max(resident_bytes, other.resident_bytes);
}

bool session_outcome::was_cut_off() const {
  return is_stuck() || end == session_end::second_signal || end == session_end::crash;
}

bool session_outcome::is_stuck() const {
  return end == session_end::start_overdue || end == session_end::grace_over;
}

std::uint64_t session_outcome::leaked(leak::kind what) const {
  std::uint64_t count = 0;
  for (const leak &each : leaks) count += each.what == what ? each.count : 0;
  return count;
}

}  // namespace taskworker::worker
