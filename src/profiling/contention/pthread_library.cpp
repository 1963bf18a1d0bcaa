// SPDX-License-Identifier: MIT
#include "profiling/contention/pthread_library.hpp"

#include <dlfcn.h>

#include <cstdlib>

namespace taskworker::profiling {
namespace {

// Of a symbol with several versions, as pthread_cond_wait is, dlsym gives the default one
// (DL_LOOKUP_RETURN_NEWEST in elf/dl-lookup.c; also for RTLD_NEXT since glibc 2.24).
template <typename Function>
void find_next(std::atomic<Function> &found, const char *name) noexcept {
  void *const address = dlsym(RTLD_NEXT, name);
  if (address == nullptr) std::abort();  // no lock could ever be taken
  found.store(reinterpret_cast<Function>(address), std::memory_order_relaxed);
}

}  // namespace

void pthread_library::find() noexcept {
  find_next(mutex_lock, "pthread_mutex_lock");
  find_next(mutex_unlock, "pthread_mutex_unlock");
  find_next(mutex_trylock, "pthread_mutex_trylock");
  find_next(mutex_timedlock, "pthread_mutex_timedlock");
  find_next(mutex_clocklock, "pthread_mutex_clocklock");
  find_next(rwlock_rdlock, "pthread_rwlock_rdlock");
  find_next(rwlock_tryrdlock, "pthread_rwlock_tryrdlock");
  find_next(rwlock_wrlock, "pthread_rwlock_wrlock");
  find_next(rwlock_trywrlock, "pthread_rwlock_trywrlock");
  find_next(rwlock_unlock, "pthread_rwlock_unlock");
  find_next(cond_wait, "pthread_cond_wait");
  find_next(cond_timedwait, "pthread_cond_timedwait");
  find_next(cond_clockwait, "pthread_cond_clockwait");
}

}  // namespace taskworker::profiling
