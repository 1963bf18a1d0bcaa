// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace taskworker::check {

enum class outcome : std::uint8_t { passed, failed, crashed, timed_out, skipped, warning };

/// "passed", "timed out", ...
[[nodiscard]] const char *name_of(outcome what) noexcept;

/// True for what makes a check end with a finding.
[[nodiscard]] constexpr bool is_finding(outcome what) noexcept {
  return what == outcome::failed || what == outcome::crashed || what == outcome::timed_out;
}

/// What a case came to.
struct verdict {
  outcome what = outcome::passed;
  std::string rule;    ///< of the header, and where it stands: "strategy.h (4)"; may be empty
  std::string detail;  ///< what was found and what was expected
};

/// Ends a case before its end.
class case_ended : public std::exception {
 public:
  explicit case_ended(verdict found) : found_(std::move(found)) {}
  [[nodiscard]] const verdict &found() const { return found_; }
  [[nodiscard]] const char *what() const noexcept override { return found_.detail.c_str(); }

 private:
  verdict found_;
};

/// End the case. They throw case_ended.
[[noreturn]] void fail(std::string rule, std::string detail);
[[noreturn]] void warn(std::string rule, std::string detail);
[[noreturn]] void skip(std::string reason);

/// Keeps what broke a rule where no case can be ended: in a call of the strategy, on any
/// thread. The first one of the process counts. [thread-safe]
void note_violation(const std::string &rule, const std::string &detail) noexcept;

/// The violation kept, which is forgotten by that; passed where there is none.
[[nodiscard]] verdict take_violation();

}  // namespace taskworker::check
