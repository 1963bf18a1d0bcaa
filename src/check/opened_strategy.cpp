// SPDX-License-Identifier: MIT
#include "check/opened_strategy.hpp"

#include <utility>

#include "check/call.hpp"
#include "check/output_trap.hpp"
#include "check/result_page.hpp"
#include "strategy/guarded_call.hpp"
#include "strategy/library.hpp"
#include "strategy/soundness.hpp"

namespace taskworker::check {

opened_strategy::opened_strategy(const std::filesystem::path &path)
    : path_(std::filesystem::absolute(path).lexically_normal()) {
  output_trap trap;
  open();
  printed_ = trap.take();
}

void opened_strategy::open() {
  const auto start = std::chrono::steady_clock::now();
  const std::pair<opening_step, void (opened_strategy::*)()> steps[] = {
      {opening_step::load, &opened_strategy::load},
      {opening_step::version, &opened_strategy::check_version},
      {opening_step::descriptor, &opened_strategy::check_descriptor},
      {opening_step::init, &opened_strategy::init},
      {opening_step::options, &opened_strategy::read_options},
      {opening_step::workload, &opened_strategy::read_workload},
  };
  for (const auto &[step, go] : steps) {
    try {
      (this->*go)();
    } catch (const strategy::load_error &error) {
      refused_ = {step, error.what()};
    } catch (const case_ended &error) {
      refused_ = {step, path_ + " is refused: " + error.found().detail};
    }
    if (refused_) return;
    if (step == opening_step::init) opening_time_ = std::chrono::steady_clock::now() - start;
  }
}

void opened_strategy::load() {
  const call_scope scope(call::load);
  entry_ = &strategy::open_entry(path_);
}

void opened_strategy::check_version() { strategy::check_version(entry_->abi, path_); }

void opened_strategy::check_descriptor() {
  strategy::check_entry(*entry_, path_);
  current_page().set_strategy(entry_->descriptor.name, entry_->descriptor.version);
}

void opened_strategy::init() {
  is_init_ = entry_->init == nullptr;
  if (is_init_) return;
  const auto status = make_call(call::entry_init, [&] { return entry_->init(path_.c_str()); });
  is_init_ = status == TASKWORKER_OK;
  if (is_init_) return;
  throw strategy::load_error(path_ + " is refused: its entry's init() returned " +
                             strategy::describe_status(status));
}

void opened_strategy::read_options() {
  const auto *found = static_cast<const taskworker_options *>(extension(TASKWORKER_EXT_OPTIONS));
  if (found == nullptr) return;
  strategy::check_options(*found, path_);
  options_ = *found;
}

void opened_strategy::read_workload() {
  const auto *found = static_cast<const taskworker_workload *>(extension(TASKWORKER_EXT_WORKLOAD));
  if (found == nullptr) return;
  strategy::check_workload(*found, path_);
  workload_ = found;
}

const void *opened_strategy::extension(const char *id) const {
  if (entry_->get_extension == nullptr) return nullptr;
  return make_call(call::entry_get_extension, [&] { return entry_->get_extension(id); });
}

void opened_strategy::close() {
  if (!std::exchange(is_init_, false) || entry_->deinit == nullptr) return;
  make_call(call::deinit, [&] { entry_->deinit(); });
}

}  // namespace taskworker::check
