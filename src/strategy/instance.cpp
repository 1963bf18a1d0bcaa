// SPDX-License-Identifier: MIT
#include "strategy/instance.hpp"

#include <taskworker/ext/queue.h>

#include <cassert>
#include <cstdio>
#include <exception>
#include <utility>

#include "strategy/guarded_call.hpp"

namespace taskworker::strategy {

instance::instance(const library &opened, host &instance_host, instance_config config)
    : instance(opened.entry(), opened.path(), instance_host, std::move(config)) {}

instance::instance(const taskworker_entry &entry, std::string path, host &instance_host,
                   instance_config config)
    : entry_(entry), path_(std::move(path)), host_(instance_host), config_(std::move(config)) {
  for (const auto &option : config_.options) {
    abi_options_.push_back({option.name.c_str(), option.value.c_str()});
  }
  abi_config_.options = abi_options_.empty() ? nullptr : abi_options_.data();
  abi_config_.option_count = abi_options_.size();
  abi_config_.expected_tasks = config_.expected_tasks;
  abi_config_.data_size = config_.data_size;
  abi_config_.workers = config_.workers;

  const scoped_thread_role control(thread_role::control);
  create();
  init();
}

instance::~instance() { destroy(); }

void instance::create() {
  abi_instance_ =
      guarded_call(path_, "create()", [&] { return entry_.create(&host_.abi(), &abi_config_); });
  if (abi_instance_ == nullptr) fail("create() returned no instance");
  check_functions();
  process_ = abi_instance_->process;
}

void instance::check_functions() {
  const auto &made = *abi_instance_;
  const std::pair<const char *, bool> mandatory[] = {
      {"destroy()", made.destroy != nullptr}, {"init()", made.init != nullptr},
      {"start()", made.start != nullptr},     {"process()", made.process != nullptr},
      {"stop()", made.stop != nullptr},
  };
  for (const auto &[name, is_there] : mandatory) {
    if (is_there) continue;
    if (made.destroy != nullptr) call_destroy();
    fail(std::string("its instance has no ") + name);
  }
}

void instance::init() {
  try {
    const auto status =
        guarded_call(path_, "init()", [&] { return abi_instance_->init(abi_instance_); });
    if (status != TASKWORKER_OK) fail("init() returned " + describe_status(status));
  } catch (...) {
    call_destroy();
    throw;
  }
}

std::uint32_t instance::queue_capacity() {
  assert(abi_instance_ != nullptr && !is_running_);
  if (abi_instance_->get_extension == nullptr) return 0;
  const scoped_thread_role control(thread_role::control);
  const auto *queue =
      static_cast<const taskworker_queue *>(guarded_call(path_, "get_extension()", [&] {
        return abi_instance_->get_extension(abi_instance_, TASKWORKER_EXT_QUEUE);
      }));
  if (queue == nullptr) return 0;
  if (queue->wanted_capacity == nullptr)
    fail("its " TASKWORKER_EXT_QUEUE " has no wanted_capacity()");
  return guarded_call(path_, "wanted_capacity()",
                      [&] { return queue->wanted_capacity(abi_instance_); });
}

void instance::start() {
  assert(abi_instance_ != nullptr && !is_running_);
  const scoped_thread_role control(thread_role::control);
  const auto status = guarded_call(
      path_, "start()", [&] { return abi_instance_->start(abi_instance_, config_.workers); });
  if (status != TASKWORKER_OK) {
    fail("start() for " + std::to_string(config_.workers) + " workers returned " +
         describe_status(status));
  }
  is_running_ = true;
}

void instance::stop() noexcept {
  if (!std::exchange(is_running_, false)) return;
  const scoped_thread_role control(thread_role::control);
  try {
    abi_instance_->stop(abi_instance_);
  } catch (...) {
    log_current_exception("stop()");
  }
}

void instance::destroy() noexcept {
  if (is_abandoned_ || abi_instance_ == nullptr) return;
  stop();
  const scoped_thread_role control(thread_role::control);
  call_destroy();
}

void instance::call_destroy() noexcept {
  try {
    abi_instance_->destroy(abi_instance_);
  } catch (...) {
    log_current_exception("destroy()");
  }
  abi_instance_ = nullptr;
}

void instance::fail(const std::string &reason) const {
  throw load_error(path_ + " cannot be used: " + reason);
}

void instance::tell_breach(taskworker_status status, const taskworker_result &result,
                           std::uint64_t data_lent, std::uint64_t info_lent) noexcept {
  char message[256];
  const auto tell_size = [&](const char *what, std::uint64_t said, std::uint64_t lent) {
    std::snprintf(message, sizeof message,
                  "process() says that it wrote %llu bytes of %s where it was lent %llu: it counts "
                  "as failed; said once only",
                  static_cast<unsigned long long>(said), what,
                  static_cast<unsigned long long>(lent));
    log_misbehaviour(message);
  };
  if (status < TASKWORKER_OK || status > TASKWORKER_CANCELLED) {
    std::snprintf(message, sizeof message,
                  "process() returned the status %d, which strategy.h does not have: it counts as "
                  "failed; said once only",
                  status);
    log_misbehaviour(message);
  } else if (status == TASKWORKER_NO_CAPACITY) {
    log_misbehaviour(
        "process() returned NO_CAPACITY again, though it had been lent what it needed: it counts "
        "as failed; said once only");
  } else if (status == TASKWORKER_OK && result.data_size > data_lent) {
    tell_size("data", result.data_size, data_lent);
  } else if (status == TASKWORKER_OK && result.info_size > info_lent) {
    tell_size("info", result.info_size, info_lent);
  }
}

void instance::log_current_exception(const char *call) noexcept {
  char message[256];
  constexpr char format[] = "%s let an exception out (%s): it counts as failed; said once only";
  try {
    throw;
  } catch (const std::exception &error) {
    std::snprintf(message, sizeof message, format, call, error.what());
  } catch (...) {
    std::snprintf(message, sizeof message, format, call, "not a std::exception");
  }
  log_misbehaviour(message);
}

void instance::log_misbehaviour(const char *message) noexcept {
  if (has_logged_misbehaviour_.exchange(true, std::memory_order_relaxed)) return;
  host_.services().log(TASKWORKER_LOG_STRATEGY_MISBEHAVING, message);
}

}  // namespace taskworker::strategy
