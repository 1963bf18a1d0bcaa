// SPDX-License-Identifier: MIT
// The life of instances: which call may follow which.
#include <string>

#include "check/check_case.hpp"
#include "check/verdict.hpp"

namespace taskworker::check {
namespace {

void create_and_destroy(case_context &context) {
  context.destroy(context.create_instance(context.config()));
}

void init_and_destroy(case_context &context) {
  context.destroy(context.make_instance(context.config()));
}

void create_many(case_context &context) {
  constexpr int many = 50;
  for (int i = 0; i < many; ++i) init_and_destroy(context);
}

void start_and_stop_again(case_context &context) {
  constexpr int times = 3;
  auto &made = context.make_instance(context.config());
  const auto tasks = context.tasks();
  for (int i = 0; i < times; ++i) {
    made.start();
    context.run_tasks(made, *tasks, 8);
    made.stop();
  }
  context.destroy(made);
}

void stop_without_tasks(case_context &context) { context.live(context.config(2), 0); }

void two_instances(case_context &context) {
  auto &first = context.make_instance(context.config());
  auto &second = context.make_instance(context.config());
  const auto tasks = context.tasks();
  first.start();
  second.start();
  on_worker_threads(2, [&](std::uint32_t index) {
    auto &own = index == 0 ? first : second;
    for (std::uint64_t id = 0; id < 16; ++id) {
      case_context::run_task(own, 0, *tasks, lent_task(*tasks, id));
    }
  });
  first.stop();
  context.destroy(first);
  // The end of one is not the end of the other.
  context.run_tasks(second, *tasks, 8);
  second.stop();
  context.destroy(second);
}

void host_silent_in_create(case_context &context) {
  const auto before = checking_host::calls_of_process();
  auto &made = context.create_instance(context.config());
  const auto calls = checking_host::calls_of_process() - before;
  if (calls > 0) {
    const verdict first = take_violation();
    fail(first.rule, first.detail);
  }
  context.destroy(made);
}

constexpr check_case cases[] = {
    {"create-and-destroy", "can be destroyed without init()", "strategy.h, destroy()",
     create_and_destroy},
    {"init-and-destroy", "can be destroyed without start()", "strategy.h, destroy()",
     init_and_destroy},
    {"create-many", "can be made and destroyed 50 times", "strategy.h, create()", create_many},
    {"start-and-stop-again", "starts again after stop(), and then does right",
     "strategy.h, life of an instance", start_and_stop_again},
    {"stop-without-tasks", "stops when no task came", "strategy.h, stop()", stop_without_tasks},
    {"two-instances", "lives twice at once, and one outlives the other", "strategy.h, create()",
     two_instances},
    {"host-silent-in-create", "does not call the host before init()", "strategy.h, create()",
     host_silent_in_create},
};

}  // namespace

std::span<const check_case> life_cases() { return cases; }

}  // namespace taskworker::check
