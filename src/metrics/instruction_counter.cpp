// SPDX-License-Identifier: MIT
#include "metrics/instruction_counter.hpp"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace taskworker::metrics {
namespace {

int open_counter() noexcept {
  perf_event_attr what{};
  what.size = sizeof what;
  what.type = PERF_TYPE_HARDWARE;
  what.config = PERF_COUNT_HW_INSTRUCTIONS;
  what.inherit = 1;
  what.exclude_kernel = 1;
  what.exclude_hv = 1;
  what.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  constexpr int this_thread = 0;
  constexpr int any_cpu = -1;
  constexpr int no_group = -1;
  return static_cast<int>(
      ::syscall(SYS_perf_event_open, &what, this_thread, any_cpu, no_group, PERF_FLAG_FD_CLOEXEC));
}

}  // namespace

instruction_counter::instruction_counter() noexcept : descriptor_(open_counter()) {}

instruction_counter::~instruction_counter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<std::uint64_t> instruction_counter::read() const noexcept {
  struct {
    std::uint64_t value = 0;
    std::uint64_t enabled_ns = 0;
    std::uint64_t running_ns = 0;
  } counted;
  if (descriptor_ < 0) return std::nullopt;
  if (::read(descriptor_, &counted, sizeof counted) != sizeof counted) return std::nullopt;
  if (counted.running_ns != counted.enabled_ns) return std::nullopt;
  return counted.value;
}

}  // namespace taskworker::metrics
