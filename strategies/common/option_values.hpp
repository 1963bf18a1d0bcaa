// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <cstdint>
#include <string_view>

/// What the user gave for the options of a strategy. The host has checked it against
/// their declaration; where it did not, these throw std::invalid_argument, which names
/// the option.
namespace taskworker::strategies {

/// Valid as long as `config`.
[[nodiscard]] std::string_view text_of(const taskworker_config &config, std::string_view option);

/// Of an option that is never negative.
[[nodiscard]] std::uint64_t number_of(const taskworker_config &config, std::string_view option);

/// Whether `member` is in the value of an option that is a set.
[[nodiscard]] bool has_member(const taskworker_config &config, std::string_view option,
                              std::string_view member);

}  // namespace taskworker::strategies
