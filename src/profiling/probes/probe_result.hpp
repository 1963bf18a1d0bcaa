// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

namespace taskworker::profiling {

enum class probe_verdict {
  ok,
  warning,  ///< works, but results are worse for it or a part of them cannot be had
  failed    ///< something that is needed does not work
};

/// What a probe of this machine has come to.
struct probe_result {
  std::string name;  ///< two or three words, the same whatever was found
  probe_verdict verdict = probe_verdict::ok;
  std::string found;   ///< what is so, with figures
  std::string advice;  ///< what to do about it; empty where all is well
};

[[nodiscard]] inline probe_result passed(std::string name, std::string found) {
  return {std::move(name), probe_verdict::ok, std::move(found), ""};
}

[[nodiscard]] inline probe_result warned(std::string name, std::string found, std::string advice) {
  return {std::move(name), probe_verdict::warning, std::move(found), std::move(advice)};
}

[[nodiscard]] inline probe_result unmet(std::string name, std::string found, std::string advice) {
  return {std::move(name), probe_verdict::failed, std::move(found), std::move(advice)};
}

}  // namespace taskworker::profiling
