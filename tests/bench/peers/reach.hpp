// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "peers/section.hpp"

namespace bench::peers {

/// A figure that taskworker is to reach, and what it came to.
struct goal {
  enum class bound : std::uint8_t { at_most, at_least };

  std::string what;
  bound side = bound::at_most;
  double limit = 0;
  std::string unit;
  std::optional<spread> figure = {};  ///< nothing where it was not measured

  [[nodiscard]] bool is_reached() const;
};

/// The reach table of the issue "As fast as the machine allows: the pool, the ABI and the
/// metrics measured against every peer", as far as these sections answer it. The limits are
/// the issue's: they are not for this program to change.
[[nodiscard]] std::vector<goal> find_reach(const std::vector<section> &sections);

void print(const std::vector<goal> &goals);

}  // namespace bench::peers
