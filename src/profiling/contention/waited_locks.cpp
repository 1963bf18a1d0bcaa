// SPDX-License-Identifier: MIT
#include "profiling/contention/waited_locks.hpp"

#include <sched.h>

#include <algorithm>
#include <utility>

namespace taskworker::profiling {
namespace {

// Looks at a flag before its holder is taken to be off the processor.
constexpr int patience = 100;

void pause_briefly() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Under the place's flag, so that no other thread writes; others read.
void grow(std::atomic<std::uint64_t> &sum, std::uint64_t by) noexcept {
  sum.store(sum.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

}  // namespace

// Holds the flag of a place, where it got it.
class waited_locks::visit {
 public:
  static visit attempt(place &visited) noexcept { return {visited, try_enter(visited)}; }

  static visit insist(place &visited) noexcept {
    while (!try_enter(visited)) sched_yield();
    return {visited, true};
  }

  ~visit() {
    if (has_entered_) place_.is_busy.store(false, std::memory_order_release);
  }
  visit(const visit &) = delete;
  visit &operator=(const visit &) = delete;

  explicit operator bool() const noexcept { return has_entered_; }

  // Adds up the waiting until now. Returns the time that counts as now: clocks are read
  // before the flag is taken, so another thread's later time may be here already.
  std::uint64_t advance(std::uint64_t now_ns) noexcept {
    const std::uint64_t now = std::max(now_ns, place_.changed_ns);
    place_.waited_ns += place_.waiters * (now - place_.changed_ns);
    return place_.changed_ns = now;
  }

  // Makes the place the lock's; false when another lock has it.
  bool claim(const void *lock) noexcept {
    const void *const held_by = place_.lock.load(std::memory_order_relaxed);
    if (held_by == lock) return true;
    if (place_.waiters != 0) return false;
    // Waited for by threads that gave up, and no release was seen since.
    hand_over(std::exchange(place_.waited_ns, 0), 0);
    place_.lock.store(lock, std::memory_order_relaxed);
    return true;
  }

  void hand_over(std::uint64_t took_ns, std::uint64_t count) noexcept {
    grow(place_.handovers, count);
    grow(place_.handover_ns, took_ns);
  }

  void free_if_unused() noexcept {
    if (place_.waiters == 0 && place_.waited_ns == 0) {
      place_.lock.store(nullptr, std::memory_order_relaxed);
    }
  }

 private:
  visit(place &visited, bool has_entered) noexcept : place_(visited), has_entered_(has_entered) {}

  static bool try_enter(place &visited) noexcept {
    for (int look = 0; look < patience; ++look) {
      if (!visited.is_busy.load(std::memory_order_relaxed) &&
          !visited.is_busy.exchange(true, std::memory_order_acquire)) {
        return true;
      }
      pause_briefly();
    }
    return false;
  }

  place &place_;
  const bool has_entered_;
};

waited_locks::wait waited_locks::begin(const void *lock, std::uint64_t now_ns) noexcept {
  place &entered = place_of(lock);
  if (visit here = visit::attempt(entered); here && here.claim(lock)) {
    const std::uint64_t now = here.advance(now_ns);
    ++entered.waiters;
    return {&entered, now};
  }
  unfollowed_.fetch_add(1, std::memory_order_relaxed);
  return {nullptr, now_ns};
}

std::uint64_t waited_locks::end(const wait &ended, std::uint64_t now_ns, bool has_lock) noexcept {
  if (ended.where == nullptr) return now_ns - ended.since_ns;
  place &entered = *ended.where;
  // Nothing else will do: a waiter that stayed in the place would be charged for ever.
  visit here = visit::insist(entered);
  const std::uint64_t now = here.advance(now_ns);
  --entered.waiters;
  if (has_lock) {
    const std::uint64_t own = now - std::max(ended.since_ns, entered.released_ns);
    entered.waited_ns -= own;
    here.hand_over(own, 1);
  }
  here.free_if_unused();
  return now - ended.since_ns;
}

std::uint64_t waited_locks::release(const void *lock, std::uint64_t now_ns) noexcept {
  place &entered = place_of(lock);
  visit here = visit::attempt(entered);
  // A release that was not told counts as part of the handing over, or of the next one.
  if (!here || entered.lock.load(std::memory_order_relaxed) != lock) return 0;
  entered.released_ns = here.advance(now_ns);
  const std::uint64_t waited = std::exchange(entered.waited_ns, 0);
  here.free_if_unused();
  return waited;
}

waited_locks::totals waited_locks::read_totals() const noexcept {
  totals sum;
  sum.unfollowed = unfollowed_.load(std::memory_order_relaxed);
  for (const place &each : places_) {
    sum.handovers += each.handovers.load(std::memory_order_relaxed);
    sum.handover_ns += each.handover_ns.load(std::memory_order_relaxed);
  }
  return sum;
}

void waited_locks::forget_waits() noexcept {
  for (place &each : places_) {
    if (each.lock.load(std::memory_order_relaxed) == nullptr && !each.is_busy) continue;
    each.lock.store(nullptr, std::memory_order_relaxed);
    each.waiters = 0;
    each.waited_ns = 0;
    each.is_busy.store(false, std::memory_order_relaxed);
  }
}

}  // namespace taskworker::profiling
