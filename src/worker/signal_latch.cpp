// SPDX-License-Identifier: MIT
#include "worker/signal_latch.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <ctime>

namespace taskworker::worker {
namespace {

using clock = std::chrono::steady_clock;

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t) &&
              std::atomic<std::uint32_t>::is_always_lock_free);

timespec timespec_of(std::chrono::nanoseconds time) noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  return {static_cast<std::time_t>(seconds.count()), static_cast<long>((time - seconds).count())};
}

}  // namespace

void signal_latch::set(std::uint32_t value) noexcept {
  value_.store(value, std::memory_order_release);
  wake();
}

bool signal_latch::change(std::uint32_t expected, std::uint32_t value) noexcept {
  if (!value_.compare_exchange_strong(expected, value, std::memory_order_acq_rel)) return false;
  wake();
  return true;
}

void signal_latch::wait_while(std::uint32_t value) const noexcept {
  while (this->value() == value) {
    ::syscall(SYS_futex, &value_, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
  }
}

bool signal_latch::wait_while(std::uint32_t value, std::chrono::nanoseconds limit) const noexcept {
  const auto deadline = clock::now() + limit;
  while (this->value() == value) {
    const auto left = deadline - clock::now();
    if (left <= clock::duration::zero()) return false;
    const timespec timeout = timespec_of(left);
    ::syscall(SYS_futex, &value_, FUTEX_WAIT_PRIVATE, value, &timeout, nullptr, 0);
  }
  return true;
}

void signal_latch::wake() const noexcept {
  ::syscall(SYS_futex, &value_, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace taskworker::worker
