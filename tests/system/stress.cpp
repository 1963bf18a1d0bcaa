// SPDX-License-Identifier: MIT
// stress SECONDS LIBRARY.so: everything that a sampler can meet, at once: samples at 1 kHz,
// libraries that are opened and closed, exceptions, allocations that are sampled, threads
// that come and go, locks, and four readers. It ends with 1 when a part stands still for
// `patience`, which names the part; a deadlock or a crash shows by itself.
#include <dlfcn.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "profiling/contention/contention.hpp"
#include "profiling/cpu/cpu_profiler.hpp"
#include "profiling/cpu/sampler.hpp"
#include "profiling/format/pprof_encoder.hpp"
#include "profiling/heap/heap.hpp"
#include "profiling/symbols/symbols.hpp"
#include "profiling/threads/thread_stacks.hpp"
#include "profiling/threads/wall_profiler.hpp"

namespace {

using namespace taskworker::profiling;
using std::chrono::seconds;

// Far above what a step takes under a sanitizer on a busy machine.
constexpr seconds patience{120};

/// One thing that is done over and over.
struct part {
  std::string name;
  std::function<void()> step;
  std::atomic<std::uint64_t> steps{0};
};

void open_and_close(const char *library) {
  void *const handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw std::runtime_error(dlerror());
  dlclose(handle);
}

[[gnu::noinline]] void throw_from(int depth) {
  if (depth == 0) throw std::runtime_error("thrown on purpose");
  throw_from(depth - 1);
  asm volatile("");  // no tail call: the stack shall be deep
}

void throw_and_catch() {
  try {
    throw_from(20);
  } catch (const std::runtime_error &) {
  }
}

void allocate_and_free() {
  std::list<std::vector<char>> held;
  for (std::size_t i = 1; i < 200; ++i) held.emplace_back(i * 16);
}

void start_threads() {
  std::array<std::thread, 8> threads;
  for (auto &each : threads) each = std::thread(throw_and_catch);
  for (auto &each : threads) each.join();
}

void contend(std::mutex &shared) {
  const std::lock_guard lock(shared);
  throw_and_catch();
}

sample_labels labels() { return {"stress", {}}; }

/// The four readers: CPU at two rates, the heap, and where all threads are.
class readers {
 public:
  void read_cpu(unsigned hz, std::chrono::milliseconds time) {
    auto window = profiler_.open(hz);
    wait(time);
    (void)encode_pprof(window.finish(), names_);
    (void)profiler_.last(seconds(10));
  }
  void read_heap() {
    try {
      (void)encode_pprof(read_heap_profile(), names_);
    } catch (const heap_error &) {
      wait(std::chrono::milliseconds(100));  // a build without jemalloc
    }
  }
  void read_threads() {
    wall_profiler wall(labels(), wall_profiler::max_hz);
    for (const auto &thread : read_thread_stacks()) {
      for (const auto frame : thread.frames) (void)names_.resolve(frame);
    }
    (void)encode_pprof(wall.finish(), names_);
    (void)encode_pprof(read_block_profile(), names_);
  }

 private:
  static void wait(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

  symbols names_;
  cpu_profiler profiler_{labels()};
};

std::list<part> make_parts(const char *library, std::mutex &shared, readers &readers) {
  std::list<part> parts;
  const auto add = [&parts](const char *name, std::function<void()> step) {
    parts.emplace_back().name = name;
    parts.back().step = std::move(step);
  };
  add("dlopen", [library] { open_and_close(library); });
  add("exceptions", throw_and_catch);
  add("allocations", allocate_and_free);
  add("threads", start_threads);
  add("a lock", [&shared] { contend(shared); });
  add("the same lock", [&shared] { contend(shared); });
  add("CPU profiles at 1 kHz",
      [&readers] { readers.read_cpu(cpu_profiler::max_test_hz, std::chrono::milliseconds(500)); });
  add("CPU profiles at 10 Hz",
      [&readers] { readers.read_cpu(10, std::chrono::milliseconds(300)); });
  add("heap profiles", [&readers] { readers.read_heap(); });
  add("threads' stacks", [&readers] { readers.read_threads(); });
  return parts;
}

/// Ends the process when a part has done nothing for too long.
void watch(const std::list<part> &parts, seconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  std::vector<std::uint64_t> seen(parts.size(), 0);
  while (std::chrono::steady_clock::now() < end) {
    const auto late = std::chrono::steady_clock::now() + patience;
    std::size_t index = 0;
    for (const part &each : parts) {
      while (each.steps == seen[index]) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        if (std::chrono::steady_clock::now() < late) continue;
        std::fprintf(stderr, "stress: %s stand still\n", each.name.c_str());
        std::_Exit(1);
      }
      seen[index++] = each.steps;
    }
  }
}

void print_figures(const std::list<part> &parts) {
  for (const part &each : parts) {
    std::printf("%-24s %12llu steps\n", each.name.c_str(),
                static_cast<unsigned long long>(each.steps.load()));
  }
  const auto sampler = read_sampler_figures();
  std::printf("%-24s %12llu taken, %llu ticks lost, %llu overruns, %llu faults\n", "samples",
              static_cast<unsigned long long>(sampler.samples),
              static_cast<unsigned long long>(sampler.lost_ticks),
              static_cast<unsigned long long>(sampler.overruns),
              static_cast<unsigned long long>(sampler.faults));
}

}  // namespace

int main(int argc, char **argv) {
  const int time = argc == 3 ? std::atoi(argv[1]) : 0;
  if (time < 1) {
    std::fprintf(stderr, "usage: stress SECONDS LIBRARY.so\n");
    return 2;
  }
  set_contention_recording(true);
  std::mutex shared;
  readers all;
  auto parts = make_parts(argv[2], shared, all);
  std::atomic<bool> ending{false};
  std::vector<std::thread> threads;
  for (part &each : parts) {
    threads.emplace_back([&each, &ending] {
      while (!ending) {
        each.step();
        ++each.steps;
      }
    });
  }
  watch(parts, seconds(time));
  ending = true;
  for (auto &each : threads) each.join();
  print_figures(parts);
  return read_sampler_figures().samples > 0 ? 0 : 1;
}
