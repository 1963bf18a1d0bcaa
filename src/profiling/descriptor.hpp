// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <chrono>
#include <string_view>
#include <utility>

namespace taskworker::profiling {

/// An open file, closed with the object; or none.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int number) : number_(number) {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(descriptor &&from) noexcept : number_(std::exchange(from.number_, -1)) {}
  descriptor &operator=(descriptor &&from) noexcept {
    std::swap(number_, from.number_);
    return *this;
  }

  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  [[nodiscard]] int number() const { return number_; }                ///< -1 where none is open
  [[nodiscard]] int release() { return std::exchange(number_, -1); }  ///< the caller closes it

 private:
  int number_ = -1;
};

/// Writes all of it: 0, or the errno of what failed. A pipe that nobody reads any more is EPIPE,
/// and no signal. Where `to` does not block, EAGAIN is told after `patience` in all. `to` is open.
/// [thread-safe]
[[nodiscard]] int write_all(int to, std::string_view bytes,
                            std::chrono::milliseconds patience = {});

}  // namespace taskworker::profiling
