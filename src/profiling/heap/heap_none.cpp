// SPDX-License-Identifier: MIT
// For builds without jemalloc.
#include "profiling/heap/heap.hpp"

namespace taskworker::profiling {
namespace {

[[noreturn]] void refuse() {
  throw heap_error(
      "this build has no heap profiles: it was made with -Djemalloc=disabled; build it with "
      "jemalloc (Debian's package is libjemalloc-dev)");
}

}  // namespace

void set_heap_sample(std::uint64_t) { refuse(); }

bool is_heap_sampling() { refuse(); }

void set_heap_sampling(bool) { refuse(); }

std::string dump_heap() { refuse(); }

}  // namespace taskworker::profiling
