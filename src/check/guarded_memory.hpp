// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace taskworker::check {

/// What lies in memory that a strategy is lent: static data, for the words of a report.
struct lent_thing {
  const char *name;  ///< "the task's payload"
  const char *rule;  ///< "strategy.h, taskworker_task"
};

/// How close to memory that cannot be touched the lent bytes end.
enum class placement { roomy, exact };

/// Memory that is lent to a strategy, between pages that cannot be touched. What a touch of
/// those, or a write to sealed memory, comes to: fault_report.hpp. The bytes around the lent
/// ones within their pages hold a pattern. Use from one thread at a time.
class guarded_memory {
 public:
  /// `bytes` may be 0; `alignment` is a power of 2 up to 4096. With placement::exact the bytes
  /// end where the page does, as far as the alignment of their begin allows; with
  /// placement::roomy a page follows that a stray write may change unseen. Throws
  /// std::system_error.
  guarded_memory(const lent_thing &what, std::size_t bytes, std::size_t alignment, placement where);
  ~guarded_memory();
  guarded_memory(const guarded_memory &) = delete;
  guarded_memory &operator=(const guarded_memory &) = delete;

  [[nodiscard]] void *data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// From now on the bytes can be read only.
  void seal();

  /// False when the pattern around the bytes has been written over.
  [[nodiscard]] bool has_whole_margins() const;

 private:
  [[nodiscard]] std::byte *begin() const;
  [[nodiscard]] std::byte *end() const;
  void fill_margins();

  const lent_thing &what_;
  std::byte *mapping_ = nullptr;
  std::size_t mapping_size_;
  std::byte *data_ = nullptr;
  std::size_t size_;
  std::size_t region_ = 0;  ///< number in the table of guarded regions
};

/// The memory around an address, for a handler of signals: null name where it is none.
struct touched_memory {
  const lent_thing *thing = nullptr;
  std::string_view way;  ///< "touched memory behind", "wrote to", ...
};
/// [thread-safe, signal-safe]
[[nodiscard]] touched_memory find_touched(const void *address) noexcept;

}  // namespace taskworker::check
