// SPDX-License-Identifier: MIT
#include "check/case_context.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "check/call.hpp"
#include "check/verdict.hpp"
#include "strategy/guarded_call.hpp"
#include "strategy/options.hpp"

namespace taskworker::check {
namespace {

constexpr char cannot_be_opened[] = "the library cannot be opened";

const char *rule_of(opening_step step) {
  switch (step) {
    case opening_step::load:
      return "strategy.h (1)";
    case opening_step::version:
      return "strategy.h (2)";
    case opening_step::descriptor:
      return "strategy.h, taskworker_entry";
    case opening_step::init:
      return "strategy.h, taskworker_entry init()";
    case opening_step::options:
      return "ext/options.h, taskworker_option";
    case opening_step::workload:
      return "ext/workload.h, taskworker_workload";
  }
  return "strategy.h";
}

}  // namespace

void case_context::require(opening_step step) const {
  const auto &refused = opened_.refused();
  if (!refused || refused->step > step) return;
  if (refused->step < step) skip(cannot_be_opened);
  fail(rule_of(step), refused->reason);
}

void case_context::require_opened() const {
  if (opened_.refused()) skip(cannot_be_opened);
}

strategy::instance_config case_context::config(std::uint32_t workers,
                                               std::uint64_t data_size) const {
  require_opened();
  return {.options =
              strategy::resolve_options(opened_.options(), given_, opened_.entry().descriptor.name),
          .workers = workers,
          .expected_tasks = 0,
          .data_size = data_size};
}

std::unique_ptr<worker::workload> case_context::tasks(std::uint64_t data_size) const {
  if (has_own_tasks()) return worker::make_strategy_workload(*opened_.workload(), data_size);
  return worker::make_builtin_workload(data_size);
}

checked_instance &case_context::create_instance(const strategy::instance_config &config,
                                                bool is_sealed) {
  require_opened();
  instances_.push_back(std::make_unique<checked_instance>(opened_, config, is_sealed));
  return *instances_.back();
}

checked_instance &case_context::make_instance(const strategy::instance_config &config,
                                              bool is_sealed) {
  checked_instance &made = create_instance(config, is_sealed);
  made.init();
  return made;
}

void case_context::destroy(checked_instance &gone) {
  gone.destroy();
  std::erase_if(instances_, [&](const auto &each) { return each.get() == &gone; });
}

done_task case_context::do_task(checked_instance &running, std::uint32_t worker,
                                const worker::workload &tasks, const lent_task &task,
                                const lending &how) {
  const std::string name = task.describe(tasks);
  const auto payload_size = static_cast<std::size_t>(task.original().payload_size);
  done_task done{lent_result(tasks.result_capacity(payload_size), how.info_capacity, how.results)};
  const auto call_process = [&] {
    done.result = done.lent.fresh();
    done.status = running.process(worker, task.lent(), done.result);
    done.lent.check(done.result, done.status, name);
  };
  call_process();
  if (done.status != TASKWORKER_NO_CAPACITY) return done;
  done.lent = done.lent.grown_for(done.result);
  call_process();
  if (done.status != TASKWORKER_NO_CAPACITY) return done;
  fail("strategy.h, taskworker_status NO_CAPACITY",
       "process() returned NO_CAPACITY for " + name +
           " once more, with the buffers that it had asked for; expected OK");
}

void case_context::run_task(checked_instance &running, std::uint32_t worker,
                            const worker::workload &tasks, const lent_task &task,
                            const lending &how) {
  const done_task done = do_task(running, worker, tasks, task, how);
  const std::string name = task.describe(tasks);
  if (done.status == TASKWORKER_CANCELLED && running.host().is_stopping()) return;
  if (done.status != TASKWORKER_OK) {
    fail("strategy.h, process()", "process() returned " + strategy::describe_status(done.status) +
                                      " for " + name + running.host().last_error() +
                                      "; expected OK");
  }
  const bool is_right =
      make_call(call::check, [&] { return tasks.check(task.original(), done.result); });
  if (!is_right) {
    fail("strategy.h, process()", "the result of " + name + " is wrong: " +
                                      tasks.describe_mismatch(task.original(), done.result));
  }
}

void case_context::run_tasks(checked_instance &running, const worker::workload &tasks,
                             std::uint64_t count, const lending &how, std::uint64_t first) {
  on_worker_threads(1, [&](std::uint32_t worker) {
    for (std::uint64_t id = first; id < first + count; ++id) {
      run_task(running, worker, tasks, lent_task(tasks, id, how.is_input_sealed), how);
    }
  });
}

void case_context::live(const strategy::instance_config &config, std::uint64_t count,
                        const lending &how, bool is_sealed) {
  checked_instance &made = make_instance(config, is_sealed);
  const auto work = tasks(config.data_size);
  made.start();
  on_worker_threads(config.workers, [&](std::uint32_t worker) {
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t id = i * config.workers + worker;
      run_task(made, worker, *work, lent_task(*work, id, how.is_input_sealed), how);
    }
  });
  made.stop();
  destroy(made);
}

void case_context::abandon() noexcept {
  for (auto &each : instances_) static_cast<void>(each.release());
}

void on_worker_threads(std::uint32_t count, const std::function<void(std::uint32_t)> &work) {
  std::mutex mutex;
  std::exception_ptr failure;  // protected by mutex
  std::vector<std::thread> threads;
  for (std::uint32_t index = 0; index < count; ++index) {
    threads.emplace_back([&, index] {
      try {
        work(index);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
      }
    });
  }
  for (auto &each : threads) each.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace taskworker::check
