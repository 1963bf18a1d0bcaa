// SPDX-License-Identifier: MIT
#include "profiling/format/call_tree.hpp"

#include <unordered_map>

#include "profiling/format/call_tree_builder.hpp"
#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {
namespace {

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
  const auto program = names.program_mapping();
  call_tree_builder builder(program ? program->path : "");
  std::unordered_map<std::uintptr_t, call_tree_builder::steps> known;
  const auto steps_of = [&](std::uintptr_t frame) -> const call_tree_builder::steps & {
    const auto [found, is_new] = known.try_emplace(frame);
    if (is_new) {
      found->second = builder.make_steps(names.resolve(frame)->places,
                                         name_of_synthetic_frame(frame).has_value());
    }
    return found->second;
  };
  for (const auto &sample : source.samples) builder.add(sample, steps_of);
  return builder.take();
}

}  // namespace taskworker::profiling
