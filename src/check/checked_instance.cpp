// SPDX-License-Identifier: MIT
#include "check/checked_instance.hpp"

#include <chrono>
#include <cstring>
#include <utility>

#include "check/verdict.hpp"
#include "strategy/guarded_call.hpp"

namespace taskworker::check {

namespace {

// Of all jobs' callbacks and releases together, after stop().
constexpr auto jobs_patience = std::chrono::seconds(5);

}  // namespace

checked_instance::checked_instance(const opened_strategy &opened,
                                   const strategy::instance_config &config, bool is_sealed)
    : opened_(opened), host_(is_sealed), config_(config, is_sealed) {
  abi_ =
      make_call(call::create, [&] { return opened_.entry().create(host_.abi(), config_.abi()); });
  host_.enter(life_state::created);
  if (abi_ == nullptr) {
    fail("strategy.h, create()", "create() returned no instance; expected one");
  }
  made_ = *abi_;
  check_functions();
}

void checked_instance::check_functions() const {
  const std::pair<const char *, bool> mandatory[] = {
      {"init()", made_.init != nullptr},       {"start()", made_.start != nullptr},
      {"process()", made_.process != nullptr}, {"stop()", made_.stop != nullptr},
      {"destroy()", made_.destroy != nullptr},
  };
  for (const auto &[name, is_there] : mandatory) {
    if (is_there) continue;
    fail("strategy.h, taskworker_instance",
         std::string("the instance has no ") + name + "; only get_extension() may be null");
  }
}

bool checked_instance::init(bool may_refuse) {
  const auto status = make_call(call::init, [&] { return abi_->init(abi_); });
  if (status != TASKWORKER_OK && may_refuse) return false;
  expect_ok(status, call::init);
  check_unchanged(call::init);
  host_.enter(life_state::idle);
  return true;
}

void checked_instance::start() {
  const std::uint32_t workers = config_.abi()->workers;
  const auto status = make_call(call::start, [&] { return abi_->start(abi_, workers); });
  expect_ok(status, call::start);
  check_unchanged(call::start);
  host_.enter(life_state::running);
}

taskworker_status checked_instance::process(std::uint32_t worker, const taskworker_task &task,
                                            taskworker_result &result) {
  return make_call(
      call::process, [&] { return made_.process(abi_, worker, &task, &result); }, worker);
}

void checked_instance::stop() {
  make_call(call::stop, [&] { abi_->stop(abi_); });
  check_unchanged(call::stop);
  jobs_left_ = host_.jobs().list();
  host_.enter(life_state::idle);
}

void checked_instance::destroy() {
  end_jobs();
  host_.enter(life_state::destroying);
  make_call(call::destroy, [&] { abi_->destroy(abi_); });
  abi_ = nullptr;
}

const void *checked_instance::extension(const char *id) {
  if (abi_->get_extension == nullptr) return nullptr;
  return make_call(call::get_extension, [&] { return abi_->get_extension(abi_, id); });
}

void checked_instance::check_unchanged(call after) const {
  // Member by member there would be seven times the same; there is no padding.
  static_assert(sizeof(taskworker_instance) == 7 * sizeof(void *));
  if (std::memcmp(abi_, &made_, sizeof made_) == 0) return;
  fail("strategy.h, taskworker_instance", std::string("a member of the instance changed by ") +
                                              name_of(after) +
                                              "; none may after create() returned it");
}

void checked_instance::expect_ok(taskworker_status status, call what) const {
  if (status == TASKWORKER_OK) return;
  fail(place_of(what), std::string(name_of(what)) + " returned " +
                           strategy::describe_status(status) + host_.last_error() +
                           "; expected OK");
}

void checked_instance::end_jobs() {
  if (host_.jobs().close(jobs_patience)) return;
  fail("ext/jobs.h",
       "a job's callback or release had not returned 5 s after stop(); all jobs "
       "are released before destroy()");
}

}  // namespace taskworker::check
