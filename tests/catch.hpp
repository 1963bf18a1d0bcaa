// SPDX-License-Identifier: MIT
// Catch2 under one name: Debian 12 ships version 2 (one header), Debian 13 version 3.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
namespace Catch::Matchers {
// The name of version 3 for what version 2 calls Contains.
inline auto ContainsSubstring(const std::string &text) { return Contains(text); }
}  // namespace Catch::Matchers
#endif
