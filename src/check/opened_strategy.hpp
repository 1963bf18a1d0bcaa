// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/ext/options.h>
#include <taskworker/ext/workload.h>
#include <taskworker/strategy.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "check/process_state.hpp"

namespace taskworker::check {

/// The steps in which a strategy is opened, in their order.
enum class opening_step : std::uint8_t { load, version, descriptor, init, options, workload };

/// A strategy opened step by step, as strategy::library does, but it knows which step was
/// refused. One in a process, at most. Use from one thread.
class opened_strategy {
 public:
  /// Goes as far as it can. An exception out of the strategy is a refusal.
  explicit opened_strategy(const std::filesystem::path &path);

  /// Calls the entry's deinit(), which is owed once its init() succeeded. Throws case_ended.
  void close();

  struct refusal {
    opening_step step = opening_step::load;
    std::string reason;  ///< names the file
  };
  [[nodiscard]] const std::optional<refusal> &refused() const { return refused_; }

  [[nodiscard]] const std::string &path() const { return path_; }  ///< absolute
  /// REQUIRES for these: nothing was refused.
  [[nodiscard]] const taskworker_entry &entry() const { return *entry_; }
  [[nodiscard]] const taskworker_options &options() const { return options_; }
  [[nodiscard]] const taskworker_workload *workload() const { return workload_; }

  /// The entry's answer; null where it has no get_extension(). Throws case_ended.
  [[nodiscard]] const void *extension(const char *id) const;

  /// What it wrote to standard output meanwhile, the begin of it.
  [[nodiscard]] const std::string &printed() const { return printed_; }

  /// As it was before the loader, and so before static constructors.
  [[nodiscard]] const process_state &process_before() const { return process_before_; }
  [[nodiscard]] const signal_state &signals_before() const { return signals_before_; }

  /// How long the loader and the entry's init() took.
  [[nodiscard]] std::chrono::nanoseconds opening_time() const { return opening_time_; }

 private:
  void open();
  void load();
  void check_version();
  void check_descriptor();
  void init();
  void read_options();
  void read_workload();

  std::string path_;
  const process_state process_before_ = read_process_state();
  const signal_state signals_before_;
  const taskworker_entry *entry_ = nullptr;
  taskworker_options options_{};
  const taskworker_workload *workload_ = nullptr;
  std::optional<refusal> refused_;
  std::chrono::nanoseconds opening_time_{0};
  std::string printed_;
  bool is_init_ = false;
};

}  // namespace taskworker::check
