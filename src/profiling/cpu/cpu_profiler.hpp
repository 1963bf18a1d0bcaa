// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "profiling/profile.hpp"
#include "profiling/sample_labels.hpp"

namespace taskworker::profiling {

/// One sampler, many readers: CPU profiles over any number of windows at once, each at its
/// own rate, and of the minutes just gone without asking before.
///
/// Timers run at the highest rate that somebody wants. A slower reader gets a thinning of
/// it, thread by thread: a sample for each period of its own that a thread has used, so the
/// CPU time in a profile does not depend on who else reads. An own thread ("tw-profiler")
/// takes the samples over every 50 ms; it is sampled as all others.
///
/// What could not be seen is in the profile all the same, under a frame that says so
/// (synthetic_frame.hpp), and the comments tell how much it was.
class cpu_profiler {
 public:
  static constexpr unsigned default_hz = 100;
  static constexpr unsigned max_hz = 250;  ///< the kernel looks at CPU timers no more often
  static constexpr unsigned max_test_hz = 1000;
  static constexpr unsigned history_hz = 20;
  static constexpr std::chrono::seconds history_length = std::chrono::minutes(5);

  struct settings {
    bool keeps_history = true;  ///< sampling always runs, at history_hz at least
  };

  /// Starts the thread. There can be one in a process at a time. Throws std::system_error.
  cpu_profiler(sample_labels labels, settings how);
  explicit cpu_profiler(sample_labels labels);
  ~cpu_profiler();
  cpu_profiler(const cpu_profiler &) = delete;
  cpu_profiler &operator=(const cpu_profiler &) = delete;

  /// A running profile; ends, unread, with the object. Must not outlive the profiler.
  class window {
   public:
    class state;
    explicit window(std::unique_ptr<state> opened);
    ~window();
    window(window &&) noexcept;
    window &operator=(window &&) noexcept;
    window(const window &) = delete;
    window &operator=(const window &) = delete;

    /// What was sampled from open() until now, up to the last tick of a CPU timer. Ends it.
    /// To be called once.
    [[nodiscard]] profile finish();

   private:
    std::unique_ptr<state> state_;
  };

  /// Begins a profile: all threads have their timers when it returns. REQUIRES:
  /// 1 <= hz <= max_test_hz. [thread-safe]
  [[nodiscard]] window open(unsigned hz);

  /// The time just gone, at most as long as what is kept: duration_ns tells. REQUIRES:
  /// keeps_history. [thread-safe]
  [[nodiscard]] profile last(std::chrono::nanoseconds time);

  /// CPU time of the profiler's own thread. The handler's: sampler_figures. [thread-safe]
  [[nodiscard]] std::uint64_t own_cpu_ns() const noexcept;

  /// Samples whose stack does not begin where threads begin. [thread-safe]
  [[nodiscard]] std::uint64_t failed_unwinds() const noexcept;

 private:
  class engine;
  std::unique_ptr<engine> engine_;
};

}  // namespace taskworker::profiling
