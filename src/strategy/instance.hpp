// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "strategy/host.hpp"
#include "strategy/library.hpp"
#include "strategy/word.hpp"

namespace taskworker::strategy {

/// What an instance is made for, in the host's own types.
struct instance_config {
  std::vector<given_option> options;  ///< as resolve_options() returned them
  std::uint32_t workers = 1;
  std::uint64_t expected_tasks = 0;  ///< 0 = not known
  std::uint64_t data_size = 0;       ///< elements in a generated task
};

/// A strategy's instance, called in the legal order only.
///
/// start(), stop(), queue_capacity() and destroy() belong to the control thread;
/// process() to the worker thread of its index. An exception that the strategy
/// lets out is caught here and counts as a failure of the call. Failures before
/// process() throw load_error.
class instance {
 public:
  /// create() and init(). `opened` and `instance_host` must outlive the instance.
  instance(const library &opened, host &instance_host, instance_config config);

  /// The same for an entry that lies in no library; `path` names it in errors.
  instance(const taskworker_entry &entry, std::string path, host &instance_host,
           instance_config config);

  /// Destroys what is left; see destroy().
  ~instance();
  instance(const instance &) = delete;
  instance &operator=(const instance &) = delete;

  /// How many tasks the strategy wants to wait for each worker; 0 = as the host
  /// likes.
  [[nodiscard]] std::uint32_t queue_capacity();

  void start();

  /// One task; the status as the strategy returned it, TASKWORKER_FAILED for an
  /// exception. The first one of the instance is logged as misbehaviour.
  taskworker_status process(std::uint32_t worker, const taskworker_task &task,
                            taskworker_result &result) noexcept {
    // No cost until something is thrown.
    try {
      return process_(abi_instance_, worker, &task, &result);
    } catch (...) {
      log_current_exception("process()");
      return TASKWORKER_FAILED;
    }
  }

  /// Logs as misbehaviour, once for the instance, which rule of the interface was broken by
  /// a process() that `status` and `result` are the last words of: a status that there is
  /// not, NO_CAPACITY once more, sizes above what was lent. Nothing where none was.
  void tell_breach(taskworker_status status, const taskworker_result &result,
                   std::uint64_t data_lent, std::uint64_t info_lent) noexcept;

  /// Where the code of its process() begins.
  [[nodiscard]] std::uintptr_t process_address() const noexcept {
    return reinterpret_cast<std::uintptr_t>(process_);
  }

  /// Nothing when the instance is not running.
  void stop() noexcept;

  /// Stops when it runs, then frees the instance; nothing may be called
  /// afterwards. The caller has seen to it that no job of the instance is left.
  void destroy() noexcept;

  /// Leaves the instance as it is, for good: for a run that could not be brought
  /// to a stop, whose threads may still be inside.
  void abandon() noexcept { is_abandoned_ = true; }

 private:
  void create();
  void check_functions();
  void init();
  void call_destroy() noexcept;
  [[noreturn]] void fail(const std::string &reason) const;
  void log_current_exception(const char *call) noexcept;
  void log_misbehaviour(const char *message) noexcept;

  const taskworker_entry &entry_;
  const std::string path_;
  host &host_;
  const instance_config config_;
  std::vector<taskworker_option_value> abi_options_;
  taskworker_config abi_config_{};
  taskworker_instance *abi_instance_ = nullptr;
  decltype(taskworker_instance::process) process_ = nullptr;
  std::atomic<bool> has_logged_misbehaviour_{false};
  bool is_running_ = false;
  bool is_abandoned_ = false;
};

}  // namespace taskworker::strategy
