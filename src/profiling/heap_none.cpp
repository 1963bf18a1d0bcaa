// SPDX-License-Identifier: MIT
// For builds without jemalloc.
#include "profiling/heap.hpp"

namespace taskworker::profiling {
namespace {

[[noreturn]] void refuse() {
  throw heap_error("this build has no heap profiles: it was made with -Djemalloc=disabled");
}

}  // namespace

void set_heap_sample(std::uint64_t) { refuse(); }

void dump_heap(const std::string &) { refuse(); }

}  // namespace taskworker::profiling
