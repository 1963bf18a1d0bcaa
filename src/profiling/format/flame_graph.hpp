// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "profiling/format/call_tree.hpp"
#include "profiling/profile.hpp"
#include "profiling/symbols/symbols.hpp"

namespace taskworker::profiling {

/// A page that shows the profile as a flame graph, with a table of functions beside it: one
/// self-contained HTML document that asks the network for nothing and works from a file.
/// `title` as "cpu, bad, the last 60 s". All sample types are in it, to choose from; a fragment
/// chooses, as "#type=alloc_space&search=keep_result&worker=3".
[[nodiscard]] std::string flame_graph_page(const std::string &title, const profile &source,
                                           symbols &names);

/// The same, with names already found. The samples of `source` are not looked at.
[[nodiscard]] std::string flame_graph_page(const std::string &title, const profile &source,
                                           const call_tree &tree);

}  // namespace taskworker::profiling
