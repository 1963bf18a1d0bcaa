// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "profiling/cpu/sampler.hpp"
#include "profiling/running_task.hpp"
#include "profiling/stack.hpp"
#include "profiling/threads/threads.hpp"
#include "unit/burn_cpu.hpp"

using namespace taskworker::profiling;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace {

// Sampling is on as long as it lives.
class sampling {
 public:
  explicit sampling(nanoseconds period) {
    drain_samples([](const stack_sample &) {});
    set_sampling_period(static_cast<std::uint64_t>(period.count()));
    scan_threads();
  }
  ~sampling() {
    set_sampling_period(0);
    scan_threads();
  }
  sampling(const sampling &) = delete;
  sampling &operator=(const sampling &) = delete;

  // What was sampled since the last call.
  std::vector<stack_sample> take() {
    std::vector<stack_sample> taken;
    drain_samples([&taken](const stack_sample &sample) { taken.push_back(sample); });
    return taken;
  }
};

nanoseconds time_in(const std::vector<stack_sample> &samples) {
  std::uint64_t sum = 0;
  for (const auto &each : samples) sum += each.ticks * each.period_ns;
  return nanoseconds(sum);
}

std::vector<stack_sample> of_thread(std::vector<stack_sample> samples, pid_t tid) {
  std::erase_if(samples, [tid](const auto &each) { return each.tid != tid; });
  return samples;
}

bool is_near(nanoseconds measured, nanoseconds expected, nanoseconds tolerance) {
  return measured >= expected - tolerance && measured <= expected + tolerance;
}

// Where burn_below() is to return to.
std::uintptr_t caller_of_burn = 0;

[[gnu::noinline]] void burn_below(nanoseconds time, unsigned depth) {
  if (depth == 0) {
    burn_cpu(time);
  } else {
    burn_below(time, depth - 1);
  }
  asm volatile("" : : : "memory");  // no tail call: each level is a frame
}

[[gnu::noinline]] void burn_here(nanoseconds time) {
  caller_of_burn = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  burn_below(time, 0);
  asm volatile("" : : : "memory");
}

// One thread that runs until it is told to end.
class held_thread {
 public:
  held_thread() : thread_([this] { run(); }) { has_started_.wait(); }
  ~held_thread() {
    may_end_.count_down();
    thread_.join();
  }
  held_thread(const held_thread &) = delete;
  held_thread &operator=(const held_thread &) = delete;

 private:
  void run() {
    has_started_.count_down();
    may_end_.wait();
  }
  std::latch has_started_{1};
  std::latch may_end_{1};
  std::thread thread_;
};

}  // namespace

TEST_CASE("samples stand for the CPU time of a thread", "[profiling_sampler]") {
  const auto period = GENERATE(as<nanoseconds>(), 1ms, 10ms);
  sampling on(period);
  const auto before = read_cpu_clock(CLOCK_THREAD_CPUTIME_ID);
  burn_cpu(600ms);
  const auto used = read_cpu_clock(CLOCK_THREAD_CPUTIME_ID) - before;
  const auto samples = of_thread(on.take(), gettid());
  // A period, and the kernel's tick at CONFIG_HZ=100.
  CHECK(is_near(time_in(samples), used, period + 10ms));
  for (const auto &each : samples) {
    CHECK(each.period_ns == static_cast<std::uint64_t>(period.count()));
    CHECK_FALSE(each.is_late);
  }
}

TEST_CASE("a sample shows who it was and where", "[profiling_sampler]") {
  char old_name[16];
  REQUIRE(pthread_getname_np(pthread_self(), old_name, sizeof old_name) == 0);
  REQUIRE(pthread_setname_np(pthread_self(), "tw-a-busy-one") == 0);
  running_task_slot slot(7);
  slot.begin(42, 3);
  set_running_task(&slot);
  std::vector<stack_sample> samples;
  {
    sampling on(4ms);
    burn_here(300ms);
    samples = of_thread(on.take(), gettid());
  }
  set_running_task(nullptr);
  REQUIRE(pthread_setname_np(pthread_self(), old_name) == 0);

  REQUIRE(samples.size() > 5);
  for (const auto &each : samples) {
    CHECK(std::string(each.name.data()) == "tw-a-busy-one");
    CHECK(each.mark.worker == 7);
    CHECK(each.mark.operation == 3);
    CHECK(each.mark.task == 42);
    CHECK(each.taken_ns > 0);
    CHECK_FALSE(each.is_cut);
  }
#ifndef __SANITIZE_THREAD__  // it calls handlers later, from its own frames
  const auto seen = std::count_if(samples.begin(), samples.end(), [](const stack_sample &each) {
    const auto frames = each.addresses();
    return std::find(frames.begin(), frames.end(), caller_of_burn) != frames.end();
  });
  // The one or other at the test's own start or end.
  CHECK(seen >= static_cast<std::ptrdiff_t>(samples.size()) - 3);
#endif
}

