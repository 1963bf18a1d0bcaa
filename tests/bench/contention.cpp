// SPDX-License-Identifier: MIT
// contention: what it costs that this program defines the pthread functions
// for locks itself: to take and release a mutex that is free, through the C library's
// functions, through this program's with recording off, and with recording on. Then two
// threads that are in each other's way, where recording has something to do.
#include <dlfcn.h>
#include <pthread.h>

#include <future>
#include <string>
#include <thread>

#include "profiling/contention/contention.hpp"
#include "rounds.hpp"

namespace {

using taskworker::profiling::set_contention_recording;

constexpr int rounds = 21;
constexpr std::uint64_t pairs = 10'000'000;
constexpr std::uint64_t contended_pairs = 500'000;

using mutex_function = int (*)(pthread_mutex_t *);

mutex_function find_of_library(const char *name) {
  return reinterpret_cast<mutex_function>(dlsym(RTLD_NEXT, name));
}

// Through pointers that the compiler cannot see through, as a call to another module is.
struct mutex_functions {
  mutex_function lock;
  mutex_function unlock;
};
volatile mutex_functions of_library{};
volatile mutex_functions of_program{};

[[gnu::noinline]] void lock_and_unlock(const volatile mutex_functions &functions,
                                       pthread_mutex_t &mutex, std::uint64_t times) {
  const mutex_function lock = functions.lock;
  const mutex_function unlock = functions.unlock;
  for (std::uint64_t i = 0; i < times; ++i) {
    lock(&mutex);
    unlock(&mutex);
  }
}

void run_free(const volatile mutex_functions &functions, bool is_recording, std::uint64_t times) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  set_contention_recording(is_recording);
  lock_and_unlock(functions, mutex, times);
  set_contention_recording(false);
}

void run_contended(const volatile mutex_functions &functions, bool is_recording,
                   std::uint64_t times) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  set_contention_recording(is_recording);
  std::thread other([&] { lock_and_unlock(functions, mutex, times / 2); });
  lock_and_unlock(functions, mutex, times / 2);
  other.join();
  set_contention_recording(false);
}

void print_ratio(const char *what, const bench::way &from, const bench::way &to) {
  const auto times = bench::ratio(bench::cpu_of(from), bench::cpu_of(to));
  std::printf("%s: %.3f times the CPU [%.3f - %.3f]\n", what, times.median, times.least,
              times.most);
}

template <typename Run>
void compare(const char *what, Run run, std::uint64_t times) {
  const std::string name = what;
  std::vector<bench::way> ways = {
      {name + ", C library", [&](std::uint64_t count) { run(of_library, false, count); }},
      {name + ", recording off", [&](std::uint64_t count) { run(of_program, false, count); }},
      {name + ", recording on", [&](std::uint64_t count) { run(of_program, true, count); }},
  };
  bench::run_rounds(ways, times, rounds);
  bench::print(ways);
  print_ratio("off against the C library", ways[0], ways[1]);
  print_ratio("on against off", ways[1], ways[2]);
  std::printf("\n");
}

}  // namespace

int main() {
  of_library.lock = find_of_library("pthread_mutex_lock");
  of_library.unlock = find_of_library("pthread_mutex_unlock");
  of_program.lock = &pthread_mutex_lock;
  of_program.unlock = &pthread_mutex_unlock;
  // While a process has one thread, glibc takes locks without atomic instructions.
  std::promise<void> is_done;
  std::thread bystander([&is_done] { is_done.get_future().wait(); });
  std::printf("a mutex is taken and released, %d rounds in turn\n\n", rounds);
  compare("free", run_free, pairs);
  compare("contended by two threads", run_contended, contended_pairs);
  is_done.set_value();
  bystander.join();
}
