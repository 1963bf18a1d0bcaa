// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <vector>

#include "check/guarded_memory.hpp"
#include "strategy/instance.hpp"

namespace taskworker::check {

/// A taskworker_config and all that it points to, in one guarded memory.
class lent_config {
 public:
  /// `is_sealed`: the strategy can only read it.
  lent_config(const strategy::instance_config &config, bool is_sealed);

  [[nodiscard]] const taskworker_config *abi() const {
    return static_cast<const taskworker_config *>(memory_.data());
  }

 private:
  guarded_memory memory_;
};

}  // namespace taskworker::check
