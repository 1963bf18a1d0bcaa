// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "profiling/format/call_tree.hpp"
#include "profiling/profile.hpp"
#include "profiling/symbols/source_place.hpp"

namespace taskworker::profiling {

/// Lays stacks over one another, of one profile or of several. One thread at a time.
class call_tree_builder {
 public:
  /// The nodes that a frame stands for, outermost first; their parents are not set.
  using steps = std::vector<call_tree::node>;

  /// `program`: the path of the executable that was profiled; empty where not known.
  explicit call_tree_builder(std::string program) : program_(std::move(program)) {}

  /// The steps of a frame whose places are these, innermost first (symbols.hpp). Costs some
  /// lookups of texts: worth keeping for each frame. `is_synthetic`: synthetic_frame.hpp.
  [[nodiscard]] steps make_steps(const std::vector<source_place> &places, bool is_synthetic);

  /// Adds a sample; `steps_of(frame)` gives what make_steps() gave for it, or a reference to it.
  template <typename StepsOf>
  void add(const profile_sample &sample, StepsOf &&steps_of) {
    std::uint32_t at = call_tree::none;
    for (auto frame = sample.frames.rbegin(); frame != sample.frames.rend(); ++frame) {
      for (const call_tree::node &step : steps_of(*frame)) at = node_below(at, step);
    }
    add_value(at, sample);
  }

  /// The tree. The builder is not to be used after it.
  [[nodiscard]] call_tree take() { return std::move(tree_); }

 private:
  [[nodiscard]] code_owner owner_of(const source_place &place) const;
  std::uint32_t function_of(const source_place &place, code_owner owner);
  std::uint32_t node_below(std::uint32_t parent, call_tree::node step);
  void add_value(std::uint32_t node, const profile_sample &sample);

  std::string program_;
  call_tree tree_;
  std::map<std::tuple<std::string, std::string, std::string>, std::uint32_t> functions_;
  std::map<call_tree::node, std::uint32_t> nodes_;
  std::map<std::vector<label>, std::uint32_t> label_sets_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> leaves_;
};

}  // namespace taskworker::profiling