#ifndef __SANITIZE_THREAD__  // it calls handlers later, from its own frames
TEST_CASE("a stack that is too deep is cut, and says so", "[profiling_sampler]") {
  sampling on(4ms);
  burn_below(200ms, 2 * stack_sample::max_depth);
  const auto samples = of_thread(on.take(), gettid());
  const auto cut =
      std::count_if(samples.begin(), samples.end(), [](const auto &each) { return each.is_cut; });
  CHECK(cut > 5);
  for (const auto &each : samples) CHECK((!each.is_cut || each.depth == stack_sample::max_depth));
}
#endif

TEST_CASE("the handler keeps errno", "[profiling_sampler]") {
  sampling on(4ms);
  errno = 1234;
  const auto before = read_sampler_figures().samples;
  bool is_kept = true;
  while (read_sampler_figures().samples < before + 10) is_kept = is_kept && errno == 1234;
  CHECK(is_kept);
}

TEST_CASE("a SIGPROF that no timer of ours has sent is ignored", "[profiling_sampler]") {
  {
    const sampling once(4ms);
  }
  const auto before = read_sampler_figures().samples;
  raise(SIGPROF);  // as late ones after sampling has ended; SIG_DFL would be deadly
  {
    const sampling on(1s);
    raise(SIGPROF);
    siginfo_t foreign{};
    foreign.si_code = SI_TIMER;
    REQUIRE(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), SIGPROF, &foreign) == 0);
  }
  CHECK(read_sampler_figures().samples == before);
}

TEST_CASE("a thread that is older than sampling has a timer", "[profiling_sampler]") {
  std::latch may_begin{1};
  std::latch has_burnt{1};
  pid_t tid = 0;
  std::thread older([&] {
    tid = gettid();
    may_begin.wait();
    burn_cpu(300ms);
    has_burnt.count_down();
  });
  sampling on(4ms);
  may_begin.count_down();
  has_burnt.wait();
  const auto samples = on.take();
  older.join();
  CHECK(is_near(time_in(of_thread(samples, tid)), 300ms, 20ms));
}

TEST_CASE("a thread is not counted twice, however often threads are looked for",
          "[profiling_sampler]") {
  sampling on(4ms);
  std::atomic<bool> is_done = false;
  pid_t tid = 0;
  std::thread younger([&] {
    tid = gettid();
    burn_cpu(400ms);
    is_done = true;
  });
  while (!is_done) scan_threads();
  younger.join();
  CHECK(is_near(time_in(of_thread(on.take(), tid)), 400ms, 20ms));
}

TEST_CASE("sampling goes on at a new rate", "[profiling_sampler]") {
  if (!threads_are_recorded()) return;  // what is left at a thread's end counts only there
  sampling on(50ms);
  std::latch is_there{1};
  std::latch may_begin{1};
  pid_t tid = 0;
  // It ends before its samples are counted: what came after the last tick counts at its end.
  std::thread busy([&] {
    tid = gettid();
    is_there.count_down();
    may_begin.wait();
    burn_cpu(200ms);
  });
  is_there.wait();
  set_sampling_period(4'000'000);
  (void)on.take();
  may_begin.count_down();
  busy.join();
  const auto own = of_thread(on.take(), tid);
  CHECK(is_near(time_in(own), 200ms, 20ms));
  CHECK(std::all_of(own.begin(), own.end(),
                    [](const auto &each) { return each.period_ns == 4'000'000; }));
  set_sampling_period(0);
  (void)on.take();
  burn_cpu(100ms);
  CHECK(on.take().empty());
}

