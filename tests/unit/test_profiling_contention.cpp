// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <ctime>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "metrics/allocator.hpp"
#include "profiling/contention/contention.hpp"
#include "profiling/symbols/symbolizer.hpp"
#include "profiling/synthetic_frame.hpp"

using Catch::Matchers::ContainsSubstring;
using std::chrono::steady_clock;
using taskworker::profiling::contention_is_recorded;
using taskworker::profiling::profile;
using taskworker::profiling::read_block_profile;
using taskworker::profiling::read_mutex_profile;
using taskworker::profiling::set_contention_recording;
using taskworker::profiling::subtract;
using taskworker::profiling::symbolizer;
using taskworker::profiling::synthetic_frame;

namespace {

// Long enough to be recorded always.
constexpr auto long_delay = std::chrono::milliseconds(5);

struct values {
  std::int64_t count = 0;
  std::int64_t delay_ns = 0;
};

// What contention there was between its beginning and a look.
class recorded {
 public:
  explicit recorded(bool on = true) { set_contention_recording(on); }
  ~recorded() { set_contention_recording(false); }
  recorded(const recorded &) = delete;
  recorded &operator=(const recorded &) = delete;

  [[nodiscard]] profile mutexes() const { return subtract(read_mutex_profile(), mutexes_); }
  [[nodiscard]] profile blocks() const { return subtract(read_block_profile(), blocks_); }

