// SPDX-License-Identifier: MIT
#include "profiling/cpu/thread_roots.hpp"

#include <algorithm>
#include <string_view>

#include "profiling/symbols/modules.hpp"

namespace taskworker::profiling {
namespace {

// As the C library of GNU and its dynamic linker are called on all architectures.
bool is_root(const loaded_module &module) {
  const std::string_view path = module.path;
  const std::string_view file = path.substr(path.rfind('/') + 1);
  return path.starts_with("[vdso") || file.starts_with("libc.so") || file.starts_with("ld-linux") ||
         file.starts_with("ld64");
}

}  // namespace

thread_roots::thread_roots() {
  for (const auto &module : find_loaded_modules()) {
    const bool is_program = ranges_.empty();
    if (is_program || is_root(module)) ranges_.push_back({module.start, module.end});
  }
}

bool thread_roots::holds(std::uintptr_t frame) const {
  const std::uintptr_t call = frame - 1;
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [call](const range &each) { return call >= each.begin && call < each.end; });
}

}  // namespace taskworker::profiling
