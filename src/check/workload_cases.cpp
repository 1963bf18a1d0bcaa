// SPDX-License-Identifier: MIT
// The workload that a strategy brings.
#include <taskworker/ext/workload.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "check/call.hpp"
#include "check/check_case.hpp"
#include "check/guarded_memory.hpp"
#include "check/verdict.hpp"
#include "strategy/guarded_call.hpp"

namespace taskworker::check {
namespace {

constexpr lent_thing task_buffer{"the buffer of make_task()", "ext/workload.h, make_task"};
constexpr lent_thing result_buffer{"a result's data", "ext/workload.h, check"};

constexpr std::uint64_t tried_tasks = 32;
constexpr std::uint64_t data_size = 100;

const taskworker_workload &own_workload(case_context &context) {
  context.require_opened();
  if (!context.has_own_tasks()) skip("it has no workload of its own");
  return *context.strategy().workload();
}

/// A task as make_task() leaves it in a buffer that ends at memory that cannot be touched.
struct made_task {
  taskworker_status status = TASKWORKER_OK;
  std::uint64_t size = 0;
  taskworker_operation operation = 0;
  std::vector<unsigned char> payload;
};

made_task make(const taskworker_workload &workload, std::uint64_t id, std::uint64_t capacity) {
  const guarded_memory buffer(task_buffer, static_cast<std::size_t>(capacity), 64,
                              placement::exact);
  made_task made;
  made.status = make_call(call::make_task, [&] {
    return workload.make_task(id, data_size, buffer.data(), capacity, &made.size, &made.operation);
  });
  if (!buffer.has_whole_margins()) {
    fail(task_buffer.rule, "make_task() wrote beside its buffer of " + std::to_string(capacity) +
                               " bytes for task " + std::to_string(id));
  }
  if (made.status != TASKWORKER_OK || made.size > capacity) return made;
  const auto *begin = static_cast<const unsigned char *>(buffer.data());
  made.payload.assign(begin, begin + made.size);
  return made;
}

/// The task, with as much room as it takes.
made_task make_whole(const taskworker_workload &workload, std::uint64_t id) {
  made_task made = make(workload, id, 0);
  if (made.status == TASKWORKER_NO_CAPACITY) made = make(workload, id, made.size);
  if (made.status == TASKWORKER_OK) return made;
  fail(task_buffer.rule, "make_task() returned " + strategy::describe_status(made.status) +
                             " for task " + std::to_string(id) +
                             " with the room that it asked for; expected OK");
}

void workload_repeats(case_context &context) {
  const auto &workload = own_workload(context);
  std::vector<made_task> first;
  for (std::uint64_t id = 0; id < tried_tasks; ++id) first.push_back(make_whole(workload, id));
  for (std::uint64_t id = tried_tasks; id-- > 0;) {
    const made_task again = make_whole(workload, id);
    const made_task &before = first[static_cast<std::size_t>(id)];
    const bool is_same = again.operation == before.operation && again.payload == before.payload;
    if (is_same) continue;
    fail(task_buffer.rule, "task " + std::to_string(id) +
                               " is another one when it is made again; the same arguments make "
                               "the same task");
  }
}

void workload_capacity(case_context &context) {
  const auto &workload = own_workload(context);
  for (std::uint64_t id = 0; id < tried_tasks; ++id) {
    const std::uint64_t needed = make_whole(workload, id).size;
    if (needed == 0) continue;
    const made_task refused = make(workload, id, needed - 1);
    if (refused.status == TASKWORKER_NO_CAPACITY && refused.size == needed) continue;
    fail(task_buffer.rule, "make_task() returned " + strategy::describe_status(refused.status) +
                               " and the size " + std::to_string(refused.size) + " for task " +
                               std::to_string(id) + " with a capacity of " +
                               std::to_string(needed - 1) + "; expected NO_CAPACITY and the size " +
                               std::to_string(needed));
  }
}

/// A right result, and its data once more where it can be changed.
struct judged_result {
  taskworker_result result{};
  std::vector<std::uint64_t> data;
};

/// Shows `judge` each task with a right result.
using result_judge = std::function<void(const lent_task &, const taskworker_result &)>;

void judge_results(case_context &context, const result_judge &judge) {
  auto &made = context.make_instance(context.config());
  const auto tasks = context.tasks();
  made.start();
  on_worker_threads(1, [&](std::uint32_t worker) {
    for (std::uint64_t id = 0; id < tried_tasks; ++id) {
      const lent_task task(*tasks, id);
      case_context::run_task(made, worker, *tasks, task);
      const done_task done = case_context::do_task(made, worker, *tasks, task);
      if (done.status == TASKWORKER_OK) judge(task, done.result);
    }
  });
  made.stop();
  context.destroy(made);
}

/// The same with each bit of what counts turned over.
judged_result turned_over(const taskworker_result &right) {
  judged_result wrong{right, {}};
  if (right.kind == TASKWORKER_SCALAR) {
    wrong.result.scalar = ~right.scalar;
    return wrong;
  }
  wrong.data.resize(static_cast<std::size_t>((right.data_size + 7) / 8));
  if (right.data_size > 0) {
    std::memcpy(wrong.data.data(), right.data, static_cast<std::size_t>(right.data_size));
  }
  for (auto &word : wrong.data) word = ~word;
  wrong.result.data = wrong.data.data();
  return wrong;
}

bool has_content(const taskworker_result &result) {
  return result.kind == TASKWORKER_SCALAR || result.data_size > 0;
}

void workload_check_agrees(case_context &context) {
  const auto &workload = own_workload(context);
  if (workload.check == nullptr) skip("its workload has no check()");
  const auto accepts = [&](const lent_task &task, const taskworker_result &result) {
    return make_call(call::check, [&] { return workload.check(&task.original(), &result) != 0; });
  };
  std::uint64_t refused = 0;
  std::uint64_t tried = 0;
  judge_results(context, [&](const lent_task &task, const taskworker_result &result) {
    const std::string id = std::to_string(task.original().id);
    const bool first = accepts(task, result);
    const bool second = accepts(task, result);
    if (!first || !second) {
      fail("ext/workload.h, check",
           "check() refuses a result of task " + id + " that it has accepted before");
    }
    if (!has_content(result)) return;
    ++tried;
    if (!accepts(task, turned_over(result).result)) ++refused;
  });
  if (tried == 0 || refused > 0) return;
  warn("ext/workload.h, check", "check() accepts " + std::to_string(tried) +
                                    " results with every bit turned over: it finds no fault");
}

void workload_equal_agrees(case_context &context) {
  const auto &workload = own_workload(context);
  if (workload.equal == nullptr) skip("its workload has no equal()");
  const auto are_equal = [&](const lent_task &task, const taskworker_result &a,
                             const taskworker_result &b) {
    return make_call(call::equal, [&] { return workload.equal(&task.original(), &a, &b) != 0; });
  };
  judge_results(context, [&](const lent_task &task, const taskworker_result &result) {
    // As one of another process is: aligned as any, without info.
    const guarded_memory other_data(result_buffer, static_cast<std::size_t>(result.data_size), 1,
                                    placement::exact);
    taskworker_result other = result;
    other.info = nullptr;
    other.info_capacity = other.info_size = 0;
    if (result.kind == TASKWORKER_ARRAY) {
      if (result.data_size > 0) {
        std::memcpy(other_data.data(), result.data, static_cast<std::size_t>(result.data_size));
      }
      other.data = other_data.data();
      other.data_capacity = result.data_size;
    }
    if (are_equal(task, result, result) && are_equal(task, result, other) &&
        are_equal(task, other, result)) {
      return;
    }
    fail("ext/workload.h, equal", "equal() finds a result of task " +
                                      std::to_string(task.original().id) +
                                      " different from its own copy");
  });
}

constexpr check_case cases[] = {
    {"workload-repeats", "makes the same task from the same arguments, in any order",
     "ext/workload.h, make_task", workload_repeats},
    {"workload-capacity", "asks for more where the buffer is too small, and writes in it only",
     "ext/workload.h, make_task", workload_capacity},
    {"workload-check-agrees",
     "accepts its own results, each time, and refuses what is nothing like them (a warning else)",
     "ext/workload.h, check", workload_check_agrees},
    {"workload-equal-agrees", "finds a result equal to its copy, wherever that lies",
     "ext/workload.h, equal", workload_equal_agrees},
};

}  // namespace

std::span<const check_case> workload_cases() { return cases; }

}  // namespace taskworker::check
