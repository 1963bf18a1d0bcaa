// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "profiling/running_task.hpp"

namespace taskworker::profiling {

/// What a thread has answered: where it is, and whom it works for. The frames are those of
/// profile_sample; they are valid as long as the request.
struct stack_answer {
  std::span<const std::uintptr_t> frames;
  task_mark mark;
};

/// Asks one thread of this process for its stack, by a signal that it answers when it runs
/// next. The question lies in one of `most_at_once` fixed places, the answer too, so the
/// thread that answers neither allocates nor locks. Any number of threads may ask at once.
class stack_request {
 public:
  static constexpr std::size_t max_depth = 128;
  static constexpr std::size_t most_at_once = 64;

  enum class result : std::uint8_t {
    asked,
    thread_ended,
    busy,  ///< all places are taken, or the system queues no more signals (RLIMIT_SIGPENDING)
  };

  /// Asks at once.
  explicit stack_request(pid_t tid) noexcept;
  /// Takes the question back: an answer that comes later changes nothing.
  ~stack_request();
  stack_request(const stack_request &) = delete;
  stack_request &operator=(const stack_request &) = delete;

  [[nodiscard]] result sent() const noexcept { return sent_; }
  /// Nothing while there is none.
  [[nodiscard]] std::optional<stack_answer> answer() const noexcept;

  /// The real-time signal that asks: the last of SIGRTMIN to SIGRTMAX that nobody used at
  /// the first call. Its handler stays for good. 0 = all were used, and all is busy.
  [[nodiscard]] static int signal_number() noexcept;

  /// How many answers there were, to anybody's requests.
  [[nodiscard]] static std::uint32_t count_answers() noexcept;
  /// Waits until there are more than `seen`. False when that took longer than `limit`.
  [[nodiscard]] static bool wait_for_answer(std::uint32_t seen,
                                            std::chrono::nanoseconds limit) noexcept;

 private:
  [[nodiscard]] result send(pid_t tid) noexcept;

  std::size_t place_ = most_at_once;  ///< most_at_once = none
  std::uint64_t number_ = 0;          ///< of the place's requests
  result sent_;
};

}  // namespace taskworker::profiling
