// SPDX-License-Identifier: MIT
// Tasks: their results, their sizes, and what is lent for them.
#include <barrier>
#include <chrono>
#include <cstdint>
#include <latch>
#include <memory>
#include <string>
#include <vector>

#include "check/call.hpp"
#include "check/check_case.hpp"
#include "check/task_set.hpp"
#include "check/verdict.hpp"
#include "strategy/guarded_call.hpp"

namespace taskworker::check {
namespace {

/// Of a generated task: with a multiple of 100 all sums are the same, and no product is but 0.
constexpr std::uint64_t telling_elements = 97;

constexpr std::uint64_t each_operation = 16;  ///< tasks: as many as operations can be

/// A life on one worker with `count` tasks of `data_size`.
void live_with(case_context &context, std::uint64_t data_size, std::uint64_t count,
               const lending &how = {}) {
  context.live(context.config(1, data_size), count, how);
}

void results_right(case_context &context) { live_with(context, telling_elements, 200); }
void size_zero(case_context &context) { live_with(context, 0, each_operation); }
void size_one(case_context &context) { live_with(context, 1, each_operation); }

void sizes_prime(case_context &context) {
  for (const auto size : {2u, 3u, 5u, 7u, 13u, 31u, 61u, 127u, 509u, 1021u, 8191u, 65521u}) {
    live_with(context, size, each_operation);
  }
}

void size_million(case_context &context) { live_with(context, 1'000'000, 4); }

/// The size of the array that the task's result is; 0 for a scalar.
std::uint64_t size_of_result(checked_instance &running, const worker::workload &tasks,
                             const lent_task &task) {
  const done_task done = case_context::do_task(running, 0, tasks, task);
  const bool is_array = done.status == TASKWORKER_OK && done.result.kind == TASKWORKER_ARRAY;
  return is_array ? done.result.data_size : 0;
}

void expect_no_capacity(checked_instance &running, const worker::workload &tasks,
                        const lent_task &task, std::uint64_t needed) {
  const lent_result lent(needed - 1, 4096, placement::exact);
  taskworker_result result = lent.fresh();
  const auto status = running.process(0, task.lent(), result);
  const std::string name = task.describe(tasks);
  lent.check(result, status, name);
  if (status == TASKWORKER_NO_CAPACITY) return;
  fail("strategy.h, taskworker_status NO_CAPACITY",
       "process() returned " + strategy::describe_status(status) + " for " + name +
           " with a buffer of " + std::to_string(needed - 1) + " bytes, where its result takes " +
           std::to_string(needed) + "; expected NO_CAPACITY");
}

void capacity_too_small(case_context &context) {
  context.require_opened();
  if (!context.has_own_tasks()) {
    skip("the built-in workload never lends less than the payload takes");
  }
  auto &made = context.make_instance(context.config());
  const auto tasks = context.tasks();
  made.start();
  std::uint64_t tried = 0;
  on_worker_threads(1, [&](std::uint32_t worker) {
    for (std::uint64_t id = 0; id < each_operation; ++id) {
      const lent_task task(*tasks, id);
      const std::uint64_t needed = size_of_result(made, *tasks, task);
      if (needed == 0) continue;
      ++tried;
      expect_no_capacity(made, *tasks, task, needed);
      case_context::run_task(made, worker, *tasks, task);
    }
  });
  made.stop();
  context.destroy(made);
  if (tried == 0) skip("none of its results is an array");
}

void info_too_small(case_context &context) {
  live_with(context, 100, each_operation,
            {.results = placement::exact, .info_capacity = least_info_capacity});
}

void expect_unsupported(checked_instance &running, const worker::workload &tasks,
                        taskworker_operation operation) {
  lent_task task(tasks, 0);
  task.set_operation(operation);
  const lent_result lent(
      tasks.result_capacity(static_cast<std::size_t>(task.original().payload_size)), 4096);
  taskworker_result result = lent.fresh();
  const auto status = running.process(0, task.lent(), result);
  lent.check(result, status, task.describe(tasks));
  if (status == TASKWORKER_UNSUPPORTED) return;
  fail("strategy.h, taskworker_status UNSUPPORTED",
       "process() returned " + strategy::describe_status(status) + " for operation " +
           std::to_string(operation) + ", which there is not; expected UNSUPPORTED");
}

void unknown_operation(case_context &context) {
  auto &made = context.make_instance(context.config());
  const auto tasks = context.tasks();
  const auto first_unknown = static_cast<taskworker_operation>(tasks->operation_names().size());
  made.start();
  on_worker_threads(1, [&](std::uint32_t) {
    for (const taskworker_operation each : {first_unknown, 255u, 0x7fffffffu, 0xffffffffu}) {
      expect_unsupported(made, *tasks, each);
    }
  });
  context.run_tasks(made, *tasks, each_operation);
  made.stop();
  context.destroy(made);
}

void payload_null(case_context &context) {
  auto &made = context.make_instance(context.config(1, 0));
  const auto tasks = context.tasks(0);
  made.start();
  std::uint64_t tried = 0;
  on_worker_threads(1, [&](std::uint32_t worker) {
    for (std::uint64_t id = 0; id < each_operation; ++id) {
      const lent_task made_task(*tasks, id);
      if (made_task.original().payload_size != 0) continue;
      ++tried;
      const lent_task task(made_task.original().operation, id);
      case_context::run_task(made, worker, *tasks, task);
    }
  });
  made.stop();
  context.destroy(made);
  if (tried == 0) skip("its workload makes no task without payload");
}

void input_unchanged(case_context &context) {
  live_with(context, 100, each_operation, {.is_input_sealed = true});
  live_with(context, 1021, each_operation, {.is_input_sealed = true});
}

void result_in_bounds(case_context &context) {
  for (const auto size : {1u, 8u, 100u, 1024u, 4096u}) {
    live_with(context, size, each_operation,
              {.results = placement::exact, .info_capacity = least_info_capacity});
  }
}

/// The flag is raised while a task is done, and was before the next.
void stop_flag(case_context &context) {
  constexpr std::uint64_t large = 65'536;
  auto &made = context.make_instance(context.config(1, large));
  const auto tasks = context.tasks(large);
  made.start();
  std::latch begun(1);
  on_worker_threads(2, [&](std::uint32_t thread) {
    if (thread == 1) {
      begun.wait();
      made.host().request_stop();
      return;
    }
    begun.count_down();
    std::uint64_t id = 0;
    do {
      case_context::run_task(made, 0, *tasks, lent_task(*tasks, id++));
    } while (!made.host().is_stopping());
    case_context::run_task(made, 0, *tasks, lent_task(*tasks, id));
  });
  made.stop();
  context.destroy(made);
}

/// Without anything between two tasks that would keep the workers apart.
void many_workers(case_context &context) {
  constexpr std::uint32_t workers = 8;
  constexpr int most_rounds = 200;
  constexpr auto enough = std::chrono::seconds(1);  // for a strategy whose tasks take long
  auto &made = context.make_instance(context.config(workers, telling_elements));
  const auto tasks = context.tasks(telling_elements);
  std::vector<std::unique_ptr<task_set>> sets;
  for (std::uint64_t worker = 0; worker < workers; ++worker) {
    sets.push_back(std::make_unique<task_set>(*tasks, worker * each_operation, each_operation));
  }
  made.start();
  std::barrier together(workers);
  on_worker_threads(workers, [&](std::uint32_t worker) {
    together.arrive_and_wait();
    const auto began = std::chrono::steady_clock::now();
    for (int round = 0; round < most_rounds; ++round) {
      sets[worker]->run_and_check(made, worker);
      if (std::chrono::steady_clock::now() - began > enough) break;
    }
  });
  made.stop();
  context.destroy(made);
}

/// What comes back is up to other cases: here it only has to come back.
void exceptions_stay_inside(case_context &context) {
  auto &made = context.make_instance(context.config());
  const auto tasks = context.tasks();
  const auto operations = static_cast<taskworker_operation>(tasks->operation_names().size());
  made.start();
  on_worker_threads(1, [&](std::uint32_t worker) {
    for (std::uint64_t id = 0; id < each_operation; ++id) {
      lent_task task(*tasks, id);
      if (id == 0) task.set_operation(operations);
      const lent_result lent(
          tasks->result_capacity(static_cast<std::size_t>(task.original().payload_size)),
          least_info_capacity);
      taskworker_result result = lent.fresh();
      static_cast<void>(made.process(worker, task.lent(), result));
    }
  });
  made.stop();
  context.destroy(made);
}

constexpr check_case cases[] = {
    {"results-right", "gives right results for 200 tasks", "strategy.h, process()", results_right},
    {"size-zero", "does tasks without elements", "strategy.h, process()", size_zero},
    {"size-one", "does tasks of one element", "strategy.h, process()", size_one},
    {"sizes-prime", "does tasks of 2 to 65521 elements, in odd numbers", "strategy.h, process()",
     sizes_prime},
    {"size-million", "does tasks of a million elements", "strategy.h, process()", size_million},
    {"capacity-too-small",
     "asks for more where the buffer is one byte too small, and is right then",
     "strategy.h, taskworker_status NO_CAPACITY", capacity_too_small},
    {"info-too-small", "gets by with 128 bytes of info text, or asks for more",
     "strategy.h, taskworker_result", info_too_small},
    {"unknown-operation", "refuses operations that there are not, and goes on",
     "strategy.h, taskworker_status UNSUPPORTED", unknown_operation},
    {"payload-null", "takes a null payload of no bytes", "strategy.h, taskworker_task",
     payload_null},
    {"input-unchanged", "reads the task and its payload only, and nothing behind it",
     "strategy.h, taskworker_task", input_unchanged},
    {"result-in-bounds", "writes nothing beside the buffers of the result",
     "strategy.h, taskworker_result", result_in_bounds},
    {"stop-flag", "goes on or gives up, and ends well, when the host stops in the middle of a task",
     "ext/stop.h", stop_flag},
    {"many-workers", "gives right results on 8 workers at once", "strategy.h (7)", many_workers},
    {"exceptions-stay-inside", "lets no exception out of any call", "strategy.h (4)",
     exceptions_stay_inside},
};

}  // namespace

std::span<const check_case> process_cases() { return cases; }

}  // namespace taskworker::check
