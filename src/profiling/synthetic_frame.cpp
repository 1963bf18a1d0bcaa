// SPDX-License-Identifier: MIT
#include "profiling/synthetic_frame.hpp"

#include <array>

namespace taskworker::profiling {
namespace {

constexpr std::uintptr_t first = address_of(synthetic_frame::lost_samples);
constexpr std::uintptr_t count = address_of(synthetic_frame::end) - first;

// In the order of the enumeration.
constexpr std::array<std::string_view, count> names{
    "[lost samples]", "[timer overrun]", "[stack not readable further]",
    "[stack cut]",    "[history full]",  "[thread did not answer]",
    "[job]",          "[table full]",    "[lock handover]",
};

}  // namespace

std::optional<std::string_view> name_of_synthetic_frame(std::uintptr_t address) {
  if (address < first || address - first >= count) return std::nullopt;
  return names[address - first];
}

}  // namespace taskworker::profiling
