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

namespace taskworker::worker {
namespace {

constexpr std::array crash_signals = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

// Set once, before any signal can come; never freed, since a crash may come last of all.
const std::string *crash_strategy = nullptr;
const std::vector<std::string> *crash_operations = nullptr;

thread_local std::uint32_t crash_worker = 0;
thread_local const running_task_slot *crash_slot = nullptr;

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
  const std::uint64_t id_plus_one = crash_slot != nullptr ? crash_slot->id_plus_one() : 0;
  if (id_plus_one == 0) {
    line << ", in no task";
  } else {
    line << ", worker " << std::uint64_t{crash_worker} << ", task " << id_plus_one - 1 << " ("
         << crash_operations->at(crash_slot->operation()) << ")";
  }
  line << "; the stack, innermost first:\n";
  line.write();
  std::array<void *, 64> frames;
  ::backtrace_symbols_fd(frames.data(), ::backtrace(frames.data(), frames.size()), STDERR_FILENO);
}

void on_crash(int signal) {
  tell(signal);
  // The handler was reset on entry (SA_RESETHAND): this is the signal's own death.
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
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK);
  ::sigemptyset(&action.sa_mask);
  for (const int signal : crash_signals) ::sigaction(signal, &action, nullptr);
}

void set_crash_worker(std::uint32_t worker, const running_task_slot &slot) noexcept {
  crash_worker = worker;
  crash_slot = &slot;
}

}  // namespace taskworker::worker
