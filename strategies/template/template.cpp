// SPDX-License-Identifier: MIT
//
// A strategy in C++: the four built-in operations, with an option. Copy it, change
// do_work(), and build it in the root of taskworker by
//
//   c++ -std=c++17 -O2 -g -shared -fPIC -Iinclude mine.cpp -o strategies/mine.so
//
// What may be called when, and by which thread: include/taskworker/strategy.h.
#include <taskworker/ext/log.h>
#include <taskworker/ext/options.h>
#include <taskworker/strategy.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iterator>
#include <memory>

// Hidden from other libraries, and so is what templates of the standard library become
// for types in here.
namespace {

/// The state of one worker. Only its own process() writes here, so there is no lock; a
/// cache line, so that workers do not slow each other down.
struct alignas(64) worker {
  std::uint64_t processed = 0;
};

class strategy {
 public:
  strategy(const taskworker_host *host, const taskworker_config *config)
      : host_(host), config_(config) {}

  taskworker_instance *instance() { return &instance_; }

  void log(taskworker_log_severity severity, const char *text) const {
    if (log_ != nullptr) log_->log(host_, severity, text);
  }

  /// The first moment at which the host may be called. The host has checked the options:
  /// their values are there, in the order of the declaration.
  taskworker_status init() {
    log_ =
        static_cast<const taskworker_host_log *>(host_->get_extension(host_, TASKWORKER_EXT_LOG));
    greets_ = std::strcmp(config_->options[0].value, "true") == 0;
    return TASKWORKER_OK;
  }

  /// Memory, threads and jobs that tasks will need are made here, not in process().
  taskworker_status start(std::uint32_t workers) {
    workers_ = std::unique_ptr<worker[]>(new worker[workers]);
    if (greets_) log(TASKWORKER_LOG_INFO, "ready");
    return TASKWORKER_OK;
  }

  /// Calls with different `index` run at once.
  taskworker_status process(std::uint32_t index, const taskworker_task &task,
                            taskworker_result &result) {
    if (task.payload_size % sizeof(std::int64_t) != 0) {
      log(TASKWORKER_LOG_ERROR, "the payload is not made of 64-bit integers");
      return TASKWORKER_FAILED;
    }
    if (task.operation >= TASKWORKER_SQUARE && result.data_capacity < task.payload_size) {
      result.data_size = task.payload_size;  // what would do: the host calls again
      return TASKWORKER_NO_CAPACITY;
    }
    if (task.operation > TASKWORKER_FILTER) return TASKWORKER_UNSUPPORTED;
    do_work(task, result);

    const auto processed = static_cast<unsigned long long>(++workers_[index].processed);
    result.info_size = static_cast<std::uint64_t>(std::snprintf(
        result.info, result.info_capacity, "Task %llu of worker %u", processed, index));
    return TASKWORKER_OK;
  }

  /// Ends what start() began. What is left is reported as leaked.
  taskworker_status stop() {
    workers_.reset();
    return TASKWORKER_OK;
  }

 private:
  // ---- The work: put yours here. It runs once for each task. ----
  static void do_work(const taskworker_task &task, taskworker_result &result) {
    const auto *in = static_cast<const std::int64_t *>(task.payload);
    const std::uint64_t count = task.payload_size / sizeof *in;
    auto *out = static_cast<std::int64_t *>(result.data);
    std::uint64_t kept = 0;
    std::uint64_t scalar = task.operation == TASKWORKER_MULTIPLY ? 1 : 0;

    for (std::uint64_t i = 0; i < count; ++i) {
      const auto value = static_cast<std::uint64_t>(in[i]);  // unsigned: wraps
      switch (task.operation) {
        case TASKWORKER_SUM:
          scalar += value;
          break;
        case TASKWORKER_MULTIPLY:
          scalar *= value;
          break;
        case TASKWORKER_SQUARE:
          out[kept++] = static_cast<std::int64_t>(value * value);
          break;
        case TASKWORKER_FILTER:
          if (value % 2 == 0) out[kept++] = in[i];
          break;
      }
    }
    result.scalar = static_cast<std::int64_t>(scalar);
    result.data_size = kept * sizeof *out;
    result.kind = task.operation >= TASKWORKER_SQUARE ? TASKWORKER_ARRAY : TASKWORKER_SCALAR;
  }

  static taskworker_instance make_instance(strategy *made);

  const taskworker_host *host_;
  const taskworker_config *config_;
  const taskworker_host_log *log_ = nullptr;  // null where the host has none
  bool greets_ = false;
  std::unique_ptr<worker[]> workers_;
  taskworker_instance instance_ = make_instance(this);
};

strategy &of(taskworker_instance *instance) {
  return *static_cast<strategy *>(instance->strategy_data);
}

// No exception may get out: it is told through the log, and the call has failed.
template <typename Call>
taskworker_status guarded(taskworker_instance *instance, const Call &call) noexcept {
  try {
    return call(of(instance));
  } catch (const std::exception &error) {
    of(instance).log(TASKWORKER_LOG_ERROR, error.what());
  } catch (...) {
    of(instance).log(TASKWORKER_LOG_ERROR, "an exception of unknown type");
  }
  return TASKWORKER_FAILED;
}

taskworker_instance strategy::make_instance(strategy *made) {
  return {
      made,
      [](taskworker_instance *instance) noexcept {
        return guarded(instance, [](strategy &self) { return self.init(); });
      },
      [](taskworker_instance *instance, std::uint32_t workers) noexcept {
        return guarded(instance, [&](strategy &self) { return self.start(workers); });
      },
      [](taskworker_instance *instance, std::uint32_t index, const taskworker_task *task,
         taskworker_result *result) noexcept {
        return guarded(instance,
                       [&](strategy &self) { return self.process(index, *task, *result); });
      },
      [](taskworker_instance *instance) noexcept {
        guarded(instance, [](strategy &self) { return self.stop(); });
      },
      [](taskworker_instance *instance) noexcept { delete &of(instance); },
      nullptr,
  };
}

// May not call the host yet.
taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) noexcept {
  try {
    return (new strategy(host, config))->instance();
  } catch (...) {
    return nullptr;
  }
}

constexpr taskworker_option option_list[] = {
    {"greet", "say hello when the strategy starts", "false", nullptr, 0, 0, TASKWORKER_OPTION_FLAG,
     0},
};
constexpr taskworker_options options = {option_list, std::size(option_list)};

const void *get_extension(const char *id) noexcept {
  return std::strcmp(id, TASKWORKER_EXT_OPTIONS) == 0 ? &options : nullptr;
}

}  // namespace

// The one symbol that the host looks for.
const taskworker_entry taskworker_strategy_entry = {
    TASKWORKER_ABI_VERSION,
    {"mine", "1.0.0", "a strategy of my own, in C++", nullptr, nullptr},
    nullptr,
    nullptr,
    create,
    get_extension,
};
