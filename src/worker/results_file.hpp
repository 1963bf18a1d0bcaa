// SPDX-License-Identifier: MIT
//
// Results kept in a file, so that those of another process can be held against them.
//
// The file is made of blocks of 64 bytes. Numbers are as the machine has them: little-endian on
// those that this is built for.
//
//   head    "taskworker.results/1\n", the workload's name, "\n"; zeros up to the next block
//   record  task id (8 bytes), scalar (8), bytes of data (8), operation (4), kind (4), zeros up
//           to the next block; the data, zeros up to the next block. Records stand in any order.
//   end     a record of the operation 0xffffffff, whose task id is the number of those before it
//
// So data is aligned as a strategy may expect it of a result. The info text is not kept. A file
// without an end is of a run that was cut off.
#pragma once

#include <taskworker/strategy.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "profiling/descriptor.hpp"
#include "strategy/text.hpp"
#include "worker/workload.hpp"

namespace taskworker::worker {

/// A file of results cannot be written, or cannot be used. what() is one line that names it.
class results_file_error : public std::runtime_error {
 public:
  explicit results_file_error(const std::string &text)
      : std::runtime_error(strategy::one_line(text)) {}
};

/// Writes results to a file as they come.
class results_writer {
 public:
  /// Creates the file, or empties it. Throws results_file_error.
  results_writer(std::string path, std::string_view workload);

  /// Keeps a result. What could not be written, finish() tells. Takes no memory. [thread-safe]
  void add(const taskworker_task &task, const taskworker_result &result) noexcept;

  /// Writes the end. Throws results_file_error when something could not be written; then no
  /// regular file is left. To be called once, after the last add().
  void finish();

  /// Writes what was added so far, and no end: the run is cut off, and the file tells so. What is
  /// added later is left out, and finish() changes nothing. Does not wait long for who hangs while
  /// it writes, nor for a pipe that nobody reads.
  /// Returns the number of results in the file, 0 when not all could be written. [thread-safe]
  std::uint64_t cut_off() noexcept;

 private:
  void put(const void *bytes, std::size_t size) noexcept;
  void put_zeros() noexcept;  ///< up to the next block
  void flush() noexcept;

  const std::string path_;
  std::mutex mutex_;           ///< of all below
  std::vector<char> waiting_;  ///< whole blocks; the first used_ bytes are to be written
  std::size_t used_ = 0;
  profiling::descriptor file_;
  std::uint64_t count_ = 0;  ///< of records
  int error_ = 0;            ///< the first errno; nothing is written after it
  bool is_cut_off_ = false;  ///< nor after this
};

/// The results of an earlier run, as those of this one must be. Const members are [thread-safe]
/// and take no memory but for words.
class expected_results {
 public:
  /// Reads the file at `path` whole. `tasks` must outlive this. Throws results_file_error when
  /// it is no such file, is damaged or cut off, or is of another workload.
  expected_results(const std::string &path, const workload &tasks);

  /// True when the file has a result of this task with the same operation, and it equals `result`
  /// in the eyes of the workload.
  [[nodiscard]] bool check(const taskworker_task &task, const taskworker_result &result) const;

  /// "got 5, old.results has 4": what is wrong with a result that check() refused.
  [[nodiscard]] std::string describe_mismatch(const taskworker_task &task,
                                              const taskworker_result &result) const;

 private:
  struct alignas(64) block {
    std::array<unsigned char, 64> bytes{};
  };
  struct place {
    std::uint64_t id = 0;
    std::size_t block = 0;  ///< where the record begins
  };
  struct kept_result {
    taskworker_operation operation = 0;
    taskworker_result result{};
  };

  void read(const std::string &path);
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::size_t check_head() const;
  [[nodiscard]] std::size_t find_records(std::size_t at);
  [[nodiscard]] std::size_t data_blocks(std::size_t at) const;
  void check_end(std::size_t at) const;
  void sort_places();
  [[nodiscard]] std::optional<kept_result> find(std::uint64_t id) const;
  [[noreturn]] void refuse(const std::string &reason) const;

  const std::string path_;  ///< as it is shown
  const workload &tasks_;
  std::vector<block> blocks_;  ///< the whole file
  std::vector<place> places_;  ///< by id
};

}  // namespace taskworker::worker
