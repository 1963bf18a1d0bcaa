// SPDX-License-Identifier: MIT
// For builds without jemalloc: nothing is counted.
#include "metrics/allocator.hpp"

#include <cstdlib>

namespace taskworker::metrics {

const char *allocator_name() noexcept { return "system"; }

std::optional<allocator_figures> read_allocator() { return std::nullopt; }

std::uint64_t thread_allocated_bytes() noexcept { return 0; }

thread_arena::thread_arena() = default;

void thread_arena::enter() const noexcept {}

std::uint64_t thread_arena::allocations() const { return 0; }

std::uint64_t thread_arena::allocations_here() { return 0; }

void thread_arena::flush() noexcept {}

void *host_allocate(std::size_t bytes) noexcept { return std::malloc(bytes); }

void host_free(void *memory) noexcept { std::free(memory); }

}  // namespace taskworker::metrics
