// SPDX-License-Identifier: MIT
#pragma once

#include <string.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>

namespace taskworker::strategy {

/// A signal for a person: "SIGSEGV"; "signal 64" for one that has no name. Async-signal-safe,
/// as sigabbrev_np() is.
class signal_name {
 public:
  explicit signal_name(int number) noexcept {
    if (const char *abbreviation = ::sigabbrev_np(number)) {
      append("SIG");
      append(abbreviation);
      return;
    }
    append("signal ");
    char *const end = text_.data() + text_.size();
    size_ = static_cast<std::size_t>(std::to_chars(text_.data() + size_, end, number).ptr -
                                     text_.data());
  }

  /// Valid as long as this object.
  [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }

 private:
  void append(std::string_view piece) noexcept {
    const std::size_t taken = std::min(piece.size(), text_.size() - size_);
    std::copy_n(piece.data(), taken, text_.data() + size_);
    size_ += taken;
  }

  std::array<char, 24> text_{};  ///< the longest has 18: "signal -2147483648"
  std::size_t size_ = 0;
};

}  // namespace taskworker::strategy
