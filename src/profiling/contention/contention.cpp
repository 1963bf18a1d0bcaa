// SPDX-License-Identifier: MIT
// The process's own pthread functions for locks. They run inside code that knows nothing
// of it, the allocator included: they allocate nothing and take no mutex.
//
// A lock is tried first; only where that fails is a clock read and the wait noted. A release
// looks whether a wait is noted for its lock: not at glibc's lock word, though it tells as
// well, since to read it between the atomic instructions that change it takes 2 ns more.
#include "profiling/contention/contention.hpp"

#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include "profiling/contention/contention_recorder.hpp"
#include "profiling/contention/pthread_library.hpp"

namespace taskworker::profiling {
namespace {

enum class hook_state : std::uint8_t { not_ready, off, on };

constinit std::atomic<hook_state> state{hook_state::not_ready};
constinit pthread_library c_library{};
constinit contention_recorder recorder{};

// Before main by the constructor below, or in the first call that is made before that.
[[gnu::noinline, gnu::cold]] void make_ready() noexcept {
  c_library.find();
  auto before = hook_state::not_ready;
  state.compare_exchange_strong(before, hook_state::off, std::memory_order_release);
}

[[gnu::constructor]] void prepare_before_main() {
  make_ready();
  pthread_atfork(nullptr, nullptr, [] { recorder.forget_waits(); });
}

// Acquire for the library's functions; on x86 it costs the same as relaxed.
[[gnu::always_inline]] inline bool is_on() noexcept {
  const hook_state now = state.load(std::memory_order_acquire);
  if (now == hook_state::off) [[likely]]
    return false;
  if (now == hook_state::on) [[likely]]
    return true;
  make_ready();
  return false;
}

template <typename Function>
[[gnu::always_inline]] inline Function get(const std::atomic<Function> &function) noexcept {
  return function.load(std::memory_order_relaxed);
}

// The return address of the function that this is put in line of. Those below are reached
// by a jump from the pthread functions, so that it is the one of whoever called these; where
// the compiler made it a call, the pthread function shows as the innermost frame.
[[gnu::always_inline]] inline std::uintptr_t caller() noexcept {
  return reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
}

// ---- Taking a lock ----------------------------------------------------------

template <typename Lock, typename... Limit>
using take_function = int (*)(Lock *, Limit...) noexcept;

template <typename Lock, typename... Limit>
[[gnu::noinline]] int wait_for(std::uintptr_t called_by, take_function<Lock, Limit...> take,
                               Lock *lock, Limit... limit) noexcept {
  if (contention_recorder::is_busy()) return take(lock, limit...);
  const waited_locks::wait own = recorder.begin_wait(lock);
  const int error = take(lock, limit...);
  recorder.end_wait(own, error == 0 || error == EOWNERDEAD, called_by);
  return error;
}

template <typename Lock, typename... Limit>
[[gnu::always_inline]] inline int take_lock(take_function<Lock> attempt,
                                            take_function<Lock, Limit...> take, Lock *lock,
                                            Limit... limit) noexcept {
  // Whatever it answers but "busy" is what taking the lock would answer.
  const int error = attempt(lock);
  if (error != EBUSY) [[likely]]
    return error;
  return wait_for(caller(), take, lock, limit...);
}

// ---- Releasing it -----------------------------------------------------------

bool is_released_by_one_unlock(const pthread_mutex_t &mutex) noexcept {
  constexpr int type_bits = 3;  // PTHREAD_MUTEX_KIND_MASK_NP of glibc's nptl/pthreadP.h
  const auto &data = mutex.__data;
  return (data.__kind & type_bits) != PTHREAD_MUTEX_RECURSIVE_NP || data.__count == 1;
}

bool is_released_by_one_unlock(const pthread_rwlock_t &) noexcept { return true; }

template <typename Lock>
[[gnu::noinline]] int release_waited(take_function<Lock> release, Lock *lock) noexcept {
  if (contention_recorder::is_busy() || !is_released_by_one_unlock(*lock)) return release(lock);
  const std::uint64_t waited_ns = recorder.note_release(lock);
  const int error = release(lock);
  recorder.record_release(waited_ns, caller());
  return error;
}

// ---- Waiting for a condition ------------------------------------------------

// Lives while a thread waits, also when its cancellation ends that.
class condition_wait {
 public:
  condition_wait(pthread_mutex_t *mutex, std::uintptr_t called_by) noexcept
      : called_by_(called_by), since_ns_(contention_recorder::now_ns()) {
    // The C library releases the mutex on the way, not through the function here.
    if (recorder.is_waited_for(mutex) && is_released_by_one_unlock(*mutex)) {
      recorder.record_release(recorder.note_release(mutex), called_by);
    }
  }
  ~condition_wait() { recorder.record_wait(since_ns_, called_by_); }
  condition_wait(const condition_wait &) = delete;
  condition_wait &operator=(const condition_wait &) = delete;

