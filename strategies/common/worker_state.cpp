// SPDX-License-Identifier: MIT
#include "common/worker_state.hpp"

namespace taskworker::strategies {

void worker_state::write_texts(const taskworker_task &task,
                               const taskworker_result &result) noexcept {
  text_writer line(log_line_.data(), log_line_.size());
  write_log_line(line, index_, task.id, {result.info, result.info_size});
  log_line_size_ = line.fits() ? line.size() : 0;
  text_writer data(metadata_.data(), metadata_.size());
  write_metadata(data, index_, task.id, processed() + 1);
  metadata_size_ = data.fits() ? data.size() : 0;
}

void worker_state::look() noexcept {
  const std::uint64_t now = processed();
  if (now == seen_) quiet_looks_.fetch_add(1, std::memory_order_relaxed);
  seen_ = now;
}

}  // namespace taskworker::strategies
