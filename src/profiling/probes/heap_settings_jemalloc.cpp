// SPDX-License-Identifier: MIT
#include "profiling/probes/heap_settings.hpp"

#include <jemalloc/jemalloc.h>

#include <cstddef>

namespace taskworker::profiling {
namespace {

// What this jemalloc does not have reads as 0.
template <typename T>
T read(const char *name) noexcept {
  T value{};
  std::size_t size = sizeof value;
  return mallctl(name, &value, &size, nullptr, 0) == 0 ? value : T{};
}

}  // namespace

std::optional<heap_settings> read_heap_settings() noexcept {
  return heap_settings{
      .can_profile = read<bool>("config.prof"),
      .is_on = read<bool>("opt.prof"),
      .is_sampling = read<bool>("prof.active"),
      .sample_bytes = std::uint64_t{1} << read<std::size_t>("prof.lg_sample"),
  };
}

}  // namespace taskworker::profiling
