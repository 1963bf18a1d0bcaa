// SPDX-License-Identifier: MIT
/*
 * The strategy `optimized`: the work of `bad`, done well.
 *
 *  - Everything that tasks need is had in start(): a task allocates nothing, not even the
 *    first one (common/worker_state.hpp).
 *  - One helper job per worker, started once; a task hands it its status by a plain store
 *    (common/helper_job.hpp).
 *  - Whatever was started ends with the object that holds it: stop() destroys one `run`,
 *    and no job, thread or byte is left (common/monitor.hpp).
 */
#include <taskworker/ext/options.h>

#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/calculation.hpp"
#include "common/helper_job.hpp"
#include "common/host_link.hpp"
#include "common/instance_of.hpp"
#include "common/monitor.hpp"
#include "common/option_values.hpp"
#include "common/worker_state.hpp"

namespace taskworker::optimized {
namespace {

using namespace strategies;

constexpr taskworker_option option_list[] = {
    {"keep", "Results that each worker keeps, the last ones", "1000", nullptr, 1, 1'000'000,
     TASKWORKER_OPTION_INTEGER, 0},
};
constexpr taskworker_options options = {option_list, std::size(option_list)};

/// All that lives from start() to stop(), freed in the opposite order.
struct run {
  std::vector<std::shared_ptr<worker_state>> workers;
  std::vector<std::unique_ptr<helper_job>> helpers;
  std::unique_ptr<monitor> watch;
};

class strategy {
 public:
  strategy(const host_link &host, const taskworker_config &config) : host_(host), config_(config) {}

  taskworker_status init() {
    keep_ = number_of(config_, "keep");
    return TASKWORKER_OK;
  }

  taskworker_status start(std::uint32_t workers) {
    auto started = std::make_unique<run>();
    started->workers.reserve(workers);
    started->helpers.reserve(workers);
    for (std::uint32_t index = 0; index < workers; ++index) {
      started->workers.push_back(std::make_shared<worker_state>(index, keep_));
      started->helpers.push_back(std::make_unique<helper_job>(host_, started->workers.back()));
    }
    started->watch = std::make_unique<monitor>(started->workers);
    run_ = std::move(started);
    return TASKWORKER_OK;
  }

  taskworker_status process(std::uint32_t worker, const taskworker_task &task,
                            taskworker_result &result) {
    const taskworker_status status = calculate(task, result, host_);
    text_writer info(result.info, result.info_capacity);
    if (status == TASKWORKER_OK || status == TASKWORKER_NO_CAPACITY) {
      write_info(info, task, result);
      result.info_size = info.size();
    }
    if (status != TASKWORKER_OK) return status;
    if (!info.fits()) return TASKWORKER_NO_CAPACITY;
    worker_state &state = *run_->workers[worker];
    state.write_texts(task, result);
    state.keep_result(task, result);
    state.hand_over_status();
    return TASKWORKER_OK;
  }

  void stop() {
    const auto stopped = std::move(run_);
    log_debug("monitor: " + stopped->watch->report());
    for (const auto &worker : stopped->workers) {
      log_debug("kept " + std::to_string(worker->kept()) + " results; the last task: " +
                std::string(worker->log_line()) + " (" + std::string(worker->metadata()) + ")");
    }
  }

  static const void *get_extension(const char *) noexcept { return nullptr; }

 private:
  void log_debug(const std::string &text) const { host_.log(TASKWORKER_LOG_DEBUG, text.c_str()); }

  const host_link &host_;
  const taskworker_config &config_;
  std::size_t keep_ = 0;
  std::unique_ptr<run> run_;  ///< null while idle
};

const void *get_extension(const char *id) noexcept {
  return std::string_view(id) == TASKWORKER_EXT_OPTIONS ? &options : nullptr;
}
static_assert(noexcept(get_extension(nullptr)));

}  // namespace
}  // namespace taskworker::optimized

const taskworker_entry taskworker_strategy_entry = {
    TASKWORKER_ABI_VERSION,
    {"optimized", "1.0.0", "The work of 'bad' done well: no allocation per task, nothing left",
     "MIT", "the taskworker authors"},
    nullptr,
    nullptr,
    taskworker::strategies::instance_of<taskworker::optimized::strategy>::create,
    taskworker::optimized::get_extension,
};
