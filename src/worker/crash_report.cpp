// SPDX-License-Identifier: MIT
#include "worker/crash_report.hpp"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "profiling/stack.hpp"
#include "worker/alternate_stack.hpp"
#include "worker/live_stack.hpp"

namespace taskworker::worker {
namespace {

constexpr std::array crash_signals = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

/// How far a report has come: the values of crash_report::progress_.
enum progress : std::uint32_t { waiting, wanted, stack_told, all_told, over };

/// A line put together without allocating.
class safe_line {
 public:
  safe_line &operator<<(std::string_view text) noexcept {
    const std::size_t taken = std::min(text.size(), text_.size() - size_);
    std::memcpy(text_.data() + size_, text.data(), taken);
    size_ += taken;
    return *this;
  }
  safe_line &operator<<(std::uint64_t number) noexcept { return add(number, 10); }
  safe_line &hexadecimal(std::uint64_t number) noexcept {
    *this << "0x";
    return add(number, 16);
  }
  void write() const noexcept {
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text_.data(), size_);
  }

 private:
  safe_line &add(std::uint64_t number, std::uint64_t base) noexcept {
    std::array<char, 20> digits;
    std::size_t first = digits.size();
    do {
      digits[--first] = "0123456789abcdef"[number % base];
      number /= base;
    } while (number != 0);
    return *this << std::string_view(digits.data() + first, digits.size() - first);
  }

  std::array<char, 1024> text_;
  std::size_t size_ = 0;
};

const char *name_of(int signal) noexcept {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGILL:
      return "SIGILL";
    case SIGFPE:
      return "SIGFPE";
    case SIGABRT:
      return "SIGABRT";
    default:
      return "exit()";
  }
}

// 0 where the architecture is not known here.
std::uintptr_t stack_pointer([[maybe_unused]] const void *context) noexcept {
#if defined(__x86_64__)
  const auto &registers = static_cast<const ucontext_t *>(context)->uc_mcontext.gregs;
  return static_cast<std::uintptr_t>(registers[REG_RSP]);
#elif defined(__aarch64__)
  return static_cast<const ucontext_t *>(context)->uc_mcontext.sp;
#else
  return 0;
#endif
}

/// The crash that the process dies of: what its handler has found.
struct kept_crash {
  int signal = 0;  ///< 0 = exit()
  bool has_address = false;
  bool is_overflow = false;
  std::uintptr_t address = 0;  ///< that could not be reached
  profiling::task_mark mark;
  std::array<char, 16> thread{};
  std::array<std::uintptr_t, 64> frames{};
  std::uint32_t depth = 0;
  bool is_cut = false;

  [[nodiscard]] std::span<const std::uintptr_t> stack() const noexcept {
    return std::span(frames).first(depth);
  }

  void keep_thread() noexcept {
    mark = profiling::current_task_mark();
    ::prctl(PR_GET_NAME, thread.data());
  }
  void keep(int number, const siginfo_t &info, const void *context) noexcept {
    // Code below its stack pointer that cannot be reached is the guard of its stack.
    constexpr std::uintptr_t largest_step = std::uintptr_t{64} << 10;
    signal = number;
    keep_thread();
    has_address = (number == SIGSEGV || number == SIGBUS) && info.si_code > 0;
    address = reinterpret_cast<std::uintptr_t>(info.si_addr);
    const std::uintptr_t top = stack_pointer(context);
    is_overflow = has_address && address < top + largest_step && top < address + largest_step;
    is_cut =
        profiling::read_interrupted_stack(context, frames, depth) == profiling::stack_reading::cut;
  }
  void keep_exit() noexcept {
    signal = 0;
    keep_thread();
    const profiling::stack caller = profiling::capture_stack(2);
    depth = caller.depth;
    std::copy_n(caller.frames.begin(), depth, frames.begin());
  }
};

constinit kept_crash kept;

// Set once, before any signal can come; never freed, since a crash may come last of all.
const std::string *given_name = nullptr;
constinit int exit_status = 0;

// The thread that tells of a crash, until the end, or that takes a crash_report away; 0 = none.
constinit signal_latch owner(0);
constinit std::atomic<crash_report *> standing_report{nullptr};

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

void tell_raw_stack() noexcept {
  for (const std::uintptr_t frame : kept.stack()) {
    // The call, which lies before the address that it returns to. Not dladdr(), which locks.
    const std::uintptr_t call = frame - 1;
    safe_line line;
    dl_find_object found{};
    if (::_dl_find_object(reinterpret_cast<void *>(call), &found) == 0) {  // NOLINT
      const char *name = found.dlfo_link_map->l_name;
      line << "  " << (*name != '\0' ? name : "taskworker") << "+";
      line.hexadecimal(call - found.dlfo_link_map->l_addr) << "\n";
    } else {
      (line << "  ").hexadecimal(call) << "\n";
    }
    line.write();
  }
}

}  // namespace

/// What the handlers do, on the thread that crashes.
class crash_teller {
 public:
  static void tell() noexcept {
    crash_report *const report = standing_report.load();
    tell_head(report);
    if (report == nullptr) {
      tell_raw_stack();
      return;
    }
    report->progress_.set(wanted);
    if (report->progress_.wait_while(wanted, crash_report::patience)) {
      (void)report->progress_.wait_while(stack_told, crash_report::patience_for_rest);
    } else {
      tell_raw_stack();
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
    if (report != nullptr && report->progress_.value() == wanted) tell_raw_stack();
  }

 private:
  static bool is_standing(std::uint32_t thread) noexcept {
    const crash_report *const report = standing_report.load();
    return report != nullptr && report->own_thread_.load() == thread;
  }

  static void tell_head(const crash_report *report) noexcept {
    safe_line line;
    line << "taskworker: " << name_of(kept.signal);
    if (kept.has_address) (line << " at ").hexadecimal(kept.address);
    if (kept.is_overflow) line << " (stack overflow)";
    line << " with the strategy " << (report != nullptr ? report->strategy_ : *given_name);
    if (kept.mark.is_in_task() && report != nullptr) {
      line << ", worker " << std::uint64_t{kept.mark.worker} << ", task " << kept.mark.task;
      if (kept.mark.operation < report->operations_.size()) {
        line << " (" << report->operations_[kept.mark.operation] << ")";
      }
    } else {
      line << ", in no task, on the thread " << kept.thread.data();
    }
    line << "; the stack, innermost first:\n";
    line.write();
  }
};

namespace {

void on_crash(int signal, siginfo_t *info, void *context) {
  // A fault that a reader of stacks survives is none.
  profiling::resume_after_unwind_fault();
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
  if (standing_report.load() == nullptr) return;
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
  std::string text = name_of(what.signal);
  if (!what.mark.is_in_task()) return text + " on the thread " + what.thread;
  return text + " in worker " + std::to_string(what.mark.worker) + ", task " +
         std::to_string(what.mark.task) + " (" + operations.at(what.mark.operation) + ")";
}

void install_crash_handlers(std::string given_strategy, int status_of_exit) {
  static const alternate_stack of_main_thread;
  given_name = new std::string(std::move(given_strategy));
  exit_status = status_of_exit;
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
                           profiling::symbols &names, std::function<void(const crash &)> tell_rest)
    : strategy_(std::move(strategy)),
      operations_(std::move(operations)),
      names_(names),
      tell_rest_(std::move(tell_rest)),
      progress_(waiting),
      thread_([this] { stand_ready(); }) {
  standing_report.store(this);
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
