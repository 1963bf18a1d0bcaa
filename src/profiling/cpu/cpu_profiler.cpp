// SPDX-License-Identifier: MIT
#include "profiling/cpu/cpu_profiler.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "profiling/cpu/sample_history.hpp"
#include "profiling/cpu/sample_line.hpp"
#include "profiling/cpu/sample_window.hpp"
#include "profiling/cpu/sampler.hpp"
#include "profiling/cpu/sampling_cost.hpp"
#include "profiling/cpu/thread_roots.hpp"
#include "profiling/threads/threads.hpp"

namespace taskworker::profiling {
namespace {

using namespace std::chrono_literals;

constexpr auto drain_interval = 50ms;

// Threads that start by our pthread_create have their timer at once: a scan is for those of
// the C library and the allocator only. It takes some microseconds a thread.
std::chrono::milliseconds scan_interval() { return threads_are_recorded() ? 1s : 250ms; }

std::uint64_t read_clock(clockid_t clock) noexcept {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

std::uint64_t monotonic_ns() noexcept { return read_clock(CLOCK_MONOTONIC); }

}  // namespace

class cpu_profiler::window::state {
 public:
  state(engine &by, unsigned hz, std::uint64_t seed) : owner(by), samples(hz, seed) {}

  engine &owner;
  sample_window samples;
  sampling_cost cost_before;
};

class cpu_profiler::engine {
 public:
  engine(sample_labels labels, settings how);
  ~engine();
  engine(const engine &) = delete;
  engine &operator=(const engine &) = delete;

  std::unique_ptr<window::state> open(unsigned hz);
  void close(window::state &closed);
  profile finish(window::state &finished);
  profile last(std::chrono::nanoseconds time);

  std::uint64_t own_cpu_ns() const noexcept { return read_clock(own_clock_); }
  std::uint64_t failed_unwinds() const noexcept { return failed_unwinds_; }

 private:
  void run();
  void wait_for_work(std::unique_lock<std::mutex> &lock);
  void serve();
  void set_rate();
  void drain();
  void take_lost_ticks();
  void take_over(const stack_sample &sample);
  void fill_line(const stack_sample &sample);
  void offer(const line_time &time);
  void synchronize(std::unique_lock<std::mutex> &lock);
  sampling_cost cost() const { return {read_sampler_figures(), failed_unwinds_, own_cpu_ns()}; }

  const sample_labels labels_;
  const thread_roots roots_;
  clockid_t own_clock_{};
  std::atomic<std::uint64_t> failed_unwinds_{0};

  // The thread's own.
  std::uint64_t period_ns_ = 0;
  std::uint64_t lost_ticks_seen_ = 0;
  std::chrono::steady_clock::time_point next_scan_;
  sample_line line_;  ///< of the sample at hand; its memory is used again

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable has_work_;
  std::condition_variable was_served_;
  bool stops_ = false;
  std::uint64_t asked_ = 0;
  std::uint64_t served_ = 0;
  std::mt19937_64 seeds_{std::random_device()()};
  std::vector<window::state *> windows_;
  std::optional<sample_history> history_;

