// SPDX-License-Identifier: MIT
#include "compare/joint_profile.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace taskworker::compare {
namespace {

using type_positions = std::array<std::optional<std::size_t>, profile_kinds.size()>;

type_positions find_types(const profiling::profile &source) {
  type_positions found;
  for (std::size_t kind = 0; kind < profile_kinds.size(); ++kind) {
    for (std::size_t type = 0; type < source.sample_types.size(); ++type) {
      if (source.sample_types[type].type == profile_kinds[kind].type) found[kind] = type;
    }
  }
  return found;
}

// A period counts what its own type does: nanoseconds of CPU time, bytes. Of allocations it
// stands for as many as have these bytes in the mean.
void set_period(joint_profile::coverages &known, std::size_t kind,
                const profiling::profile &source) {
  const auto period = static_cast<double>(source.period);
  if (profile_kinds[kind].unit == source.period_type.unit) {
    known[kind].period = period;
    return;
  }
  const auto space = std::find_if(profile_kinds.begin(), profile_kinds.end(),
                                  [](const auto &each) { return each.type == "alloc_space"; });
  const auto bytes = known[static_cast<std::size_t>(space - profile_kinds.begin())].total;
  known[kind].period =
      bytes > 0 ? period * static_cast<double>(known[kind].total) / static_cast<double>(bytes) : 0;
}

/// "a::b<c::d>::e" is "a::b::e". What follows "operator" may have brackets that do not pair.
std::string without_template_arguments(std::string_view name) {
  const auto end = std::min(name.find("operator"), name.size());
  std::string text;
  int depth = 0;
  for (const char c : name.substr(0, end)) {
    if (c == '<') ++depth;
    if (depth == 0) text += c;
    if (c == '>') --depth;
  }
  return text + std::string(name.substr(end));
}

std::string last_part(std::string_view name) {
  const std::string text = without_template_arguments(name);
  const auto end = std::min(text.find("operator"), text.size());
  const auto at = text.rfind("::", end);
  return at == text.npos ? text : text.substr(at + 2);
}

}  // namespace

std::vector<std::string> keys_of_functions(const profiling::call_tree &tree) {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> names;  // module, last part
  std::set<std::string> ambiguous;
  for (const auto &each : tree.functions) {
    auto &same = names[{each.module, last_part(each.name)}];
    same.insert(each.name);
    if (same.size() > 1) ambiguous.insert(last_part(each.name));
  }
  std::vector<std::string> keys;
  for (const auto &each : tree.functions) {
    const std::string last = last_part(each.name);
    const bool is_own = each.owner == profiling::code_owner::strategy;
    keys.push_back(is_own && !ambiguous.contains(last) ? last : each.name);
  }
  return keys;
}

joint_profile::joint_profile(std::size_t strategies, const std::string &program)
    : builder_(program), known_(strategies) {}

void joint_profile::add(std::size_t strategy, const profiling::named_profile &profile,
                        std::uint64_t tasks) {
  const auto types = find_types(profile.content);
  std::unordered_map<std::uintptr_t, profiling::call_tree_builder::steps> known_steps;
  const auto steps_of = [&](std::uintptr_t frame) -> const auto & {
    const auto [found, is_new] = known_steps.try_emplace(frame);
    if (is_new) {
      const auto &places = profile.places.at(frame);
      found->second = builder_.make_steps(places, places.front().module.empty());
    }
    return found->second;
  };
  for (const auto &sample : profile.content.samples) {
    profiling::profile_sample mine{sample.frames, {}, {{"strategy", std::to_string(strategy)}}};
    for (std::size_t kind = 0; kind < types.size(); ++kind) {
      mine.values.push_back(types[kind] ? sample.values[*types[kind]] : 0);
      known_[strategy][kind].total += mine.values.back();
    }
    builder_.add(mine, steps_of);
  }
  for (std::size_t kind = 0; kind < types.size(); ++kind) {
    if (!types[kind]) continue;
    known_[strategy][kind].tasks += tasks;
    set_period(known_[strategy], kind, profile.content);
  }
}

}  // namespace taskworker::compare
