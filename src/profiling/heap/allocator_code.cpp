// SPDX-License-Identifier: MIT
#include "profiling/heap/allocator_code.hpp"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <array>
#include <optional>

#include "profiling/symbols/modules.hpp"

namespace taskworker::profiling {
namespace {

// operator new as the Itanium C++ ABI names it (m: a 64-bit size_t): for one object (nw) or
// an array (na), also aligned, also nothrow.
constexpr std::array functions{
    "_Znwm",
    "_ZnwmRKSt9nothrow_t",
    "_ZnwmSt11align_val_t",
    "_ZnwmSt11align_val_tRKSt9nothrow_t",
    "_Znam",
    "_ZnamRKSt9nothrow_t",
    "_ZnamSt11align_val_t",
    "_ZnamSt11align_val_tRKSt9nothrow_t",
    "malloc",
    "calloc",
    "realloc",
    "reallocarray",
    "posix_memalign",
    "aligned_alloc",
    "memalign",
    "valloc",
    "pvalloc",
};

/// The function of that name that calls go to.
std::optional<code_range> find_function(const char *name) {
  void *const address = dlsym(RTLD_DEFAULT, name);
  Dl_info info{};
  void *entry = nullptr;
  if (address == nullptr || dladdr1(address, &info, &entry, RTLD_DL_SYMENT) == 0) return {};
  if (entry == nullptr) return {};
  const auto begin = reinterpret_cast<std::uintptr_t>(info.dli_saddr);
  return code_range{begin, begin + static_cast<const ElfW(Sym) *>(entry)->st_size};
}

/// The library that jemalloc is in, unless it is in the program.
std::optional<code_range> find_jemalloc() {
  const auto address = reinterpret_cast<std::uintptr_t>(dlsym(RTLD_DEFAULT, "mallctl"));
  const auto modules = find_loaded_modules();
  const auto found = std::find_if(modules.begin(), modules.end(), [&](const auto &module) {
    return module.start <= address && address < module.end;
  });
  if (found == modules.end() || found == modules.begin()) return {};
  return code_range{found->start, found->end};
}

}  // namespace

std::vector<code_range> find_allocator_code() {
  std::vector<code_range> ranges;
  if (const auto jemalloc = find_jemalloc()) ranges.push_back(*jemalloc);
  for (const char *const name : functions) {
    if (const auto function = find_function(name)) ranges.push_back(*function);
  }
  return ranges;
}

}  // namespace taskworker::profiling
