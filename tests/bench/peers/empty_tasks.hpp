// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "peers/progress.hpp"

namespace bench::peers {

/// Tasks that do nothing but count, and are no more than a number.
class empty_tasks {
 public:
  using task = std::uint64_t;

  [[nodiscard]] static task make(std::uint64_t id) noexcept { return id; }
  void run(std::uint32_t worker, task) noexcept { progress_.add(worker); }

  [[nodiscard]] progress &counts() noexcept { return progress_; }

 private:
  progress progress_;
};

}  // namespace bench::peers
