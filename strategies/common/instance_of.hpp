// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <exception>
#include <string>

#include "common/host_link.hpp"

namespace taskworker::strategies {

/// Makes a class the instance of a strategy: each function of the interface calls the
/// member of the same name, and no exception of it gets past. The class has
///
///     strategy(const host_link &, const taskworker_config &);
///     taskworker_status init();
///     taskworker_status start(std::uint32_t workers);
///     taskworker_status process(std::uint32_t worker, const taskworker_task &,
///                               taskworker_result &);
///     void stop();
///     static const void *get_extension(const char *id);
///
/// with the contracts of taskworker/strategy.h. An exception is logged with its text and
/// becomes TASKWORKER_FAILED.
template <typename Strategy>
class instance_of {
 public:
  /// For taskworker_entry::create.
  static taskworker_instance *create(const taskworker_host *host,
                                     const taskworker_config *config) noexcept {
    try {
      return &(new instance_of(*host, *config))->abi_;
    } catch (...) {
      return nullptr;  // the host may not be called yet, so nothing can be said
    }
  }

  /// The object behind an instance that create() made.
  static Strategy &strategy_of(taskworker_instance *instance) noexcept {
    return self(instance).strategy_;
  }

 private:
  instance_of(const taskworker_host &host, const taskworker_config &config)
      : host_(host),
        strategy_(host_, config),
        abi_{this, init, start, process, stop, destroy, get_extension} {}

  static instance_of &self(taskworker_instance *instance) noexcept {
    return *static_cast<instance_of *>(instance->strategy_data);
  }

  static taskworker_status init(taskworker_instance *instance) noexcept {
    self(instance).host_.connect();
    return guarded(instance, [](Strategy &strategy) { return strategy.init(); });
  }

  static taskworker_status start(taskworker_instance *instance, std::uint32_t workers) noexcept {
    return guarded(instance, [=](Strategy &strategy) { return strategy.start(workers); });
  }

  static taskworker_status process(taskworker_instance *instance, std::uint32_t worker,
                                   const taskworker_task *task,
                                   taskworker_result *result) noexcept {
    return guarded(instance,
                   [=](Strategy &strategy) { return strategy.process(worker, *task, *result); });
  }

  static void stop(taskworker_instance *instance) noexcept {
    guarded(instance, [](Strategy &strategy) {
      strategy.stop();
      return TASKWORKER_OK;
    });
  }

  static void destroy(taskworker_instance *instance) noexcept { delete &self(instance); }

  static const void *get_extension(taskworker_instance *, const char *id) noexcept {
    return Strategy::get_extension(id);
  }

  template <typename Body>
  static taskworker_status guarded(taskworker_instance *instance, Body &&body) noexcept {
    try {
      return body(strategy_of(instance));
    } catch (const std::exception &error) {
      self(instance).host_.log(TASKWORKER_LOG_ERROR, error.what());
    } catch (...) {
      self(instance).host_.log(TASKWORKER_LOG_ERROR, "an unknown exception");
    }
    return TASKWORKER_FAILED;
  }

  static_assert(noexcept(create(nullptr, nullptr)) && noexcept(init(nullptr)) &&
                noexcept(start(nullptr, 0)) && noexcept(process(nullptr, 0, nullptr, nullptr)) &&
                noexcept(stop(nullptr)) && noexcept(destroy(nullptr)) &&
                noexcept(get_extension(nullptr, nullptr)));

  host_link host_;
  Strategy strategy_;
  taskworker_instance abi_;
};

}  // namespace taskworker::strategies
