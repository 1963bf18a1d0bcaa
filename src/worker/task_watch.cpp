// SPDX-License-Identifier: MIT
#include "worker/task_watch.hpp"

#include <algorithm>
#include <utility>

namespace taskworker::worker {

void task_watch::look(time now, std::span<const busy_worker> running) {
  std::vector<watched> present;
  for (const busy_worker &each : running) {
    watched task = find(each, now);
    const bool is_late = limit_.count() > 0 && now - task.seen > limit_;
    if (is_late && !std::exchange(task.is_overdue, true)) ++timeouts_;
    present.push_back(task);
  }
  tasks_ = std::move(present);
  last_look_ = now;
}

task_watch::watched task_watch::find(const busy_worker &at, time now) const {
  const auto known = std::find_if(tasks_.begin(), tasks_.end(), [&](const watched &each) {
    return each.at.worker == at.worker && each.at.task.id == at.task.id;
  });
  return known != tasks_.end() ? *known : watched{.at = at, .seen = now};
}

std::vector<stuck_task> task_watch::running() const {
  std::vector<stuck_task> all;
  for (const watched &each : tasks_) all.push_back(describe(each));
  return all;
}

std::vector<stuck_task> task_watch::overdue() const {
  std::vector<stuck_task> late;
  for (const watched &each : tasks_) {
    if (each.is_overdue) late.push_back(describe(each));
  }
  return late;
}

std::vector<stuck_task> task_watch::take_new() {
  std::vector<stuck_task> late;
  for (watched &each : tasks_) {
    if (each.is_overdue && !std::exchange(each.is_taken, true)) late.push_back(describe(each));
  }
  return late;
}

stuck_task task_watch::describe(const watched &task) const {
  return {.worker = task.at.worker,
          .id = task.at.task.id,
          .operation = task.at.task.operation,
          .thread = task.at.task.thread,
          .running = last_look_ - task.seen};
}

}  // namespace taskworker::worker
