// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "profiling/profile.hpp"

namespace taskworker::profiling {

/// Where threads were seen, over a time: {frames, labels}.
using wall_sight = std::pair<std::vector<std::uintptr_t>, std::vector<label>>;

/// Shares out the time of a wall-clock profile. A look at a thread stands for the time since
/// the look before, the last one for what is left; so a thread adds up to all of its time,
/// however seldom it was looked at. Times are any clock's nanoseconds, never falling.
class wall_account {
 public:
  explicit wall_account(std::uint64_t begin_ns);

  /// The threads that are there now. One counts from the list that it is first in (those of
  /// the first list: from the beginning) to the last.
  void list(std::span<const pid_t> tids, std::uint64_t now_ns);

  /// Whom to look at next: at most `most`, longest not looked at first.
  [[nodiscard]] std::vector<pid_t> next(std::size_t most) const;
  /// Who was not looked at yet.
  [[nodiscard]] std::vector<pid_t> unseen() const;

  /// A thread was looked at. Ignored when it is in no list.
  void see(pid_t tid, wall_sight sight, std::uint64_t now_ns);
  /// A thread was looked for but has ended.
  void miss(pid_t tid);

  /// Adds the time to `now_ns`, and gives it all: samples/count, time/nanoseconds, and how
  /// often a thread was looked at. To be called once.
  [[nodiscard]] profile take(std::uint64_t now_ns);

 private:
  struct thread {
    std::uint64_t counted_until_ns;
    std::optional<wall_sight> last;
  };
  void add_time(thread &of, std::uint64_t until_ns, std::int64_t looks);

  const std::uint64_t begin_ns_;
  std::uint64_t listed_ns_;  ///< when the last list was made; before the first, the begin
  bool is_listed_ = false;
  std::map<pid_t, thread> threads_;
  std::uint64_t looks_ = 0;
  std::uint64_t time_ns_ = 0;  ///< of all threads together
  profile_builder lines_;
};

}  // namespace taskworker::profiling
