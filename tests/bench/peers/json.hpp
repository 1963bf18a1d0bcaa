// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "peers/reach.hpp"
#include "peers/section.hpp"

namespace bench::peers {

/// Writes all rounds of all sections. Throws std::runtime_error where it cannot.
void write_json(const std::string &path, bool is_quick, const std::vector<section> &sections,
                const std::vector<goal> &goals);

}  // namespace bench::peers
