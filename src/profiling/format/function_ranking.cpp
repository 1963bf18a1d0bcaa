// SPDX-License-Identifier: MIT
#include "profiling/format/function_ranking.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace taskworker::profiling {
namespace {

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

struct share {
  std::int64_t self = 0;
  std::int64_t total = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy takes the comparison's 0 for a pointer
  auto operator<=>(const share &) const = default;
};

struct function_shares {
  share sum;
  std::map<std::uint32_t, share> by_line;
  std::size_t last_leaf = 0;  ///< the last one, counted from 1, that added to the total
};

/// Adds a leaf to the function that it lies in, and to all that called it, once each.
void add_leaf(const call_tree &tree, std::size_t leaf, std::int64_t value,
              std::vector<function_shares> &functions) {
  const std::uint32_t innermost = tree.leaves[leaf].node;
  for (std::uint32_t at = innermost; at != call_tree::none; at = tree.nodes[at].parent) {
    const auto &node = tree.nodes[at];
    auto &function = functions[node.function];
    if (std::exchange(function.last_leaf, leaf + 1) == leaf + 1) continue;
    auto &line = function.by_line[node.line];
    for (share *part : {&function.sum, &line}) {
      part->total += value;
      if (at == innermost) part->self += value;
    }
  }
}

std::string place_of(const call_tree::function &function, std::uint32_t line) {
  if (line == 0) return std::string(base_name(function.module));
  return std::string(base_name(function.file)) + ':' + std::to_string(line);
}

std::uint32_t largest_line(const function_shares &shares) {
  const auto largest =
      std::max_element(shares.by_line.begin(), shares.by_line.end(),
                       [](const auto &a, const auto &b) { return a.second < b.second; });
  return largest != shares.by_line.end() ? largest->first : 0;
}

/// The innermost node of the strategy's own code at or above another; none where there is none.
std::uint32_t find_own(const call_tree &tree, std::uint32_t node) {
  while (node != call_tree::none &&
         tree.functions[tree.nodes[node].function].owner != code_owner::strategy) {
    node = tree.nodes[node].parent;
  }
  return node;
}

bool ranks_before(const top_line &a, const top_line &b) {
  if (a.self != b.self) return a.self > b.self;
  if (a.total != b.total) return a.total > b.total;
  return a.function < b.function;
}

}  // namespace

std::vector<top_line> rank_functions(const call_tree &tree, std::size_t sample_type) {
  std::vector<function_shares> shares(tree.functions.size());
  for (std::size_t leaf = 0; leaf < tree.leaves.size(); ++leaf) {
    add_leaf(tree, leaf, tree.leaves[leaf].values[sample_type], shares);
  }
  std::vector<top_line> lines;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const auto &[self, total] = shares[i].sum;
    if (total == 0) continue;
    const auto &function = tree.functions[i];
    lines.push_back({without_anonymous(function.name), place_of(function, largest_line(shares[i])),
                     self, total});
  }
  std::sort(lines.begin(), lines.end(), ranks_before);
  return lines;
}

std::vector<own_line> rank_own_lines(const call_tree &tree, std::size_t sample_type) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> amounts;
  for (const auto &leaf : tree.leaves) {
    const std::uint32_t own = find_own(tree, leaf.node);
    if (own == call_tree::none) continue;
    amounts[{tree.nodes[own].function, tree.nodes[own].line}] += leaf.values[sample_type];
  }
  std::vector<own_line> lines;
  for (const auto &[at, amount] : amounts) {
    if (amount == 0) continue;
    const auto &function = tree.functions[at.first];
    lines.push_back({without_anonymous(function.name), place_of(function, at.second), amount});
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto &a, const auto &b) { return a.amount > b.amount; });
  return lines;
}

}  // namespace taskworker::profiling