 private:
  profile mutexes_ = read_mutex_profile();
  profile blocks_ = read_block_profile();
};

values sum(const profile &all) {
  values total;
  for (const auto &sample : all.samples) {
    total.count += sample.values[0];
    total.delay_ns += sample.values[1];
  }
  return total;
}

// Of the stacks whose innermost frame lies in the function, or the second: between the two
// may be a function of the C++ library.
values of(const profile &all, const std::string &function) {
  symbolizer symbols;
  const auto is_in = [&](std::uintptr_t frame) {
    return symbols.find_calls(frame).back().function.find(function) != std::string::npos;
  };
  values total;
  for (const auto &[frames, counted, labels] : all.samples) {
    if (!is_in(frames[0]) && (frames.size() < 2 || !is_in(frames[1]))) continue;
    total.count += counted[0];
    total.delay_ns += counted[1];
  }
  return total;
}

values handovers(const profile &all) {
  for (const auto &sample : all.samples) {
    if (sample.frames.front() == address_of(synthetic_frame::lock_handover)) {
      return {sample.values[0], sample.values[1]};
    }
  }
  return {};
}

// glibc's lock word says that somebody waits, who has then been noted.
void wait_until_waited_for(pthread_mutex_t &mutex) {
  while (__atomic_load_n(&mutex.__data.__lock, __ATOMIC_RELAXED) < 2) std::this_thread::yield();
}

// Passes at least `long_delay`, at work. Returns how much.
std::int64_t let_time_pass() {
  const auto start = steady_clock::now();
  while (steady_clock::now() - start < long_delay) std::this_thread::yield();
  return (steady_clock::now() - start).count();
}

[[gnu::noinline]] void release_as_holder(pthread_mutex_t &mutex) {
  pthread_mutex_unlock(&mutex);
  asm volatile("");
}

[[gnu::noinline]] int lock_as_waiter(pthread_mutex_t &mutex) {
  const int error = pthread_mutex_lock(&mutex);
  asm volatile("");
  return error;
}

// One thread holds the mutex until another one has waited for some time, which is returned.
std::int64_t contend(pthread_mutex_t &mutex) {
  pthread_mutex_lock(&mutex);
  std::thread waiter([&mutex] {
    lock_as_waiter(mutex);
    pthread_mutex_unlock(&mutex);
  });
  wait_until_waited_for(mutex);
  const auto passed = let_time_pass();
  release_as_holder(mutex);
  waiter.join();
  return passed;
}

class typed_mutex {
 public:
  explicit typed_mutex(int type, int robustness = PTHREAD_MUTEX_STALLED,
                       int protocol = PTHREAD_PRIO_NONE) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_setrobust(&attributes, robustness);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    pthread_mutex_init(&mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  ~typed_mutex() { pthread_mutex_destroy(&mutex); }
  typed_mutex(const typed_mutex &) = delete;
  typed_mutex &operator=(const typed_mutex &) = delete;

  pthread_mutex_t mutex;
};

timespec in(std::chrono::nanoseconds delay, clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  const auto ns = std::chrono::nanoseconds(time.tv_nsec) + delay;
  const auto whole = std::chrono::floor<std::chrono::seconds>(ns);
  time.tv_sec += whole.count();
  time.tv_nsec = (ns - whole).count();
  return time;
}

[[gnu::noinline]] void wait_for_condition(std::condition_variable &condition,
                                          std::unique_lock<std::mutex> &lock, bool &is_done) {
  condition.wait(lock, [&is_done] { return is_done; });
}

}  // namespace

TEST_CASE("a build that does not record contention says so", "[profiling_contention]") {
  if (contention_is_recorded()) return;
  const recorded on;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  (void)contend(mutex);
  CHECK(read_mutex_profile().samples.empty());
  CHECK(read_block_profile().samples.empty());
  CHECK_THAT(read_block_profile().comments.front(),
             ContainsSubstring("not recorded in this build"));
}

TEST_CASE("profiles of contention have Go's types", "[profiling_contention]") {
  for (const profile &each : {read_mutex_profile(), read_block_profile()}) {
    REQUIRE(each.sample_types.size() == 2);
    CHECK(each.sample_types[0].type == "contentions");
    CHECK(each.sample_types[0].unit == "count");
    CHECK(each.sample_types[1].type == "delay");
    CHECK(each.sample_types[1].unit == "nanoseconds");
    CHECK(each.period_type == each.sample_types[0]);
    CHECK(each.period == 1);
    CHECK(each.time_ns > 0);
  }
}

TEST_CASE("other modules find the functions of this program", "[profiling_contention]") {
  if (!contention_is_recorded()) return;
  for (const std::string name :
       {"mutex_lock", "mutex_unlock", "mutex_timedlock", "mutex_clocklock", "rwlock_rdlock",
        "rwlock_wrlock", "rwlock_unlock", "cond_wait", "cond_timedwait", "cond_clockwait"}) {
    CAPTURE(name);
    const std::string symbol = "pthread_" + name;
    Dl_info found{};
    Dl_info program{};
    REQUIRE(dladdr(dlsym(RTLD_DEFAULT, symbol.c_str()), &found) != 0);
    REQUIRE(dladdr(reinterpret_cast<void *>(&contend), &program) != 0);
    CHECK(found.dli_fbase == program.dli_fbase);
  }
}

TEST_CASE("nothing is recorded until it is switched on", "[profiling_contention]") {
  const recorded off(false);
  CHECK_FALSE(taskworker::profiling::is_recording_contention());
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  (void)contend(mutex);
  CHECK(off.mutexes().samples.empty());
  CHECK(off.blocks().samples.empty());
}

TEST_CASE("the holder's and the waiter's function are named with the delay",
          "[profiling_contention]") {
  if (!contention_is_recorded()) return;
  const recorded on;
  CHECK(taskworker::profiling::is_recording_contention());
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  const auto passed = contend(mutex);

  const auto held = of(on.mutexes(), "release_as_holder");
  CHECK(held.count == 1);
  CHECK(held.delay_ns >= passed);
  const auto waited = of(on.blocks(), "lock_as_waiter");
  CHECK(waited.count == 1);
  CHECK(waited.delay_ns >= held.delay_ns);
  // The waiter's own release is nobody's loss.
  CHECK(sum(on.mutexes()).count - handovers(on.mutexes()).count == 1);
  CHECK(held.delay_ns + handovers(on.mutexes()).delay_ns == waited.delay_ns);
}

TEST_CASE("mutexes of all kinds are seen", "[profiling_contention]") {
  if (!contention_is_recorded()) return;
  const auto check = [](int type, int robustness, int protocol) {
    CAPTURE(type, robustness, protocol);
    const recorded on;
    typed_mutex each(type, robustness, protocol);
    pthread_mutex_t &mutex = each.mutex;
    pthread_mutex_lock(&mutex);
    std::atomic<bool> begins{false};
    std::thread waiter([&] {
      begins = true;
      CHECK(lock_as_waiter(mutex) == 0);
      pthread_mutex_unlock(&mutex);
    });
    while (!begins) std::this_thread::yield();
    (void)let_time_pass();
    release_as_holder(mutex);
    waiter.join();
    CHECK(of(on.blocks(), "lock_as_waiter").count == 1);
    CHECK(of(on.mutexes(), "release_as_holder").count == 1);
  };
  check(PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE);
  check(PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE);
  check(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE);
  check(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT);
}

TEST_CASE("a lock that is free leaves nothing", "[profiling_contention]") {
  const recorded on;
  std::mutex mutex;
  std::recursive_mutex recursive;
  std::shared_mutex shared;
  for (int i = 0; i < 100'000; ++i) {
    const std::scoped_lock both(mutex, recursive);
    const std::shared_lock reads(shared);
  }
  CHECK(on.mutexes().samples.empty());
  CHECK(on.blocks().samples.empty());
}

TEST_CASE("only the outermost release of a recursive mutex counts", "[profiling_contention]") {
  if (!contention_is_recorded()) return;
  const recorded on;
  typed_mutex recursive(PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_t &mutex = recursive.mutex;
  pthread_mutex_lock(&mutex);
  pthread_mutex_lock(&mutex);
  std::thread waiter([&mutex] {
    lock_as_waiter(mutex);
    pthread_mutex_unlock(&mutex);
  });
  wait_until_waited_for(mutex);
  auto passed = let_time_pass();
  pthread_mutex_unlock(&mutex);
  passed += let_time_pass();
  release_as_holder(mutex);
  waiter.join();
  const auto held = of(on.mutexes(), "release_as_holder");
  CHECK(held.count == 1);
  CHECK(held.delay_ns >= passed);
}

TEST_CASE("waiting for a condition is blocking", "[profiling_contention]") {
  if (!contention_is_recorded()) return;
  const recorded on;
  std::mutex mutex;
  std::condition_variable condition;
  bool is_waiting = false;
  bool is_done = false;
  std::thread waiter([&] {
    std::unique_lock lock(mutex);
    is_waiting = true;
    wait_for_condition(condition, lock, is_done);
  });
  for (bool waits = false; !waits; std::this_thread::yield()) {
    const std::scoped_lock lock(mutex);
    waits = is_waiting;
  }
  const auto passed = let_time_pass();
  {
    const std::scoped_lock lock(mutex);
    is_done = true;
  }
  condition.notify_one();
  waiter.join();

  CHECK(of(on.blocks(), "wait_for_condition").delay_ns >= passed);
}

TEST_CASE("who waits for a condition releases the mutex for others", "[profiling_contention]") {
  if (!contention_is_recorded()) return;
  const recorded on;
  std::mutex mutex;
  std::condition_variable condition;
  bool is_done = false;
  std::unique_lock lock(mutex);
  std::thread waiter([&] {
    lock_as_waiter(*mutex.native_handle());
    is_done = true;
    mutex.unlock();
    condition.notify_one();
  });
  wait_until_waited_for(*mutex.native_handle());
  const auto passed = let_time_pass();
  wait_for_condition(condition, lock, is_done);
  lock.unlock();
  waiter.join();
  CHECK(of(on.mutexes(), "wait_for_condition").delay_ns >= passed);
}

TEST_CASE("timed waits end in time and are recorded", "[profiling_contention]") {
  if (!contention_is_recorded()) return;
  const recorded on;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  pthread_mutex_lock(&mutex);
  const auto realtime = in(long_delay, CLOCK_REALTIME);
  CHECK(pthread_cond_timedwait(&condition, &mutex, &realtime) == ETIMEDOUT);
  const auto monotonic = in(long_delay, CLOCK_MONOTONIC);
  CHECK(pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &monotonic) == ETIMEDOUT);
  std::thread([&mutex] {
    const auto first = in(long_delay, CLOCK_REALTIME);
    CHECK(pthread_mutex_timedlock(&mutex, &first) == ETIMEDOUT);
    const auto second = in(long_delay, CLOCK_MONOTONIC);
    CHECK(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &second) == ETIMEDOUT);
  }).join();
  release_as_holder(mutex);
  const auto least = std::chrono::nanoseconds(long_delay).count();
  CHECK(sum(on.blocks()).count == 4);
  CHECK(sum(on.blocks()).delay_ns > 3 * least);
  // Those who gave up had waited for the holder all the same.
  CHECK(of(on.mutexes(), "release_as_holder").delay_ns > least);
}

