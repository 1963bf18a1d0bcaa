// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "profiling/profile.hpp"
#include "profiling/sample_labels.hpp"

namespace taskworker::profiling {

/// A wall-clock profile: where all threads but its own are, running or not, from
/// construction on. Looks at a few threads at each tick (thread_stacks.hpp), in turn, each
/// look weighted so that every thread adds up to the whole window (wall_account.hpp); so it
/// disturbs a program of a thousand threads no more than one of ten. Only threads that end
/// before their turn comes are not seen. The looks interrupt blocked system calls (EINTR).
/// Runs on an own thread ("tw-wall"), which is gone with the object.
class wall_profiler {
 public:
  static constexpr unsigned default_hz = 50;
  static constexpr unsigned max_hz = 250;
  static constexpr unsigned threads_a_tick = 16;

  /// REQUIRES: 1 <= hz <= max_hz. Throws std::system_error.
  wall_profiler(sample_labels labels, unsigned hz);
  ~wall_profiler();
  wall_profiler(const wall_profiler &) = delete;
  wall_profiler &operator=(const wall_profiler &) = delete;

  /// What was seen until now, after a look at the threads whose turn has not come. Ends it.
  /// To be called once.
  [[nodiscard]] profile finish();

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace taskworker::profiling