 private:
  std::uintptr_t called_by_;
  std::uint64_t since_ns_;
};

template <typename... Limit>
[[gnu::noinline]] int wait_for_condition(int (*wait)(pthread_cond_t *, pthread_mutex_t *, Limit...),
                                         pthread_cond_t *condition, pthread_mutex_t *mutex,
                                         Limit... limit) {
  if (contention_recorder::is_busy()) return wait(condition, mutex, limit...);
  const condition_wait own(mutex, caller());
  return wait(condition, mutex, limit...);
}

std::vector<std::string> make_comments() {
  return {
      is_recording_contention() ? "contention is being recorded"
                                : "contention is not being recorded: what is here is of the "
                                  "times when it was",
      "not seen: waits that have not ended, direct futex waits (std::atomic::wait, std::latch, "
      "std::counting_semaphore), timed waits for a pthread_rwlock_t, spinning, I/O",
  };
}

}  // namespace

bool contention_is_recorded() noexcept { return true; }

void set_contention_recording(bool on) noexcept {
  make_ready();
  state.store(on ? hook_state::on : hook_state::off, std::memory_order_release);
}

bool is_recording_contention() noexcept {
  return state.load(std::memory_order_relaxed) == hook_state::on;
}

profile read_mutex_profile() { return recorder.read_releases(make_comments()); }

profile read_block_profile() { return recorder.read_waits(make_comments()); }

}  // namespace taskworker::profiling

// What follows is called by all modules of the process.
#pragma GCC visibility push(default)
extern "C" {

using namespace taskworker::profiling;

int pthread_mutex_lock(pthread_mutex_t *mutex) noexcept {
  if (!is_on()) return get(c_library.mutex_lock)(mutex);
  return take_lock(get(c_library.mutex_trylock), get(c_library.mutex_lock), mutex);
}

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const timespec *until) noexcept {
  if (!is_on()) return get(c_library.mutex_timedlock)(mutex, until);
  return take_lock(get(c_library.mutex_trylock), get(c_library.mutex_timedlock), mutex, until);
}

int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                            const timespec *until) noexcept {
  if (!is_on()) return get(c_library.mutex_clocklock)(mutex, clock, until);
  return take_lock(get(c_library.mutex_trylock), get(c_library.mutex_clocklock), mutex, clock,
                   until);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex) noexcept {
  if (!is_on() || !recorder.is_waited_for(mutex)) return get(c_library.mutex_unlock)(mutex);
  return release_waited(get(c_library.mutex_unlock), mutex);
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock) noexcept {
  if (!is_on()) return get(c_library.rwlock_rdlock)(lock);
  return take_lock(get(c_library.rwlock_tryrdlock), get(c_library.rwlock_rdlock), lock);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock) noexcept {
  if (!is_on()) return get(c_library.rwlock_wrlock)(lock);
  return take_lock(get(c_library.rwlock_trywrlock), get(c_library.rwlock_wrlock), lock);
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock) noexcept {
  if (!is_on() || !recorder.is_waited_for(lock)) return get(c_library.rwlock_unlock)(lock);
  return release_waited(get(c_library.rwlock_unlock), lock);
}

int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
  if (!is_on()) return get(c_library.cond_wait)(condition, mutex);
  return wait_for_condition(get(c_library.cond_wait), condition, mutex);
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                           const timespec *until) {
  if (!is_on()) return get(c_library.cond_timedwait)(condition, mutex, until);
  return wait_for_condition(get(c_library.cond_timedwait), condition, mutex, until);
}

int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock,
                           const timespec *until) {
  if (!is_on()) return get(c_library.cond_clockwait)(condition, mutex, clock, until);
  return wait_for_condition(get(c_library.cond_clockwait), condition, mutex, clock, until);
}

}  // extern "C"
#pragma GCC visibility pop