TEST_CASE("threads that live shorter than a period count as they should", "[profiling_sampler]") {
  if (!threads_are_recorded()) return;  // their timers are made where pthread_create is ours
  constexpr int threads = 2000;
  constexpr auto period = 10ms;
  sampling on(period);
  std::vector<stack_sample> samples;
  nanoseconds used{};
  for (int i = 0; i < threads; ++i) {
    std::thread([&used] {
      burn_cpu(1ms);
      used += read_cpu_clock(CLOCK_THREAD_CPUTIME_ID);
    }).join();
    if (i % 100 == 0) {
      const auto taken = on.take();
      samples.insert(samples.end(), taken.begin(), taken.end());
    }
  }
  const auto taken = on.take();
  samples.insert(samples.end(), taken.begin(), taken.end());
  std::erase_if(samples, [](const auto &each) { return each.tid == gettid(); });

  // Each counts with the chance used / period: five standard deviations.
  const auto expected = static_cast<double>(used / 1us) / static_cast<double>(period / 1us);
  CHECK(static_cast<double>(time_in(samples) / period) == Approx(expected).margin(5 * 14.2));
  CHECK(std::any_of(samples.begin(), samples.end(), [](const auto &each) { return each.is_late; }));
}

TEST_CASE("a thousand threads come and go, and their timers with them", "[profiling_sampler]") {
  const sampling on(4ms);
  const auto before = read_sampler_figures().threads;
  {
    const std::vector<held_thread> threads(1000);
    scan_threads();
    CHECK(read_sampler_figures().threads == before + 1000);
    CHECK(read_sampler_figures().threads_without == 0);
  }
  for (int i = 0; i < 1000; ++i) std::thread([] {}).join();
  scan_threads();
  CHECK(read_sampler_figures().threads == before);
}

TEST_CASE("a thread that ends without a word leaves no timer", "[profiling_sampler]") {
  if (!threads_are_recorded()) return;
  const sampling on(4ms);
  const auto before = read_sampler_figures().threads;
  pthread_t thread{};
  const auto start = [](void *) -> void * {
    syscall(SYS_exit, 0);
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, nullptr, start, nullptr) == 0);
  REQUIRE(pthread_join(thread, nullptr) == 0);
  scan_threads();
  CHECK(read_sampler_figures().threads == before);
}

TEST_CASE("threads without a timer are counted, until the system has one", "[profiling_sampler]") {
  rlimit usual{};
  REQUIRE(getrlimit(RLIMIT_SIGPENDING, &usual) == 0);
  const rlimit none{0, usual.rlim_max};
  REQUIRE(setrlimit(RLIMIT_SIGPENDING, &none) == 0);
  const sampling on(4ms);
  const auto refused = read_sampler_figures();
  held_thread young;
  scan_threads();
  const auto refused_more = read_sampler_figures();
  REQUIRE(setrlimit(RLIMIT_SIGPENDING, &usual) == 0);
  scan_threads();
  const auto given = read_sampler_figures();

  CHECK(refused.threads == 0);
  CHECK(refused.threads_without >= 1);
  CHECK(refused_more.threads_without == refused.threads_without + 1);
  CHECK(given.threads_without == 0);
  CHECK(given.threads == refused_more.threads_without);
}

// Sanitizers take faults as their own; without a known place of the return address there is
// nothing to break.
#if !defined(TASKWORKER_IS_SANITIZED) && defined(__x86_64__)
namespace {

// Busy until a sample met a fault: its own return address, which the unwinder goes by, leads
// to memory that is not there.
[[gnu::noinline]] void burn_until_fault(std::uint64_t faults_before) {
  auto *const frame = static_cast<std::uintptr_t *>(__builtin_frame_address(0));
  volatile std::uintptr_t *const return_address = frame + 1;
  const std::uintptr_t real = *return_address;
  *return_address = 16;
  while (read_sampler_figures().faults == faults_before) continue;
  *return_address = real;
}

}  // namespace

TEST_CASE("a fault of the unwinder ends the sample, not the process", "[profiling_sampler]") {
  struct sigaction usual{};
  struct sigaction resuming{};
  resuming.sa_handler = [](int signal) {
    resume_after_unwind_fault();
    std::signal(signal, SIG_DFL);
  };
  REQUIRE(sigaction(SIGSEGV, &resuming, &usual) == 0);
  for (int i = 0; i < 3; ++i) {  // the second time needs the handler and the mask as before
    sampling on(4ms);
    const auto faults = read_sampler_figures().faults;
    burn_until_fault(faults);
    const auto samples = on.take();
    CHECK(read_sampler_figures().faults == faults + 1);
    const auto broken = std::find_if(samples.begin(), samples.end(),
                                     [](const auto &each) { return each.is_broken; });
    REQUIRE(broken != samples.end());
    CHECK(broken->depth >= 1);
    CHECK(broken->ticks >= 1);
  }
  REQUIRE(sigaction(SIGSEGV, &usual, nullptr) == 0);
}

TEST_CASE("a fault outside a sample is left to the handler", "[profiling_sampler]") {
  resume_after_unwind_fault();
  SUCCEED("it has returned");
}
#endif
