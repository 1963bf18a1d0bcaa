// SPDX-License-Identifier: MIT
#include "profiling/format/call_tree.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {
namespace {

class tree_builder {
 public:
  explicit tree_builder(symbols &names) : names_(names) {
    if (const auto program = names.program_mapping()) program_ = program->path;
  }

  void add(const profile_sample &sample) {
    std::uint32_t at = call_tree::none;
    for (auto frame = sample.frames.rbegin(); frame != sample.frames.rend(); ++frame) {
      for (const call_tree::node &step : steps_of(*frame)) at = node_below(at, step);
    }
    if (at == call_tree::none) at = node_below(at, step_without_stack());
    const std::uint32_t labels = position_of(sample.labels, label_positions_, tree_.label_sets);
    add_to_leaf(at, labels, sample.values);
  }

  call_tree take() { return std::move(tree_); }

 private:
  /// Positions in a vector of different values.
  template <typename Value, typename Positions>
  static std::uint32_t position_of(const Value &value, Positions &positions,
                                   std::vector<Value> &all) {
    const auto [found, is_new] = positions.emplace(value, static_cast<std::uint32_t>(all.size()));
    if (is_new) all.push_back(value);
    return found->second;
  }

  /// The nodes that a frame stands for, outermost first, without their parents.
  const std::vector<call_tree::node> &steps_of(std::uintptr_t frame) {
    const auto [found, is_new] = steps_.try_emplace(frame);
    if (is_new) found->second = resolve(frame);
    return found->second;
  }

  std::vector<call_tree::node> resolve(std::uintptr_t frame) {
    const auto resolved = names_.resolve(frame);
    const bool is_synthetic = name_of_synthetic_frame(frame).has_value();
    std::vector<call_tree::node> steps;
    for (auto place = resolved->places.rbegin(); place != resolved->places.rend(); ++place) {
      const code_owner owner = is_synthetic ? code_owner::measurement : owner_of(*place);
      steps.push_back({.function = function_of(*place, owner),
                       .line = place->line,
                       .is_inlined = !steps.empty()});  // the outermost is the real function
    }
    return steps;
  }

  [[nodiscard]] code_owner owner_of(const source_place &place) const {
    if (place.file.starts_with("/usr/include/")) return code_owner::library;
    return owner_of_module(place.module, program_);
  }

  std::uint32_t function_of(const source_place &place, code_owner owner) {
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

  call_tree::node step_without_stack() {
    return {.function = function_of({.function = "[no stack]"}, code_owner::measurement)};
  }

  std::uint32_t node_below(std::uint32_t parent, call_tree::node step) {
    step.parent = parent;
    return position_of(step, node_positions_, tree_.nodes);
  }

  void add_to_leaf(std::uint32_t node, std::uint32_t labels,
                   const std::vector<std::int64_t> &values) {
    const auto [found, is_new] = leaves_.try_emplace({node, labels}, tree_.leaves.size());
    if (is_new) {
      tree_.leaves.push_back({node, labels, values});
      return;
    }
    auto &sum = tree_.leaves[found->second].values;
    std::transform(sum.begin(), sum.end(), values.begin(), sum.begin(), std::plus());
  }

  symbols &names_;
  std::string program_;
  call_tree tree_;
  std::unordered_map<std::uintptr_t, std::vector<call_tree::node>> steps_;
  std::map<std::tuple<std::string, std::string, std::string>, std::uint32_t> functions_;
  std::map<call_tree::node, std::uint32_t> node_positions_;
  std::map<std::vector<label>, std::uint32_t> label_positions_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> leaves_;
};

bool is_in_system_folder(std::string_view path) {
  return path.starts_with("/lib") || path.starts_with("/usr/lib") ||
         path.starts_with("/usr/local/lib");
}

}  // namespace

code_owner owner_of_module(std::string_view path, std::string_view program) {
  if (path.empty()) return code_owner::unknown;
  if (path == program) return code_owner::program;
  if (path.starts_with("[v") || path.starts_with("linux-vdso")) return code_owner::kernel;
  if (path.find("/strategies/") != path.npos) return code_owner::strategy;
  // Libraries of the system carry a version; what is opened as a plug-in does not.
  const bool is_versioned = path.substr(path.rfind('/') + 1).find(".so.") != path.npos;
  return is_versioned || is_in_system_folder(path) ? code_owner::library : code_owner::strategy;
}

call_tree build_call_tree(const profile &source, symbols &names) {
  tree_builder builder(names);
  for (const auto &sample : source.samples) builder.add(sample);
  return builder.take();
}

}  // namespace taskworker::profiling
