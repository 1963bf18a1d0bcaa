// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "strategy/library.hpp"
#include "strategy/word.hpp"

namespace taskworker::strategy {

/// Where the function lies that does the tasks of a strategy. Makes an instance, which is
/// not started, and destroys it: the ABI tells the function no earlier. `options` as given by
/// the user. Throws load_error and word_error.
[[nodiscard]] std::uintptr_t find_process(const library &opened,
                                          const std::vector<given_option> &options);

}  // namespace taskworker::strategy
