// SPDX-License-Identifier: MIT
#include "profiling/symbols/symbols.hpp"

#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "profiling/symbols/held_modules.hpp"
#include "profiling/symbols/symbolizer.hpp"
#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {
namespace {

std::shared_ptr<const resolved_frame> name_synthetic(std::string_view name) {
  auto frame = std::make_shared<resolved_frame>();
  source_place &place = frame->places.emplace_back();
  place.function = place.system_name = name;
  return frame;
}

}  // namespace

class symbols::state {
 public:
  explicit state(symbol_limits limits) : limits_(limits), symbolizer_(limits.debug) {}

  void hold_modules() {
    const std::lock_guard lock(mutex_);
    symbolizer_.modules();
  }

  std::shared_ptr<const resolved_frame> resolve(std::uintptr_t frame) {
    const std::lock_guard lock(mutex_);
    const auto module = symbolizer_.modules().find(frame - 1);
    const auto known = cache_.find(frame);
    if (known != cache_.end() && is_valid(known->second, module.get())) return known->second.names;
    if (cache_.size() >= limits_.cached_frames) cache_.clear();
    return cache_.insert_or_assign(frame, look_up(frame, module.get())).first->second.names;
  }

  std::shared_ptr<const code_mapping> program_mapping() {
    const std::lock_guard lock(mutex_);
    return symbolizer_.modules().program().code.front();
  }

  void release_idle_tables(std::chrono::nanoseconds idle) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock() || !has_tables_ || clock::now() - last_look_up_ < idle) return;
    symbolizer_.release_tables();
    has_tables_ = false;
  }

 private:
  using clock = std::chrono::steady_clock;
  struct entry {
    std::shared_ptr<const resolved_frame> names;
    std::uint64_t generation = 0;  // of the module; 0 = none
  };

  static bool is_valid(const entry &known, const held_module *module) {
    return module == nullptr || module->generation == known.generation;
  }

  entry look_up(std::uintptr_t frame, const held_module *module) {
    last_look_up_ = clock::now();
    has_tables_ = true;
    auto found = std::make_shared<resolved_frame>();
    found->places = symbolizer_.find_calls(frame);
    if (module == nullptr) return {std::move(found), 0};
    found->mapping = find_code(*module, frame - 1);
    return {std::move(found), module->generation};
  }

  const symbol_limits limits_;
  std::mutex mutex_;
  symbolizer symbolizer_;
  std::unordered_map<std::uintptr_t, entry> cache_;
  bool has_tables_ = false;
  clock::time_point last_look_up_;
};

symbols::symbols(symbol_limits limits) : state_(std::make_unique<state>(limits)) {}
symbols::~symbols() = default;

void symbols::hold_modules() { state_->hold_modules(); }

std::shared_ptr<const resolved_frame> symbols::resolve(std::uintptr_t frame) {
  const auto name = name_of_synthetic_frame(frame);
  return name ? name_synthetic(*name) : state_->resolve(frame);
}

std::shared_ptr<const code_mapping> symbols::program_mapping() { return state_->program_mapping(); }

void symbols::release_idle_tables(std::chrono::nanoseconds idle) {
  state_->release_idle_tables(idle);
}

}  // namespace taskworker::profiling
