// SPDX-License-Identifier: MIT
#include "common/worker_state.hpp"

namespace taskworker::strategies {

worker_state::worker_state(std::uint32_t index, std::size_t keep) : index_(index), results_(keep) {
  text_writer line(log_line_.data(), log_line_.size());
  start_log_line(line, index);
  log_line_start_ = line.size();
  text_writer data(metadata_.data(), metadata_.size());
  start_metadata(data, index);
  metadata_start_ = data.size();
}

void worker_state::write_texts(const taskworker_task &task,
                               const taskworker_result &result) noexcept {
  text_writer line(log_line_.data(), log_line_.size(), log_line_start_);
  end_log_line(line, task.id, result);
  log_line_size_ = line.fits() ? line.size() : 0;
  text_writer data(metadata_.data(), metadata_.size(), metadata_start_);
  end_metadata(data, task.id, processed() + 1);
  metadata_size_ = data.fits() ? data.size() : 0;
}

void worker_state::look() noexcept {
  const std::uint64_t now = processed();
  if (now == seen_) quiet_looks_.fetch_add(1, std::memory_order_relaxed);
  seen_ = now;
}

}  // namespace taskworker::strategies
