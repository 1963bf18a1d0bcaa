// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "check/call.hpp"
#include "check/verdict.hpp"

namespace taskworker::check {

/// What a case leaves of itself, in memory that outlives a crash: a child process shares it
/// with its parent. Nothing of it allocates, so that a signal handler may write.
class result_page {
 public:
  /// The first verdict holds; false when there was one before. Texts that are too long are
  /// cut. [thread-safe, signal-safe]
  bool conclude(outcome what, std::string_view rule, std::string_view detail) noexcept;

  /// The verdict; nothing while there is none.
  [[nodiscard]] std::optional<verdict> concluded() const;

  void enter(call what) noexcept { last_call_.store(what, std::memory_order_relaxed); }
  [[nodiscard]] call last_call() const noexcept {
    return last_call_.load(std::memory_order_relaxed);
  }

  /// Name and version, once they are known.
  void set_strategy(std::string_view name, std::string_view version) noexcept;
  [[nodiscard]] std::string strategy_name() const;
  [[nodiscard]] std::string strategy_version() const;

  /// The command line does not fit the strategy: no case can be run.
  void set_usage_error(std::string_view text) noexcept;
  [[nodiscard]] std::string usage_error() const;

 private:
  enum class stage : std::uint32_t { empty, being_written, written };
  template <std::size_t Size>
  using fixed = std::array<char, Size>;

  std::atomic<stage> stage_{stage::empty};
  std::atomic<call> last_call_{call::none};
  outcome what_ = outcome::passed;
  fixed<128> rule_{};
  fixed<4096> detail_{};
  fixed<128> name_{};
  fixed<128> version_{};
  fixed<1024> usage_error_{};
};

/// The page of the case that runs in this process.
[[nodiscard]] result_page &current_page() noexcept;

/// From now on the page is `page`, which stays where it is.
void set_current_page(result_page &page) noexcept;

/// A page that child processes can be given, by the number of a descriptor that they inherit.
class shared_page {
 public:
  /// A new one. Throws std::system_error.
  shared_page();
  /// That of the parent. The descriptor is closed. Throws std::system_error.
  explicit shared_page(int descriptor);
  ~shared_page();
  shared_page(const shared_page &) = delete;
  shared_page &operator=(const shared_page &) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] result_page &page() { return *page_; }

 private:
  void map();

  int descriptor_;
  result_page *page_ = nullptr;
};

}  // namespace taskworker::check
