// SPDX-License-Identifier: MIT
#include "profiling/symbols/held_modules.hpp"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "profiling/symbols/elf_file.hpp"

namespace taskworker::profiling {
namespace {

// The kernel's link leads to the program also when its path is another file's by now.
descriptor open_file(const loaded_module &module) {
  if (module.is_from_kernel()) return {};
  const char *const path = module.is_program() ? "/proc/self/exe" : module.path.c_str();
  descriptor file(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return {};
  const elf_file elf(file.number());
  if (!elf.is_valid() || elf.build_id() != module.build_id) return {};
  return file;
}

}  // namespace

bool held_modules::update() {
  const std::uint64_t changes = count_module_changes();
  if (changes == seen_changes_) return false;
  std::vector<std::shared_ptr<const held_module>> now;
  for (auto &loaded : find_loaded_modules()) now.push_back(keep_or_open(std::move(loaded)));
  modules_ = std::move(now);
  seen_changes_ = changes;  // counted before looking: what came between is looked at again
  return true;
}

std::shared_ptr<const held_module> held_modules::keep_or_open(loaded_module &&loaded) {
  const auto known = std::find_if(modules_.begin(), modules_.end(),
                                  [&](const auto &each) { return each->loaded == loaded; });
  if (known != modules_.end()) return *known;
  auto module = std::make_shared<held_module>();
  module->file = open_file(loaded);
  for (const auto &code : loaded.code) {
    module->code.push_back(std::make_shared<const code_mapping>(code));
  }
  module->loaded = std::move(loaded);
  module->generation = ++last_generation_;
  return module;
}

std::shared_ptr<const held_module> held_modules::find(std::uintptr_t address) const {
  const auto found = std::find_if(modules_.begin(), modules_.end(), [&](const auto &each) {
    return each->loaded.start <= address && address < each->loaded.end;
  });
  return found != modules_.end() ? *found : nullptr;
}

bool held_modules::has(std::uint64_t generation) const {
  return std::any_of(modules_.begin(), modules_.end(),
                     [&](const auto &each) { return each->generation == generation; });
}

std::shared_ptr<const code_mapping> find_code(const held_module &module, std::uintptr_t address) {
  const auto found = std::find_if(module.code.begin(), module.code.end(), [&](const auto &each) {
    return each->start <= address && address < each->limit;
  });
  return found != module.code.end() ? *found : nullptr;
}

}  // namespace taskworker::profiling
