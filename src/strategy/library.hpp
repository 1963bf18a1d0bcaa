// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/ext/options.h>
#include <taskworker/ext/workload.h>
#include <taskworker/strategy.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace taskworker::strategy {

/// A strategy that was not found, was refused, or failed before it ran. what()
/// is one line that names the file, what was found and what was expected.
class load_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The first step of what library does: opens the file at `path`, which is absolute, and
/// finds its entry, of which nothing has been read yet. Throws load_error.
[[nodiscard]] const taskworker_entry &open_entry(const std::string &path);

/// A strategy's shared library, opened and checked: the symbol is there, the
/// version fits, the descriptor and the static extensions are sound, the entry's
/// init() succeeded.
///
/// Opened by absolute path with RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE and never
/// closed, so that the addresses in profiles keep their meaning; the destructor
/// calls the entry's deinit() only. Use from one thread at a time.
class library {
 public:
  /// Opens the file at `path`. Throws load_error.
  explicit library(const std::filesystem::path &path);
  ~library();
  library(const library &) = delete;
  library &operator=(const library &) = delete;

  [[nodiscard]] const std::string &path() const { return path_; }  ///< absolute
  [[nodiscard]] const taskworker_entry &entry() const { return *entry_; }
  [[nodiscard]] const taskworker_descriptor &descriptor() const { return entry_->descriptor; }

  /// The declared options; count 0 when the strategy declares none.
  [[nodiscard]] const taskworker_options &options() const { return options_; }

  /// The strategy's own workload, or null when it does the built-in operations.
  [[nodiscard]] const taskworker_workload *workload() const { return workload_; }

 private:
  void init_entry() const;
  void deinit_entry() const noexcept;
  void read_extensions();

  std::string path_;
  const taskworker_entry *entry_ = nullptr;
  taskworker_options options_{};
  const taskworker_workload *workload_ = nullptr;
};

/// The text of --help-strategy: the descriptor, the workload, the options; at most
/// 80 columns, apart from the path.
[[nodiscard]] std::string describe(const library &opened);

}  // namespace taskworker::strategy
