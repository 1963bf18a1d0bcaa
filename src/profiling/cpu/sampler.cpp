// SPDX-License-Identifier: MIT
#include "profiling/cpu/sampler.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "profiling/cpu/sample_ring.hpp"
#include "profiling/cpu/thread_timers.hpp"
#include "profiling/stack.hpp"

namespace taskworker::profiling {
namespace {

constinit sample_ring ring;

struct counters {
  std::atomic<std::uint64_t> samples{0};
  std::atomic<std::uint64_t> lost_ticks{0};
  std::atomic<std::uint64_t> overruns{0};
  std::atomic<std::uint64_t> faults{0};
  std::atomic<std::uint64_t> handler_ns{0};
};
constinit counters counted;

void add(std::atomic<std::uint64_t> &counter, std::uint64_t amount) noexcept {
  counter.fetch_add(amount, std::memory_order_relaxed);
}

std::uint64_t read_clock(clockid_t clock) noexcept {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

void read_stack(const void *context, stack_sample &sample) noexcept {
  const stack_reading how = read_interrupted_stack(context, sample.frames, sample.depth);
  sample.is_cut = how == stack_reading::cut;
  sample.is_broken = how == stack_reading::lost || how == stack_reading::faulted;
  if (how == stack_reading::faulted) add(counted.faults, 1);
}

void read_end_of_thread(stack_sample &sample) noexcept {
  const stack here = capture_stack(1);
  sample.depth = here.depth;
  std::copy_n(here.frames.begin(), here.depth, sample.frames.begin());
  sample.is_late = true;
}

template <typename F>
void keep_sample(std::uint32_t ticks, F read) noexcept {
  const std::uint64_t period = thread_timers::period();
  if (period == 0) return;  // of a timer that was just stopped
  sample_ring::entry *const kept = ring.claim();
  if (kept == nullptr) return add(counted.lost_ticks, ticks);
  stack_sample &sample = kept->sample();
  sample.taken_ns = read_clock(CLOCK_MONOTONIC);
  sample.period_ns = period;
  sample.ticks = ticks;
  sample.tid = ::gettid();
  sample.mark = current_task_mark();
  ::prctl(PR_GET_NAME, sample.name.data());
  read(sample);
  ring.publish(*kept);
  add(counted.samples, 1);
}

void on_tick(int, siginfo_t *signal, void *context) {
  if (!thread_timers::has_sent(*signal)) return;
  const int error = errno;
  const std::uint64_t began_ns = read_clock(CLOCK_THREAD_CPUTIME_ID);
  const auto late = static_cast<std::uint32_t>(std::max(signal->si_overrun, 0));
  thread_timers::count_ticks(1 + late);
  keep_sample(1 + late, [context](stack_sample &sample) { read_stack(context, sample); });
  add(counted.overruns, late);
  add(counted.handler_ns, read_clock(CLOCK_THREAD_CPUTIME_ID) - began_ns);
  errno = error;
}

bool install_handler() {
  (void)capture_stack();  // the unwinder's first time prepares its tables
  struct sigaction action{};
  action.sa_sigaction = on_tick;
  action.sa_flags = static_cast<int>(SA_SIGINFO | SA_RESTART | SA_ONSTACK);
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGPROF, &action, nullptr);  // fails for no signal that there is
  return true;
}

}  // namespace

void set_sampling_period(std::uint64_t period_ns) {
  [[maybe_unused]] static const bool is_installed = install_handler();
  thread_timers::set_period(period_ns);
}

void scan_threads() { thread_timers::scan(); }

void drain_samples(const std::function<void(const stack_sample &)> &take) { ring.take(take); }

sampler_figures read_sampler_figures() noexcept {
  const auto timers = thread_timers::read();
  return {counted.samples.load(), counted.lost_ticks.load(), counted.overruns.load(),
          counted.faults.load(),  counted.handler_ns.load(), timers.with_timer,
          timers.without_timer};
}

void sampler_thread_began() noexcept { thread_timers::begin_thread(); }

void sampler_thread_ends() noexcept {
  const std::uint32_t missed = thread_timers::end_thread();
  if (missed == 0) return;
  add(counted.overruns, missed);
  keep_sample(missed, read_end_of_thread);
}

}  // namespace taskworker::profiling
