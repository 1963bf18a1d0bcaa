// SPDX-License-Identifier: MIT
#include "profiling/heap/heap.hpp"

#include "profiling/heap/heap_snapshot.hpp"

namespace taskworker::profiling {

profile read_heap_profile() { return make_heap_profile(take_heap_snapshot()); }

}  // namespace taskworker::profiling
