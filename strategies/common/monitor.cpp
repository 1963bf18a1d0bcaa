// SPDX-License-Identifier: MIT
#include "common/monitor.hpp"

#include <chrono>
#include <utility>

namespace taskworker::strategies {
namespace {

constexpr std::chrono::milliseconds tick(100);

}  // namespace

monitor::monitor(std::vector<std::shared_ptr<worker_state>> watched)
    : watched_(std::move(watched)), thread_([this](const std::stop_token &stop) { run(stop); }) {}

std::string monitor::report() const {
  const std::lock_guard lock(mutex_);
  return {report_.data(), report_size_};
}

void monitor::run(const std::stop_token &stop) {
  std::unique_lock lock(mutex_);
  do {
    write_report();
    wake_.wait_for(lock, stop, tick, [] { return false; });
  } while (!stop.stop_requested());
}

void monitor::write_report() {
  std::uint64_t processed = 0;
  std::uint64_t quiet_looks = 0;
  for (const auto &worker : watched_) {
    processed += worker->processed();
    quiet_looks += worker->quiet_looks();
  }
  text_writer text(report_.data(), report_.size());
  text << watched_.size() << " workers processed " << processed << " tasks, " << quiet_looks
       << " quiet looks";
  report_size_ = text.fits() ? text.size() : 0;
}

}  // namespace taskworker::strategies
