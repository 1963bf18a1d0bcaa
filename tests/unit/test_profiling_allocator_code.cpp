// SPDX-License-Identifier: MIT
#include "profiling/heap/allocator_code.hpp"

#include <dlfcn.h>

#include <algorithm>

#include "catch.hpp"

using taskworker::profiling::code_range;
using taskworker::profiling::find_allocator_code;

namespace {

bool is_covered(std::uintptr_t address) {
  const auto ranges = find_allocator_code();
  return std::any_of(ranges.begin(), ranges.end(), [&](const code_range &range) {
    return range.begin <= address && address < range.end;
  });
}

std::uintptr_t address_of(const char *function) {
  return reinterpret_cast<std::uintptr_t>(dlsym(RTLD_DEFAULT, function));
}

}  // namespace

TEST_CASE("what a program allocates by is the allocator's code", "[profiling_allocator_code]") {
  for (const char *const name :
       {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "_Znwm", "_Znam",
        "_ZnwmRKSt9nothrow_t", "_ZnwmSt11align_val_t", "_ZnamSt11align_val_tRKSt9nothrow_t"}) {
    INFO(name);
    REQUIRE(address_of(name) != 0);
    CHECK(is_covered(address_of(name)));
  }
}

TEST_CASE("what calls the allocator is not its code", "[profiling_allocator_code]") {
  CHECK_FALSE(is_covered(reinterpret_cast<std::uintptr_t>(&is_covered)));
  CHECK_FALSE(is_covered(address_of("strdup")));
  CHECK_FALSE(is_covered(address_of("memcpy")));
  CHECK_FALSE(is_covered(address_of("__cxa_throw")));
}

#ifdef TASKWORKER_HAVE_JEMALLOC
TEST_CASE("all of jemalloc's library is the allocator's code", "[profiling_allocator_code]") {
  Dl_info jemalloc{};
  Dl_info program{};
  REQUIRE(dladdr(dlsym(RTLD_DEFAULT, "mallctl"), &jemalloc) != 0);
  REQUIRE(dladdr(reinterpret_cast<void *>(&is_covered), &program) != 0);
  if (jemalloc.dli_fbase == program.dli_fbase) return;  // linked into the program
  CHECK(is_covered(address_of("mallctl")));
  CHECK(is_covered(reinterpret_cast<std::uintptr_t>(jemalloc.dli_fbase)));
}
#endif
