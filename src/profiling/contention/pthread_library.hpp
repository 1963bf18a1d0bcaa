// SPDX-License-Identifier: MIT
#pragma once

#include <pthread.h>

#include <atomic>
#include <ctime>

namespace taskworker::profiling {

/// The C library's own functions for locks, behind the ones of the same names that this
/// program defines. Null before find(). Constant-initialized; a call through one costs a
/// load and a jump.
struct pthread_library {
  // Not the types of pthread.h, whose attributes templates do not keep. Waits for
  // conditions are left by an exception when their thread is cancelled.
  template <typename... Arguments>
  using function = std::atomic<int (*)(Arguments...) noexcept>;
  template <typename... Arguments>
  using cancellable_function = std::atomic<int (*)(Arguments...)>;

  function<pthread_mutex_t *> mutex_lock;
  function<pthread_mutex_t *> mutex_unlock;
  function<pthread_mutex_t *> mutex_trylock;
  function<pthread_mutex_t *, const timespec *> mutex_timedlock;
  function<pthread_mutex_t *, clockid_t, const timespec *> mutex_clocklock;
  function<pthread_rwlock_t *> rwlock_rdlock;
  function<pthread_rwlock_t *> rwlock_tryrdlock;
  function<pthread_rwlock_t *> rwlock_wrlock;
  function<pthread_rwlock_t *> rwlock_trywrlock;
  function<pthread_rwlock_t *> rwlock_unlock;
  cancellable_function<pthread_cond_t *, pthread_mutex_t *> cond_wait;
  cancellable_function<pthread_cond_t *, pthread_mutex_t *, const timespec *> cond_timedwait;
  cancellable_function<pthread_cond_t *, pthread_mutex_t *, clockid_t, const timespec *>
      cond_clockwait;

  /// Looks all of them up; ends the program when one is missing. Allocates nothing and
  /// takes no mutex, so it may happen in the first call that any library makes. Again is
  /// harmless. [thread-safe]
  void find() noexcept;
};

}  // namespace taskworker::profiling
