// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

namespace taskworker::profiling {

/// Knows where the stacks of threads begin: in the program, the C library, the dynamic linker
/// or what the kernel maps. A stack that seems to begin elsewhere, in a library or in no
/// module, was not read to its end. Constant: none of these is ever unmapped.
class thread_roots {
 public:
  thread_roots();

  /// `frame` as in profile_sample::frames.
  [[nodiscard]] bool holds(std::uintptr_t frame) const;

 private:
  struct range {
    std::uintptr_t begin;
    std::uintptr_t end;
  };
  std::vector<range> ranges_;
};

}  // namespace taskworker::profiling
