// SPDX-License-Identifier: MIT
#include "worker/crash_report.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "profiling/stack.hpp"
#include "profiling/threads/alternate_stack.hpp"
#include "strategy/signal_name.hpp"
#include "worker/kept_crash.hpp"
#include "worker/live_stack.hpp"

namespace taskworker::worker {
namespace {

constexpr std::array crash_signals = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

/// How far a report has come: the values of crash_report::progress_.
enum progress : std::uint32_t { waiting, wanted, stack_told, all_told, over };

constinit kept_crash kept;

// Set once, before any signal can come; never freed, since a crash may come last of all.
const std::string *given_name = nullptr;
const std::vector<std::string> *no_operations = nullptr;
constinit int exit_status = 0;
constinit pid_t host_process = 0;

// The thread that tells of a crash, until the end, or that takes a crash_report away; 0 = none.
constinit signal_latch owner(0);
constinit std::atomic<crash_report *> standing_report{nullptr};
constinit std::atomic<bool> has_one_stood{false};

std::uint32_t this_thread() noexcept { return static_cast<std::uint32_t>(::gettid()); }

[[noreturn]] void die(int number) noexcept {
  if (number == 0) ::_exit(exit_status);
  ::signal(number, SIG_DFL);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, number);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::syscall(SYS_tgkill, ::getpid(), ::gettid(), number);
  ::_exit(128 + number);
}

}  // namespace

/// What the handlers do, on the thread that crashes.
class crash_teller {
 public:
  static void tell() noexcept {
    crash_report *const report = standing_report.load();
    if (report == nullptr) {
      kept.tell_head(*given_name, *no_operations);
    } else {
      kept.tell_head(report->strategy_, report->operations_);
    }
    if (report == nullptr) {
      kept.tell_raw_stack();
      if (!has_one_stood.load()) kept_crash::tell_counts({});  // there was no task yet
    } else if (is_standing(this_thread()) || !is_told_by(*report)) {
      tell_raw(*report);
    }
  }

  /// False where the calling thread is at telling already. Waits for ever while another is.
  static bool claim() noexcept {
    const std::uint32_t self = this_thread();
    while (!owner.change(0, self)) {
      const std::uint32_t other = owner.value();
      if (other == self || is_standing(self)) return false;
      if (other != 0) owner.wait_while(other);
    }
    return true;
  }

  /// Of a crash while one is told.
  static void tell_what_is_left() noexcept {
    const crash_report *const report = standing_report.load();
    if (report != nullptr && report->progress_.value() == wanted) tell_raw(*report);
  }

 private:
  static void tell_raw(const crash_report &report) noexcept {
    kept.tell_raw_stack();
    kept_crash::tell_counts(report.count_tasks_());
  }

  /// False when the stack was not told in time.
  static bool is_told_by(crash_report &report) noexcept {
    report.progress_.set(wanted);
    if (!report.progress_.wait_while(wanted, crash_report::patience)) return false;
    (void)report.progress_.wait_while(stack_told, crash_report::patience_for_rest);
    return true;
  }

  static bool is_standing(std::uint32_t thread) noexcept {
    const crash_report *const report = standing_report.load();
    return report != nullptr && report->own_thread_.load() == thread;
  }
};

namespace {

/// A child that a strategy has made by fork(): what befalls it is no matter of the run.
bool is_in_child() noexcept { return ::getpid() != host_process; }

void on_crash(int signal, siginfo_t *info, void *context) {
  // A fault that a reader of stacks survives is none.
  profiling::resume_after_unwind_fault();
  if (is_in_child()) die(signal);
  if (crash_teller::claim()) {
    kept.keep(signal, *info, context);
    crash_teller::tell();
  } else {
    crash_teller::tell_what_is_left();
  }
  die(kept.signal);
}

// A run ends by returning from main(), when no report stands ready any more.
void on_exit_called(int, void *) {
  if (standing_report.load() == nullptr || is_in_child()) return;
  if (crash_teller::claim()) {
    kept.keep_exit();
    crash_teller::tell();
  }
  die(kept.signal);
}

// Nothing else may come in between, but the faults of reading a stack.
sigset_t all_but_faults() noexcept {
  sigset_t signals;
  ::sigfillset(&signals);
  for (const int fault : crash_signals) ::sigdelset(&signals, fault);
  return signals;
}

}  // namespace

std::string describe(const crash &what, const std::vector<std::string> &operations) {
  std::string text =
      what.signal == 0 ? "exit()" : std::string(strategy::signal_name(what.signal).view());
  if (!what.mark.is_in_task()) return text + " on the thread " + what.thread;
  return text + " in worker " + std::to_string(what.mark.worker) + ", task " +
         std::to_string(what.mark.task) + " (" + operations.at(what.mark.operation) + ")";
}

void install_crash_handlers(std::string given_strategy, int status_of_exit) {
  static const profiling::alternate_stack of_main_thread;
  given_name = new std::string(std::move(given_strategy));
  no_operations = new std::vector<std::string>;
  exit_status = status_of_exit;
  host_process = ::getpid();
  (void)profiling::capture_stack();  // what its first use sets up must not be done in a handler
  struct sigaction action{};
  action.sa_sigaction = on_crash;
  // Not SA_RESETHAND: a fault that a reader of stacks survives leaves the handler in place.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  action.sa_mask = all_but_faults();
  for (const int signal : crash_signals) ::sigaction(signal, &action, nullptr);
  ::on_exit(on_exit_called, nullptr);
}

crash_report::crash_report(std::string strategy, std::vector<std::string> operations,
                           profiling::symbols &names,
                           std::function<metrics::task_counts()> count_tasks,
                           std::function<void(const crash &)> tell_rest)
    : strategy_(std::move(strategy)),
      operations_(std::move(operations)),
      names_(names),
      count_tasks_(std::move(count_tasks)),
      tell_rest_(std::move(tell_rest)),
      progress_(waiting),
      thread_([this] { stand_ready(); }) {
  standing_report.store(this);
  has_one_stood.store(true);
}

crash_report::~crash_report() {
  (void)crash_teller::claim();
  progress_.set(over);
  thread_.join();
  standing_report.store(nullptr);
  owner.set(0);
}

// An exception here is a crash of the standing thread.
void crash_report::stand_ready() {
  ::pthread_setname_np(::pthread_self(), "tw-crash");
  own_thread_.store(this_thread());
  progress_.wait_while(waiting);
  if (progress_.value() == over) return;
  tell_stack();
  progress_.set(stack_told);
  tell_rest_({kept.signal, kept.mark, kept.thread.data()});
  progress_.set(all_told);
}

void crash_report::tell_stack() {
  std::string text;
  for (const std::string &line : describe_stack(kept.stack(), names_)) text += "  " + line + "\n";
  if (kept.is_cut) text += "  and so on\n";
  // In one piece, so that no message of another thread comes in between.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace taskworker::worker
