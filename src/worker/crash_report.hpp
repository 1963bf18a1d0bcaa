// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "metrics/worker_figures.hpp"
#include "profiling/running_task.hpp"
#include "profiling/symbols/symbols.hpp"
#include "worker/signal_latch.hpp"

namespace taskworker::worker {

/// What ends the process against its will.
struct crash {
  int signal = 0;             ///< 0 = the strategy has called exit()
  profiling::task_mark mark;  ///< of the thread that it came to
  std::string thread;         ///< its name
};

/// "SIGSEGV in worker 0, task 3 (filter)", "exit() on the thread tw-jobs".
[[nodiscard]] std::string describe(const crash &what, const std::vector<std::string> &operations);

/// From now on a crash (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT) prints one line that names the
/// signal and the strategy as it was given, and the stack as module+offset, on standard error; then
/// the process dies by the same signal. Async-signal-safe calls only. Gives the calling thread an
/// alternate stack. `status_of_exit`: see crash_report. To be called once, before anything of the
/// strategy runs.
void install_crash_handlers(std::string given_strategy, int status_of_exit);

/// While it lives, a crash is told in full: worker, task and operation or else the thread, the
/// stack with functions and lines, and then what `tell_rest` has to tell. The handler keeps the
/// stack of the thread that crashes, on its alternate stack if there is one, and waits for a
/// thread that stands ready ("tw-crash"). After `patience` without names it prints what it has,
/// as install_crash_handlers() has it, and the counts of tasks. With names, the rest has
/// `patience_for_rest`.
///
/// A crash of another thread meanwhile waits for that death; one of the standing thread ends it
/// at once. A strategy that calls exit() is told of in the same way, and the process ends with
/// `status_of_exit`.
///
/// One at a time. REQUIRES: install_crash_handlers() was called.
class crash_report {
 public:
  static constexpr std::chrono::seconds patience{2};
  static constexpr std::chrono::seconds patience_for_rest{5};

  /// `names` must outlive it. `tell_rest` is called on the standing thread, at most once.
  /// `count_tasks` is called where that thread cannot: it is async-signal-safe.
  crash_report(std::string strategy, std::vector<std::string> operations, profiling::symbols &names,
               std::function<metrics::task_counts()> count_tasks,
               std::function<void(const crash &)> tell_rest);

  /// Does not return while a crash is being told.
  ~crash_report();
  crash_report(const crash_report &) = delete;
  crash_report &operator=(const crash_report &) = delete;

 private:
  friend class crash_teller;
  void stand_ready();
  void tell_stack();

  const std::string strategy_;
  const std::vector<std::string> operations_;
  profiling::symbols &names_;
  const std::function<metrics::task_counts()> count_tasks_;
  const std::function<void(const crash &)> tell_rest_;
  signal_latch progress_;
  std::atomic<std::uint32_t> own_thread_{0};
  std::thread thread_;
};

}  // namespace taskworker::worker
