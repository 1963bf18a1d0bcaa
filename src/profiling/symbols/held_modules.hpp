// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "profiling/descriptor.hpp"
#include "profiling/symbols/modules.hpp"

namespace taskworker::profiling {

/// A module with its file, kept open: what is done to the path later does not matter.
struct held_module {
  loaded_module loaded;
  descriptor file;  ///< none where the file could not be opened or is not what was mapped
  std::vector<std::shared_ptr<const code_mapping>> code;  ///< that of `loaded`, to be shared
  std::uint64_t generation = 0;  ///< from 1; no other module ever has the same
};

/// The modules that were mapped when update() was last called. One thread at a time.
class held_modules {
 public:
  /// Opens the files of modules that are new, lets go of those that are no more. True when
  /// there were any. Less than a microsecond when there were none.
  bool update();

  /// The module that holds an address, null where none does.
  [[nodiscard]] std::shared_ptr<const held_module> find(std::uintptr_t address) const;

  [[nodiscard]] bool has(std::uint64_t generation) const;

  /// REQUIRES: update() was called.
  [[nodiscard]] const held_module &program() const { return *modules_.front(); }

 private:
  std::shared_ptr<const held_module> keep_or_open(loaded_module &&loaded);

  std::vector<std::shared_ptr<const held_module>> modules_;  // the program first
  std::uint64_t seen_changes_ = 0;
  std::uint64_t last_generation_ = 0;
};

/// The mapping of a module that holds an address, null where none does.
[[nodiscard]] std::shared_ptr<const code_mapping> find_code(const held_module &module,
                                                            std::uintptr_t address);

}  // namespace taskworker::profiling