TEST_CASE("readers and writers that wait for one another are seen", "[profiling_contention]") {
  if (!contention_is_recorded()) return;
  const recorded on;
  std::shared_mutex mutex;
  std::atomic<bool> begins{false};
  mutex.lock();
  std::thread reader([&] {
    begins = true;
    mutex.lock_shared();
    mutex.unlock_shared();
  });
  while (!begins) std::this_thread::yield();
  (void)let_time_pass();
  mutex.unlock();
  reader.join();
  begins = false;
  mutex.lock_shared();
  std::thread writer([&] {
    begins = true;
    mutex.lock();
    mutex.unlock();
  });
  while (!begins) std::this_thread::yield();
  (void)let_time_pass();
  mutex.unlock_shared();
  writer.join();
  CHECK(sum(on.blocks()).count == 2);
  CHECK(sum(on.mutexes()).delay_ns == sum(on.blocks()).delay_ns);
}

#ifndef TASKWORKER_IS_SANITIZED  // which reports what is wrong on purpose here
TEST_CASE("a lock answers as the C library's does", "[profiling_contention]") {
  const recorded on;
  typed_mutex checked(PTHREAD_MUTEX_ERRORCHECK);
  CHECK(pthread_mutex_lock(&checked.mutex) == 0);
  CHECK(pthread_mutex_lock(&checked.mutex) == EDEADLK);
  CHECK(pthread_mutex_unlock(&checked.mutex) == 0);
  CHECK(pthread_mutex_unlock(&checked.mutex) == EPERM);

  typed_mutex robust(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
  std::thread([&robust] { pthread_mutex_lock(&robust.mutex); }).join();
  CHECK(pthread_mutex_lock(&robust.mutex) == EOWNERDEAD);
  CHECK(pthread_mutex_unlock(&robust.mutex) == 0);
  CHECK(pthread_mutex_lock(&robust.mutex) == ENOTRECOVERABLE);

  pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
  CHECK(pthread_rwlock_wrlock(&shared) == 0);
  CHECK(pthread_rwlock_rdlock(&shared) == EDEADLK);
  CHECK(pthread_rwlock_unlock(&shared) == 0);
}
#endif

TEST_CASE("a thread can be cancelled while it waits for a condition", "[profiling_contention]") {
  if (!contention_is_recorded()) return;
  struct shared {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    bool is_waiting = false;
  };
  const auto wait_for_ever = [](void *data) -> void * {
    auto &[mutex, condition, is_waiting] = *static_cast<shared *>(data);
    struct unlocker {
      pthread_mutex_t &held;
      ~unlocker() { pthread_mutex_unlock(&held); }
    };
    pthread_mutex_lock(&mutex);
    const unlocker at_end{mutex};
    is_waiting = true;
    for (;;) pthread_cond_wait(&condition, &mutex);
  };
  const recorded on;
  shared data;
  pthread_t thread{};
  REQUIRE(pthread_create(&thread, nullptr, wait_for_ever, &data) == 0);
  for (bool waits = false; !waits; std::this_thread::yield()) {
    pthread_mutex_lock(&data.mutex);
    waits = data.is_waiting;
    pthread_mutex_unlock(&data.mutex);
  }
  const auto passed = let_time_pass();
  REQUIRE(pthread_cancel(thread) == 0);
  void *result = nullptr;
  REQUIRE(pthread_join(thread, &result) == 0);
  CHECK(result == PTHREAD_CANCELED);
  CHECK(pthread_mutex_trylock(&data.mutex) == 0);  // what the thread cleaned up
  CHECK(sum(on.blocks()).delay_ns >= passed);
}

TEST_CASE("a wait that outlasts the recording does no harm to what follows",
          "[profiling_contention]") {
  if (!contention_is_recorded()) return;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  {
    const recorded on;
    pthread_mutex_lock(&mutex);
    std::thread waiter([&mutex] {
      lock_as_waiter(mutex);
      pthread_mutex_unlock(&mutex);
    });
    wait_until_waited_for(mutex);
    set_contention_recording(false);
    release_as_holder(mutex);
    waiter.join();
    CHECK(of(on.mutexes(), "release_as_holder").count == 0);
  }
  (void)let_time_pass();
  const recorded on;
  const auto passed = contend(mutex);
  CHECK(of(on.mutexes(), "release_as_holder").count == 1);
  CHECK(sum(on.mutexes()).delay_ns == sum(on.blocks()).delay_ns);
  CHECK(sum(on.mutexes()).delay_ns >= passed);
}

TEST_CASE("what threads wait for one mutex is what its releases cost", "[profiling_contention]") {
  if (!contention_is_recorded()) return;
  const recorded on;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&mutex] {
      for (int turn = 0; turn < 10; ++turn) {
        const std::scoped_lock lock(mutex);
        (void)let_time_pass();
      }
    });
  }
  for (auto &thread : threads) thread.join();
  const auto mutexes = sum(on.mutexes());
  CHECK(mutexes.delay_ns > 0);
  // Not equal: the few short ones are sampled, in each profile by itself.
  CHECK(static_cast<double>(mutexes.delay_ns) ==
        Approx(static_cast<double>(sum(on.blocks()).delay_ns)).epsilon(0.01));
}

TEST_CASE("recording allocates nothing", "[profiling_contention]") {
  const recorded on;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  const auto before = taskworker::metrics::thread_allocated_bytes();
  pthread_mutex_lock(&mutex);
  std::uint64_t allocated = 1;
  std::thread waiter([&] {
    const auto begin = taskworker::metrics::thread_allocated_bytes();
    lock_as_waiter(mutex);
    pthread_mutex_unlock(&mutex);
    allocated = taskworker::metrics::thread_allocated_bytes() - begin;
  });
  const auto started = taskworker::metrics::thread_allocated_bytes();
  wait_until_waited_for(mutex);
  (void)let_time_pass();
  release_as_holder(mutex);
  CHECK(taskworker::metrics::thread_allocated_bytes() == started);
  waiter.join();
  CHECK(started >= before);
  CHECK(allocated == 0);
}