  std::thread thread_;
};

cpu_profiler::engine::engine(sample_labels labels, settings how) : labels_(std::move(labels)) {
  if (how.keeps_history) {
    const auto length = std::chrono::nanoseconds(history_length).count();
    history_.emplace(history_hz, static_cast<std::uint64_t>(length), monotonic_ns(), seeds_());
  }
  thread_ = std::thread([this] { run(); });
  ::pthread_getcpuclockid(thread_.native_handle(), &own_clock_);
  std::unique_lock lock(mutex_);
  synchronize(lock);
}

cpu_profiler::engine::~engine() {
  {
    const std::scoped_lock lock(mutex_);
    stops_ = true;
  }
  has_work_.notify_one();
  thread_.join();
}

void cpu_profiler::engine::run() {
  ::pthread_setname_np(::pthread_self(), "tw-profiler");
  lost_ticks_seen_ = read_sampler_figures().lost_ticks;
  std::unique_lock lock(mutex_);
  while (!stops_) {
    const std::uint64_t asked = asked_;
    serve();
    served_ = asked;
    was_served_.notify_all();
    wait_for_work(lock);
  }
  set_sampling_period(0);
  scan_threads();
}

void cpu_profiler::engine::wait_for_work(std::unique_lock<std::mutex> &lock) {
  const auto is_asked = [this] { return stops_ || asked_ != served_; };
  if (period_ns_ != 0) {
    has_work_.wait_for(lock, drain_interval, is_asked);
  } else {
    has_work_.wait(lock, is_asked);
  }
}

// One turn of the thread, after which all that readers asked for is done.
void cpu_profiler::engine::serve() {
  drain();
  set_rate();
  const auto now = std::chrono::steady_clock::now();
  if (now < next_scan_) return;
  scan_threads();
  next_scan_ = now + scan_interval();
}

void cpu_profiler::engine::set_rate() {
  unsigned hz = history_ ? history_hz : 0;
  for (const auto *each : windows_) hz = std::max(hz, each->samples.hz());
  const std::uint64_t wanted = hz != 0 ? period_of(hz) : 0;
  if (wanted == period_ns_) return;
  set_sampling_period(wanted);
  period_ns_ = wanted;
  next_scan_ = {};
}

void cpu_profiler::engine::drain() {
  drain_samples([this](const stack_sample &sample) { take_over(sample); });
  take_lost_ticks();
}

void cpu_profiler::engine::take_lost_ticks() {
  const std::uint64_t lost = read_sampler_figures().lost_ticks;
  const std::uint64_t ticks = lost - std::exchange(lost_ticks_seen_, lost);
  if (ticks == 0) return;
  const sample_line line = line_of(synthetic_frame::lost_samples);
  offer({.line = line, .taken_ns = monotonic_ns(), .cpu_ns = ticks * period_ns_});
}

void cpu_profiler::engine::fill_line(const stack_sample &sample) {
  const auto frames = sample.addresses();
  line_.frames.assign(frames.begin(), frames.end());
  line_.thread = sample.name;
  line_.worker = sample.mark.worker;
  line_.operation = sample.mark.operation;
  if (sample.is_cut) {
    line_.frames.push_back(address_of(synthetic_frame::stack_cut));
  } else if (sample.is_broken || frames.empty() || !roots_.holds(frames.back())) {
    line_.frames.push_back(address_of(synthetic_frame::unwind_failed));
    ++failed_unwinds_;
  }
}

// The stack belongs to the first tick. Where the others were due, nobody looked.
void cpu_profiler::engine::take_over(const stack_sample &sample) {
  fill_line(sample);
  const std::uint32_t seen_ticks = sample.is_late ? 0 : 1;
  line_time time{line_, sample.tid, sample.taken_ns, seen_ticks * sample.period_ns};
  if (time.cpu_ns != 0) offer(time);
  if (sample.ticks == seen_ticks) return;
  line_.frames.push_back(address_of(synthetic_frame::timer_overrun));
  time.cpu_ns = (sample.ticks - seen_ticks) * sample.period_ns;
  offer(time);
}

void cpu_profiler::engine::offer(const line_time &time) {
  for (auto *each : windows_) each->samples.add(time);
  if (history_) history_->add(time);
}

// Returns after a turn of the thread that began after the call.
void cpu_profiler::engine::synchronize(std::unique_lock<std::mutex> &lock) {
  const std::uint64_t ticket = ++asked_;
  has_work_.notify_one();
  was_served_.wait(lock, [this, ticket] { return served_ >= ticket; });
}

std::unique_ptr<cpu_profiler::window::state> cpu_profiler::engine::open(unsigned hz) {
  assert(hz >= 1 && hz <= max_test_hz);
  std::unique_lock lock(mutex_);
  auto opened = std::make_unique<window::state>(*this, hz, seeds_());
  windows_.push_back(opened.get());
  synchronize(lock);
  opened->cost_before = cost();
  opened->samples.begin(monotonic_ns());
  return opened;
}

void cpu_profiler::engine::close(window::state &closed) {
  const std::scoped_lock lock(mutex_);
  std::erase(windows_, &closed);
}

profile cpu_profiler::engine::finish(window::state &finished) {
  {
    std::unique_lock lock(mutex_);
    synchronize(lock);
    std::erase(windows_, &finished);
  }
  profile result = finished.samples.read(monotonic_ns(), labels_);
  result.comments =
      describe_sampling(finished.samples.hz(), "in this time", finished.cost_before, cost());
  return result;
}

profile cpu_profiler::engine::last(std::chrono::nanoseconds time) {
  std::unique_lock lock(mutex_);
  assert(history_.has_value());
  synchronize(lock);
  const auto time_ns = static_cast<std::uint64_t>(std::max(time, 0ns).count());
  profile result = history_->read(time_ns, monotonic_ns(), labels_);
  result.comments = describe_sampling(history_hz, "since the process began", {}, cost());
  return result;
}

cpu_profiler::window::window(std::unique_ptr<state> opened) : state_(std::move(opened)) {}

cpu_profiler::window::~window() {
  if (state_) state_->owner.close(*state_);
}

cpu_profiler::window::window(window &&) noexcept = default;

cpu_profiler::window &cpu_profiler::window::operator=(window &&other) noexcept {
  window moved(std::move(other));
  std::swap(state_, moved.state_);
  return *this;
}

profile cpu_profiler::window::finish() { return state_->owner.finish(*state_); }

cpu_profiler::cpu_profiler(sample_labels labels, settings how)
    : engine_(std::make_unique<engine>(std::move(labels), how)) {}
cpu_profiler::cpu_profiler(sample_labels labels) : cpu_profiler(std::move(labels), settings{}) {}
cpu_profiler::~cpu_profiler() = default;

cpu_profiler::window cpu_profiler::open(unsigned hz) { return window(engine_->open(hz)); }

profile cpu_profiler::last(std::chrono::nanoseconds time) { return engine_->last(time); }

std::uint64_t cpu_profiler::own_cpu_ns() const noexcept { return engine_->own_cpu_ns(); }

std::uint64_t cpu_profiler::failed_unwinds() const noexcept { return engine_->failed_unwinds(); }

}  // namespace taskworker::profiling
