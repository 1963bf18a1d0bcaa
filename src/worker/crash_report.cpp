// SPDX-License-Identifier: MIT
#include "worker/crash_report.hpp"

#include <execinfo.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "profiling/running_task.hpp"
#include "profiling/stack.hpp"

namespace taskworker::worker {
namespace {

constexpr std::array crash_signals = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

// Set once, before any signal can come; never freed, since a crash may come last of all.
const std::string *crash_strategy = nullptr;
const std::vector<std::string> *crash_operations = nullptr;

/// A line put together without allocating.
class safe_line {
 public:
  safe_line &operator<<(std::string_view text) noexcept {
    const std::size_t taken = std::min(text.size(), text_.size() - size_);
    std::memcpy(text_.data() + size_, text.data(), taken);
    size_ += taken;
    return *this;
  }
  safe_line &operator<<(std::uint64_t number) noexcept {
    std::array<char, 20> digits;
    std::size_t first = digits.size();
    do {
      digits[--first] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    return *this << std::string_view(digits.data() + first, digits.size() - first);
  }
  void write() const noexcept {
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text_.data(), size_);
  }

 private:
  std::array<char, 512> text_;
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
      return "a signal";
  }
}

void tell(int signal) noexcept {
  safe_line line;
  line << "taskworker: " << name_of(signal) << " with the strategy " << *crash_strategy;
  const profiling::task_mark mark = profiling::current_task_mark();
  if (mark.is_in_task()) {
    line << ", worker " << std::uint64_t{mark.worker} << ", task " << mark.task << " ("
         << crash_operations->at(mark.operation) << ")";
  } else {
    line << ", in no task";
  }
  line << "; the stack, innermost first:\n";
  line.write();
  std::array<void *, 64> frames;
  ::backtrace_symbols_fd(frames.data(), ::backtrace(frames.data(), frames.size()), STDERR_FILENO);
}

void on_crash(int signal) {
  profiling::resume_after_unwind_fault();
  // Only now, not on entry (SA_RESETHAND): a fault that the sampler survives leaves the
  // handler in place. From here on the signal is deadly, also a crash of what follows.
  ::signal(signal, SIG_DFL);
  tell(signal);
  ::raise(signal);
}

}  // namespace

void install_crash_report(std::string strategy, std::vector<std::string> operations) {
  crash_strategy = new std::string(std::move(strategy));
  crash_operations = new std::vector<std::string>(std::move(operations));
  // The first backtrace() loads libgcc: not in a handler.
  std::array<void *, 1> frame;
  ::backtrace(frame.data(), frame.size());
  struct sigaction action{};
  action.sa_handler = on_crash;
  action.sa_flags = SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  for (const int signal : crash_signals) ::sigaction(signal, &action, nullptr);
}

}  // namespace taskworker::worker
