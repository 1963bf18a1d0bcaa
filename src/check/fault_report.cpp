// SPDX-License-Identifier: MIT
#include "check/fault_report.hpp"

#include <csignal>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "check/call.hpp"
#include "check/guarded_memory.hpp"
#include "check/result_page.hpp"
#include "strategy/signal_name.hpp"

namespace taskworker::check {
namespace {

// A child that the strategy forks has these handlers and shares the page, but is not the host.
constinit std::atomic<pid_t> host_process{0};
constinit std::atomic<bool> is_page_ours{true};
constinit std::atomic<bool> is_told_on_stderr{false};

/// A text put together without allocating.
class fixed_text {
 public:
  fixed_text &operator<<(std::string_view text) noexcept {
    const std::size_t taken = std::min(text.size(), text_.size() - size_);
    std::memcpy(text_.data() + size_, text.data(), taken);
    size_ += taken;
    return *this;
  }
  [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 512> text_;
  std::size_t size_ = 0;
};

bool is_host() noexcept { return ::getpid() == host_process; }

std::string_view caller() noexcept {
  const call inside = current_call();
  return inside != call::none ? name_of(inside) : "a thread or job of the strategy's own";
}

void conclude(outcome what, std::string_view rule, const fixed_text &detail) noexcept {
  if (!current_page().conclude(what, rule, detail.view()) || !is_told_on_stderr) return;
  fixed_text line;
  line << "taskworker: " << detail.view() << "\n";
  [[maybe_unused]] const ssize_t written =
      ::write(STDERR_FILENO, line.view().data(), line.view().size());
}

void conclude_fault(int number, const siginfo_t *info) noexcept {
  fixed_text detail;
  const bool has_address = number == SIGSEGV || number == SIGBUS;
  const touched_memory touched = has_address ? find_touched(info->si_addr) : touched_memory{};
  if (touched.thing != nullptr) {
    detail << caller() << " " << touched.way << " " << touched.thing->name;
    conclude(outcome::failed, touched.thing->rule, detail);
  } else {
    detail << strategy::signal_name(number).view() << " in " << caller();
    conclude(outcome::crashed, place_of(current_call()), detail);
  }
}

void on_fault(int number, siginfo_t *info, void *) {
  if (is_host()) conclude_fault(number, info);
  std::signal(number, SIG_DFL);
  std::raise(number);  // comes once this handler returns
}

void on_exit() {
  if (!is_page_ours || !is_host()) return;
  fixed_text detail;
  detail << "exit() was called in " << caller() << "; the process belongs to the host";
  conclude(outcome::failed, "strategy.h (10)", detail);
}

}  // namespace

void report_faults(bool is_told) {
  host_process = ::getpid();
  is_told_on_stderr = is_told;
  struct sigaction action{};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) {
    ::sigaction(number, &action, nullptr);
  }
  static_cast<void>(std::atexit(on_exit));
}

void leave_page_alone() noexcept { is_page_ours = false; }

}  // namespace taskworker::check
