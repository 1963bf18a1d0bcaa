// SPDX-License-Identifier: MIT
#include "profiling/cpu/thread_timers.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <unordered_set>

// The C library's name for it is younger than what is supported here.
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

namespace taskworker::profiling::thread_timers {
namespace {

using namespace std::chrono_literals;

// Plain integers, reached through std::atomic_ref: see threads.cpp, whose number this is.
struct slot {
  pid_t owner;  // 0 = free, tid = its timer runs, -tid = the timer is being made or deleted
  timer_t timer;
  std::uint64_t due_ns;  // CPU time of the thread at which the next signal is due
};
constexpr std::uint32_t capacity = 32'768;
constinit std::array<slot, capacity> slots{};
constinit std::atomic<std::uint32_t> touched{0};  // slots below this were used at least once
constinit thread_local slot *own_slot = nullptr;

constinit std::atomic<std::uint64_t> current_period{0};
constinit std::atomic<std::uint64_t> with_timer{0};
constinit std::atomic<std::uint64_t> without_timer{0};

// Their addresses come back with the signals.
constinit char sent_by_own_timer = 0;
constinit char sent_by_scanned_timer = 0;

std::atomic_ref<pid_t> owner_of(slot &each) noexcept { return std::atomic_ref(each.owner); }

timer_t timer_of(slot &each) noexcept {
  return std::atomic_ref(each.timer).load(std::memory_order_relaxed);
}

timespec to_timespec(std::uint64_t ns) noexcept {
  return {static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
}

// SplitMix64: its numbers need no seed to be spread evenly.
std::uint64_t next_random() noexcept {
  static constinit std::atomic<std::uint64_t> state{0};
  constexpr std::uint64_t step = 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state.fetch_add(step, std::memory_order_relaxed) + step;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

std::uint64_t random_delay(std::uint64_t period_ns) noexcept {
  return 1 + next_random() % period_ns;
}

// How Linux numbers the CPU clocks of threads: the tid's complement, "of a thread" (4) and
// "as the scheduler counts" (2).
clockid_t cpu_clock_of(pid_t tid) noexcept {
  return static_cast<clockid_t>((~static_cast<unsigned>(tid) << 3) | 6U);
}

std::uint64_t read_clock(clockid_t clock) noexcept {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

void arm(timer_t timer, std::uint64_t period_ns) noexcept {
  itimerspec when{};
  when.it_interval = to_timespec(period_ns);
  if (period_ns != 0) when.it_value = to_timespec(random_delay(period_ns));
  ::timer_settime(timer, 0, &when, nullptr);
}

// The same, and notes when the first signal is due. One that is on its way meanwhile may
// shift that by a period.
void arm(slot &owned, pid_t tid, std::uint64_t period_ns) noexcept {
  itimerspec when{};
  when.it_interval = to_timespec(period_ns);
  if (period_ns != 0) {
    const std::uint64_t due_ns = read_clock(cpu_clock_of(tid)) + random_delay(period_ns);
    std::atomic_ref(owned.due_ns).store(due_ns);
    when.it_value = to_timespec(due_ns);
  }
  ::timer_settime(timer_of(owned), TIMER_ABSTIME, &when, nullptr);
}

// Null when the system refuses: errno tells why.
std::optional<timer_t> make_timer(pid_t tid, char &sender) noexcept {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGPROF;
  event.sigev_notify_thread_id = tid;
  event.sigev_value.sival_ptr = &sender;
  timer_t made{};
  if (::timer_create(cpu_clock_of(tid), &event, &made) != 0) return std::nullopt;
  return made;
}

// The first that is free, so that the used ones lie together.
slot *claim_slot(pid_t tid) noexcept {
  for (std::uint32_t i = 0; i < capacity; ++i) {
    pid_t owner = owner_of(slots[i]).load(std::memory_order_relaxed);
    if (owner != 0) continue;
    // Marked before the slot has an owner: who looks for owners looks far enough.
    std::uint32_t end = touched.load();
    while (end <= i && !touched.compare_exchange_weak(end, i + 1)) continue;
    if (owner_of(slots[i]).compare_exchange_strong(owner, -tid)) return &slots[i];
  }
  return nullptr;
}

template <typename F>
void for_each_slot(F visit) {
  const std::uint32_t end = touched.load();
  for (std::uint32_t i = 0; i < end; ++i) {
    const pid_t owner = owner_of(slots[i]).load();
    if (owner != 0) visit(slots[i], owner);
  }
}

// Those of scan(). Never destroyed: a thread may still run when the process exits.
std::map<pid_t, timer_t> &scanned_timers() {
  static auto &timers = *new std::map<pid_t, timer_t>;
  return timers;
}

std::unordered_set<pid_t> list_threads() {
  std::unordered_set<pid_t> tids;
  std::error_code failed;
  const std::filesystem::directory_iterator entries("/proc/self/task", failed);
  for (auto entry = begin(entries); !failed && entry != end(entries); entry.increment(failed)) {
    const std::string name = entry->path().filename();
    pid_t tid = 0;
    std::from_chars(name.data(), name.data() + name.size(), tid);
    tids.insert(tid);
  }
  return tids;
}

std::unordered_set<pid_t> list_owners() {
  std::unordered_set<pid_t> tids;
  for_each_slot([&tids](slot &, pid_t owner) { tids.insert(std::abs(owner)); });
  return tids;
}

// As Linux tells it: a timer that runs has time left, a timer of a dead thread has none. So a
// thread that has got the number of a dead one is told from it.
bool is_dead(timer_t timer) noexcept {
  itimerspec timing{};
  return ::timer_gettime(timer, &timing) != 0 ||
         (timing.it_value.tv_sec == 0 && timing.it_value.tv_nsec == 0);
}

void drop_scanned(const std::unordered_set<pid_t> &owners) {
  std::erase_if(scanned_timers(), [&owners](const auto &each) {
    const auto &[tid, timer] = each;
    const bool is_needed = period() != 0 && !owners.contains(tid) && !is_dead(timer);
    if (!is_needed) ::timer_delete(timer);
    return !is_needed;
  });
}

// `owned` were owners before the threads were listed. One that is not in the list may have
// ended without a word, by the exit system call itself, or the list has left it out, as it
// may when other threads end.
std::size_t drop_forgotten(const std::unordered_set<pid_t> &owned,
                           const std::unordered_set<pid_t> &running) {
  std::size_t dropped = 0;
  for_each_slot([&](slot &each, pid_t owner) {
    if (owner < 0 || !owned.contains(owner) || running.contains(owner)) return;
    if (period() == 0 || !is_dead(timer_of(each))) return;
    if (!owner_of(each).compare_exchange_strong(owner, -owner)) return;
    ::timer_delete(timer_of(each));
    owner_of(each).store(0);
    ++dropped;
  });
  return dropped;
}

// How many the system had no timer for. It is not asked again after the first refusal.
std::uint64_t add_scanned(const std::unordered_set<pid_t> &running,
                          const std::unordered_set<pid_t> &owners) {
  auto &timers = scanned_timers();
  std::uint64_t refused = 0;
  for (const pid_t tid : running) {
    if (owners.contains(tid) || timers.contains(tid)) continue;
    const auto made = refused == 0 ? make_timer(tid, sent_by_scanned_timer) : std::nullopt;
    if (made) {
      arm(*made, period());
      timers.emplace(tid, *made);
    } else if (refused != 0 || errno == EAGAIN) {
      ++refused;
    }
  }
  return refused;
}

}  // namespace

std::uint64_t period() noexcept { return current_period.load(); }

void set_period(std::uint64_t period_ns) {
  current_period.store(period_ns);
  // A slot that changes hands meanwhile has a timer that is gone, and Linux gives the
  // number of a timer again only after two thousand million others.
  for_each_slot([period_ns](slot &each, pid_t owner) {
    if (owner > 0) arm(each, owner, period_ns);
  });
  for (const auto &[tid, timer] : scanned_timers()) arm(timer, period_ns);
}

void scan() {
  const auto owned = list_owners();
  const auto running = list_threads();
  const auto owners = list_owners();
  drop_scanned(owners);
  const std::size_t own = owners.size() - drop_forgotten(owned, running);
  without_timer = period() != 0 ? add_scanned(running, owners) : 0;
  with_timer = period() != 0 ? own + scanned_timers().size() : 0;
}

figures read() noexcept { return {with_timer.load(), without_timer.load()}; }

void begin_thread() noexcept {
  std::uint64_t armed_with = period();
  if (armed_with == 0) return;
  const pid_t tid = ::gettid();
  slot *const own = claim_slot(tid);
  if (own == nullptr) return;
  const auto made = make_timer(tid, sent_by_own_timer);
  if (!made) {
    owner_of(*own).store(0);
    return;
  }
  std::atomic_ref(own->timer).store(*made, std::memory_order_relaxed);
  own_slot = own;
  arm(*own, tid, armed_with);
  owner_of(*own).store(tid);
  // set_period() may have passed before this slot had its owner.
  while (period() != armed_with) {
    armed_with = period();
    arm(*own, tid, armed_with);
  }
}

void count_ticks(std::uint32_t ticks) noexcept {
  if (own_slot != nullptr) std::atomic_ref(own_slot->due_ns).fetch_add(ticks * period());
}

std::uint32_t end_thread() noexcept {
  slot *const own = own_slot;
  if (own == nullptr) return 0;
  owner_of(*own).store(-::gettid());
  ::timer_delete(timer_of(*own));
  // A signal that was under way has come with the return of that call, or never will.
  own_slot = nullptr;
  const std::uint64_t due_ns = std::atomic_ref(own->due_ns).load();
  owner_of(*own).store(0);
  const std::uint64_t period_ns = period();
  const std::uint64_t now_ns = read_clock(CLOCK_THREAD_CPUTIME_ID);
  if (period_ns == 0 || now_ns < due_ns) return 0;
  return static_cast<std::uint32_t>(1 + (now_ns - due_ns) / period_ns);
}

bool has_sent(const siginfo_t &signal) noexcept {
  if (signal.si_code != SI_TIMER) return false;
  if (signal.si_value.sival_ptr == &sent_by_own_timer) return true;
  // A scan may see a thread before the thread has made its own timer: until the next scan
  // it has two then, of which one counts.
  return signal.si_value.sival_ptr == &sent_by_scanned_timer && own_slot == nullptr;
}

}  // namespace taskworker::profiling::thread_timers
