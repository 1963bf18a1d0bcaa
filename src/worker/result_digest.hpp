// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <cstdint>

namespace taskworker::worker {

/// A number that stands for the task and its result: id, operation, kind, and scalar or data.
/// Sums of it, modulo 2^64, over the same tasks in any order are equal where all results are,
/// and else, but for one case in 2^64, differ. The info text is not part of it. Takes no memory.
/// [thread-safe]
[[nodiscard]] std::uint64_t digest_of(const taskworker_task &task,
                                      const taskworker_result &result) noexcept;

}  // namespace taskworker::worker
