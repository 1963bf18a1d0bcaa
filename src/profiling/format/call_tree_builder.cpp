// SPDX-License-Identifier: MIT
#include "profiling/format/call_tree_builder.hpp"

#include <algorithm>
#include <functional>

namespace taskworker::profiling {
namespace {

/// Positions in a vector of different values.
template <typename Value>
std::uint32_t position_of(const Value &value, std::map<Value, std::uint32_t> &positions,
                          std::vector<Value> &all) {
  const auto [found, is_new] = positions.emplace(value, static_cast<std::uint32_t>(all.size()));
  if (is_new) all.push_back(value);
  return found->second;
}

}  // namespace

call_tree_builder::steps call_tree_builder::make_steps(const std::vector<source_place> &places,
                                                       bool is_synthetic) {
  steps made;
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    const code_owner owner = is_synthetic ? code_owner::measurement : owner_of(*place);
    made.push_back({.function = function_of(*place, owner),
                    .line = place->line,
                    .is_inlined = !made.empty()});  // the outermost is the real function
  }
  return made;
}

code_owner call_tree_builder::owner_of(const source_place &place) const {
  if (place.file.starts_with("/usr/include/")) return code_owner::library;
  return owner_of_module(place.module, program_);
}

std::uint32_t call_tree_builder::function_of(const source_place &place, code_owner owner) {
  call_tree::function function{.name = place.function.empty() ? describe(place) : place.function,
                               .file = place.file,
                               .module = place.module,
                               .owner = owner};
  const auto [found, is_new] =
      functions_.try_emplace({function.name, function.file, function.module},
                             static_cast<std::uint32_t>(tree_.functions.size()));
  if (is_new) tree_.functions.push_back(std::move(function));
  return found->second;
}

std::uint32_t call_tree_builder::node_below(std::uint32_t parent, call_tree::node step) {
  step.parent = parent;
  return position_of(step, nodes_, tree_.nodes);
}

void call_tree_builder::add_value(std::uint32_t node, const profile_sample &sample) {
  if (node == call_tree::none) {
    const auto none = function_of({.function = "[no stack]"}, code_owner::measurement);
    node = node_below(node, {.function = none});
  }
  const std::uint32_t labels = position_of(sample.labels, label_sets_, tree_.label_sets);
  const auto [found, is_new] = leaves_.try_emplace({node, labels}, tree_.leaves.size());
  if (is_new) {
    tree_.leaves.push_back({node, labels, sample.values});
    return;
  }
  auto &sum = tree_.leaves[found->second].values;
  std::transform(sum.begin(), sum.end(), sample.values.begin(), sum.begin(), std::plus());
}

}  // namespace taskworker::profiling
