// SPDX-License-Identifier: MIT
#include "check/verdict.hpp"

#include <mutex>
#include <new>

namespace taskworker::check {
namespace {

std::mutex violation_mutex;
verdict first_violation;  // protected by violation_mutex

}  // namespace

const char *name_of(outcome what) noexcept {
  switch (what) {
    case outcome::passed:
      return "passed";
    case outcome::failed:
      return "failed";
    case outcome::crashed:
      return "crashed";
    case outcome::timed_out:
      return "timed out";
    case outcome::skipped:
      return "skipped";
    case outcome::warning:
      return "warning";
  }
  return "failed";
}

void fail(std::string rule, std::string detail) {
  throw case_ended({outcome::failed, std::move(rule), std::move(detail)});
}

void warn(std::string rule, std::string detail) {
  throw case_ended({outcome::warning, std::move(rule), std::move(detail)});
}

void skip(std::string reason) { throw case_ended({outcome::skipped, "", std::move(reason)}); }

void note_violation(const std::string &rule, const std::string &detail) noexcept {
  const std::lock_guard lock(violation_mutex);
  if (first_violation.what != outcome::passed) return;
  first_violation.what = outcome::failed;
  try {
    first_violation.rule = rule;
    first_violation.detail = detail;
  } catch (const std::bad_alloc &) {
    // Without its words it is still a failure.
  }
}

verdict take_violation() {
  const std::lock_guard lock(violation_mutex);
  return std::exchange(first_violation, verdict{});
}

}  // namespace taskworker::check
