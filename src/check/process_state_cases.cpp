// SPDX-License-Identifier: MIT
// What belongs to the whole process, and so to the host.
#include <string>

#include "check/check_case.hpp"
#include "check/output_trap.hpp"
#include "check/process_state.hpp"
#include "check/verdict.hpp"
#include "strategy/text.hpp"

namespace taskworker::check {
namespace {

constexpr std::uint64_t some_tasks = 16;

void expect_signals_kept(const signal_state &before, const std::string &where) {
  const std::string change = before.describe_change(signal_state());
  if (!change.empty()) fail("strategy.h (8)", where + ": " + change);
}

void signals_untouched(case_context &context) {
  context.require_opened();
  const signal_state &before = context.strategy().signals_before();
  expect_signals_kept(before, "after the library was opened");
  auto &made = context.make_instance(context.config(2));
  expect_signals_kept(before, "after init()");
  const auto tasks = context.tasks();
  made.start();
  expect_signals_kept(before, "after start()");
  on_worker_threads(2, [&](std::uint32_t worker) {
    const signal_state of_thread;
    for (std::uint64_t id = 0; id < some_tasks; ++id) {
      case_context::run_task(made, worker, *tasks, lent_task(*tasks, id));
    }
    expect_signals_kept(of_thread, "on a worker's thread, after tasks");
  });
  made.stop();
  expect_signals_kept(before, "after stop()");
  context.destroy(made);
  expect_signals_kept(before, "after destroy()");
}

// Whoever calls exit() ends the process of this case: fault_report.hpp, runner.cpp.
void exit_not_called(case_context &context) { context.live(context.config(2), some_tasks); }

void stdout_silent(case_context &context) {
  context.require_opened();
  output_trap trap;
  context.live(context.config(2), some_tasks);
  const std::string written = context.strategy().printed() + trap.take();
  if (written.empty()) return;
  fail("strategy.h (10)", "wrote to standard output, which is the host's: \"" +
                              strategy::one_line(strategy::valid_utf8(written)) +
                              "\"; expected the host's log (ext/log.h)");
}

void directory_and_environment_kept(case_context &context) {
  context.require_opened();
  const process_state &before = context.strategy().process_before();
  context.live(context.config(2), some_tasks);
  const std::string change = describe_change(before, read_process_state());
  if (!change.empty()) fail("strategy.h (10)", change + "; expected neither to change");
}

constexpr check_case cases[] = {
    {"signals-untouched", "replaces no handler and masks no signal on the host's threads",
     "strategy.h (8)", signals_untouched},
    {"exit-not-called", "does not end the process", "strategy.h (10)", exit_not_called},
    {"stdout-silent", "writes nothing to standard output", "strategy.h (10)", stdout_silent},
    {"directory-and-environment-kept", "leaves current folder, environment and umask as they are",
     "strategy.h (10)", directory_and_environment_kept},
};

}  // namespace

std::span<const check_case> process_state_cases() { return cases; }

}  // namespace taskworker::check
