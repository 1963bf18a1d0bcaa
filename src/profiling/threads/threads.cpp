// SPDX-License-Identifier: MIT
// The process's own pthread_create. It runs in code that knows nothing of it, so it
// allocates nothing and takes no lock: not a mutex either, since one that is watched
// for contention would lead back here, and one held at fork() stays held in the child.
//
// A record belongs to its creator until pthread_create succeeds, then to the new
// thread, which gives it back as it ends. Readers look at all records at any time; a
// record's number is never used again, so one that is the same before and after the
// rest was read proves that the rest belongs to it (a sequence lock).
#include "profiling/threads/threads.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <optional>

#include "profiling/cpu/sampler.hpp"
#include "profiling/threads/alternate_stack.hpp"
#include "profiling/threads/thread_starts.hpp"

namespace taskworker::profiling {
namespace {

using start_function = void *(*)(void *);

// Plain integers, reached through std::atomic_ref: an array of this many std::atomic is
// more than clang initializes at compile time, and it must be ready before any code runs.
struct record {
  std::uint64_t number;  // 0 = of no thread
  std::uint64_t started_ns;
  pid_t tid;
  std::uint32_t depth;
  std::array<std::uintptr_t, stack::max_depth> frames;
  std::uint64_t task;  // the creator's task_mark
  std::uint32_t worker;
  std::uint32_t operation;
  start_function start;
  void *argument;
  std::uint32_t next_free;  // position + 1; 0 = the last
};

template <typename T>
T load(T &shared, std::memory_order order = std::memory_order_relaxed) noexcept {
  return std::atomic_ref(shared).load(order);
}

template <typename T>
void store(T &shared, T value, std::memory_order order = std::memory_order_relaxed) noexcept {
  std::atomic_ref(shared).store(value, order);
}

// A thread's stack and its guard take two mappings, and Linux allows a process 65,530
// (vm.max_map_count): more threads than this need a changed system. Pages that no
// record was ever in stay untouched.
constexpr std::uint32_t capacity = 32'768;
constinit std::array<record, capacity> records{};

// Records below this were used at least once.
constinit std::atomic<std::uint32_t> touched{0};
// Those that were given back: position + 1 of the first in the low half; the high half
// counts changes, so that a list that changed and came back is not taken for the same.
constinit std::atomic<std::uint64_t> free_list{0};
constinit std::atomic<std::uint64_t> started{0};
constinit std::atomic<std::uint64_t> unrecorded{0};

constexpr std::uint64_t with_first(std::uint64_t list, std::uint32_t first) {
  return ((list >> 32) + 1) << 32 | first;
}

record *claim_record() noexcept {
  std::uint64_t list = free_list.load(std::memory_order_acquire);
  while (const auto first = static_cast<std::uint32_t>(list)) {
    record &claimed = records[first - 1];
    const auto rest = with_first(list, load(claimed.next_free));
    if (free_list.compare_exchange_weak(list, rest, std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
      return &claimed;
    }
  }
  std::uint32_t fresh = touched.load(std::memory_order_relaxed);
  while (fresh < capacity) {
    if (touched.compare_exchange_weak(fresh, fresh + 1, std::memory_order_relaxed)) {
      return &records[fresh];
    }
  }
  return nullptr;
}

void give_back(record &ended) noexcept {
  store(ended.number, std::uint64_t{0});
  const auto first = static_cast<std::uint32_t>(&ended - records.data()) + 1;
  std::uint64_t list = free_list.load(std::memory_order_relaxed);
  do {
    store(ended.next_free, static_cast<std::uint32_t>(list));
  } while (!free_list.compare_exchange_weak(list, with_first(list, first),
                                            std::memory_order_release, std::memory_order_relaxed));
}

std::uint64_t monotonic_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

void store_mark(record &target, const task_mark &mark) noexcept {
  store(target.worker, mark.worker);
  store(target.operation, mark.operation);
  store(target.task, mark.task);
}

task_mark load_mark(record &source) noexcept {
  return {load(source.worker), load(source.operation), load(source.task)};
}

void fill(record &target, const stack &started_by) noexcept {
  // Orders the number's 0 before what follows, for a reader that sees any of it.
  std::atomic_thread_fence(std::memory_order_release);
  store(target.started_ns, monotonic_ns());
  store(target.tid, pid_t{0});
  store(target.depth, started_by.depth);
  for (std::uint32_t i = 0; i < started_by.depth; ++i) {
    store(target.frames[i], started_by.frames[i]);
  }
  store_mark(target, current_task_mark());
  store(target.number, started.fetch_add(1, std::memory_order_relaxed) + 1,
        std::memory_order_release);
}

std::optional<thread_info> read_record(record &source) {
  thread_info info;
  info.number = load(source.number, std::memory_order_acquire);
  if (info.number == 0) return std::nullopt;
  info.started_ns = load(source.started_ns);
  info.tid = load(source.tid);
  info.started_by.depth = load(source.depth);
  for (std::uint32_t i = 0; i < info.started_by.depth; ++i) {
    info.started_by.frames[i] = load(source.frames[i]);
  }
  info.started_in = load_mark(source);
  std::atomic_thread_fence(std::memory_order_acquire);
  if (load(source.number) != info.number) return std::nullopt;
  return info;
}

// A pthread key, not a thread_local object: registering that one's destructor would
// allocate. Keys are destroyed also on pthread_exit and cancellation, after the
// destructors of C++ thread_local objects and before pthread_join returns.
struct library_functions {
  decltype(&pthread_create) create;
  pthread_key_t end_of_thread;
};

library_functions find_library_functions() noexcept {
  library_functions found{};
  found.create = reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
  const int failed = pthread_key_create(&found.end_of_thread, [](void *data) {
    sampler_thread_ends();
    give_back(*static_cast<record *>(data));
  });
  if (found.create == nullptr || failed != 0) std::abort();  // no thread could ever start
  return found;
}

// Found before main by the constructor below, or by the first call when a library's
// own constructor starts a thread before that.
const library_functions &c_library() noexcept {
  static const library_functions found = find_library_functions();
  return found;
}

[[gnu::constructor]] void find_before_main() { c_library(); }

void *run_recorded(void *data) {
  record &own = *static_cast<record *>(data);
  const start_function start = own.start;
  void *const argument = own.argument;
  store(own.tid, gettid());
  if (pthread_setspecific(c_library().end_of_thread, &own) != 0) {
    give_back(own);  // better unseen than seen for ever
    unrecorded.fetch_add(1, std::memory_order_relaxed);
  }
  sampler_thread_began();
  const alternate_stack of_handlers;
  return start(argument);
}

int create_recorded(pthread_t *thread, const pthread_attr_t *attributes, start_function start,
                    void *argument, const stack &started_by) noexcept {
  record *const claimed = claim_record();
  if (claimed == nullptr) {
    unrecorded.fetch_add(1, std::memory_order_relaxed);
    return c_library().create(thread, attributes, start, argument);
  }
  claimed->start = start;
  claimed->argument = argument;
  fill(*claimed, started_by);
  const int error = c_library().create(thread, attributes, &run_recorded, claimed);
  if (error != 0) give_back(*claimed);
  return error;
}

}  // namespace

std::vector<thread_info> live_threads() {
  std::vector<thread_info> live;
  const std::uint32_t end = touched.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < end; ++i) {
    if (const auto info = read_record(records[i])) live.push_back(*info);
  }
  std::sort(live.begin(), live.end(),
            [](const auto &left, const auto &right) { return left.number < right.number; });
  return live;
}

std::uint64_t unrecorded_threads() noexcept { return unrecorded.load(std::memory_order_relaxed); }

bool threads_are_recorded() noexcept { return true; }

}  // namespace taskworker::profiling

extern "C" [[gnu::visibility("default")]] int pthread_create(pthread_t *thread,
                                                             const pthread_attr_t *attributes,
                                                             void *(*start)(void *),
                                                             void *argument) noexcept {
  using namespace taskworker::profiling;
  const stack started_by = capture_stack(1);
  const int error = create_recorded(thread, attributes, start, argument, started_by);
  if (error == 0) count_thread_start(started_by);
  return error;
}
