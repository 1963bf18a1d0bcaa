// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "profiling/symbols/modules.hpp"
#include "profiling/symbols/source_place.hpp"
#include "profiling/symbols/symbolizer.hpp"

namespace taskworker::profiling {

/// What is known of one frame.
struct resolved_frame {
  /// The call, then the calls around it that the compiler put in line: innermost first,
  /// never empty. A synthetic frame has its name as function and nothing else.
  std::vector<source_place> places;
  std::shared_ptr<const code_mapping> mapping;  ///< null where no module's code holds the call
};

/// What symbols may keep in memory.
struct symbol_limits {
  std::size_t cached_frames = 16'384;  ///< some 1.5 KB each; the whole cache is dropped beyond
  debug_size debug = symbolizer::default_limit;
};

/// Names for the frames of profiles, kept once found: the one symbolizer of the process,
/// with a cache in front.
///
/// A module counts as what it was when its frames were first asked for, or hold_modules()
/// saw it: its file is kept open, so that a file that is replaced or deleted on disk still
/// gives names. Of a module that was unloaded the names found before stay, until another one
/// lies at its addresses. A stripped module, and one whose file was not to be had, gives the
/// names it exports.
///
/// Bounded by its limits; tables are freed by release_idle_tables(), which is to be called
/// from time to time.
///
/// All functions are [thread-safe]; one at a time is served, a first look at a module takes
/// milliseconds, so not on threads that must answer at once.
class symbols {
 public:
  explicit symbols(symbol_limits limits = {});
  ~symbols();
  symbols(const symbols &) = delete;
  symbols &operator=(const symbols &) = delete;

  /// Opens the files of all modules that are mapped now and were not before.
  void hold_modules();

  /// The names of a frame, as profile_sample::frames has it.
  [[nodiscard]] std::shared_ptr<const resolved_frame> resolve(std::uintptr_t frame);

  /// The program's own mapping of code.
  [[nodiscard]] std::shared_ptr<const code_mapping> program_mapping();

  /// Frees what is not the cache when no new frame was looked up for so long: the next one
  /// costs more then. Does not wait: where a frame is being looked up, it does nothing.
  void release_idle_tables(std::chrono::nanoseconds idle);

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace taskworker::profiling
