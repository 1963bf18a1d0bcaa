// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "common/texts.hpp"
#include "common/worker_state.hpp"

namespace taskworker::strategies {

/// A thread that adds up what the workers did, ten times a second, and ends with this
/// object: its stop token wakes it from its wait, and the jthread joins it. [thread-safe]
class monitor {
 public:
  /// Throws std::system_error when the thread cannot be had.
  explicit monitor(std::vector<std::shared_ptr<worker_state>> watched);
  monitor(const monitor &) = delete;
  monitor &operator=(const monitor &) = delete;

  /// What was seen last: "2 workers processed 450 tasks, 3 quiet looks".
  [[nodiscard]] std::string report() const;

 private:
  void run(const std::stop_token &stop);
  void write_report();

  const std::vector<std::shared_ptr<worker_state>> watched_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;  ///< notified by the stop token alone
  // Protected by mutex_.
  std::array<char, max_text> report_;
  std::size_t report_size_ = 0;

  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace taskworker::strategies
