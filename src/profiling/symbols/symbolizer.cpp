// SPDX-License-Identifier: MIT
#include "profiling/symbols/symbolizer.hpp"

#include <utility>

namespace taskworker::profiling {

const held_modules &symbolizer::modules() {
  if (modules_.update()) {
    std::erase_if(tables_, [this](const auto &each) { return !modules_.has(each.first); });
  }
  return modules_;
}

module_tables &symbolizer::tables_of(const std::shared_ptr<const held_module> &module) {
  auto &tables = tables_[module->generation];
  if (tables == nullptr) tables = std::make_unique<module_tables>(module, limit_);
  return *tables;
}

std::vector<source_place> symbolizer::find_calls(std::uintptr_t return_address) {
  const std::uintptr_t call = return_address - 1;
  std::vector<source_place> places(1);
  places[0].offset = call;
  const auto module = modules().find(call);
  if (module == nullptr) return places;
  places[0].module = module->loaded.path;
  places[0].offset = call - module->loaded.bias;
  tables_of(module).add_names(places, call);
  return places;
}

source_place symbolizer::find_call(std::uintptr_t return_address) {
  return std::move(find_calls(return_address).front());
}

}  // namespace taskworker::profiling
