// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/ext/jobs.h>
#include <taskworker/ext/log.h>
#include <taskworker/ext/options.h>
#include <taskworker/strategy.h>
#include <dlfcn.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// The smallest host that can run a strategy: it records what is logged and which jobs are
/// started, and runs a job only when a test asks for it. Functions of the interface may be
/// called from any thread.
class fake_host {
 public:
  struct message {
    taskworker_log_severity severity;
    std::string text;
  };

  fake_host() { abi_ = {TASKWORKER_ABI_VERSION, "taskworker", "test", this, get_extension}; }
  fake_host(const fake_host &) = delete;
  fake_host &operator=(const fake_host &) = delete;

  /// At most this many jobs are started, then none can be had.
  std::size_t max_jobs = SIZE_MAX;

  [[nodiscard]] const taskworker_host &abi() const { return abi_; }

  std::vector<message> messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  std::size_t active_jobs() {
    const std::lock_guard lock(mutex_);
    return jobs_.size();
  }
  /// How many jobs were released.
  std::size_t released_jobs() {
    const std::lock_guard lock(mutex_);
    return released_;
  }

  /// Runs each job's callback once.
  void run_jobs() {
    for (const auto &[id, each] : snapshot()) each.callback(each.context);
  }

  /// What the host does after stop(): ends what was left.
  void cancel_all_jobs() {
    for (const auto &[id, each] : snapshot()) cancel(&abi_, id);
  }

 private:
  struct job {
    taskworker_job_callback callback;
    void *context;
    taskworker_job_release release;
  };

  static fake_host &self(const taskworker_host *host) {
    return *static_cast<fake_host *>(host->host_data);
  }

  static void log(const taskworker_host *host, taskworker_log_severity severity, const char *text) {
    const std::lock_guard lock(self(host).mutex_);
    self(host).messages_.push_back({severity, text});
  }

  static taskworker_job_id start(const taskworker_host *host, std::uint64_t,
                                 taskworker_job_callback callback, void *context,
                                 taskworker_job_release release) {
    fake_host &own = self(host);
    const std::lock_guard lock(own.mutex_);
    if (own.jobs_.size() >= own.max_jobs) return 0;
    own.jobs_.emplace(++own.last_id_, job{callback, context, release});
    return own.last_id_;
  }

  static void cancel(const taskworker_host *host, taskworker_job_id id) {
    fake_host &own = self(host);
    std::unique_lock lock(own.mutex_);
    const auto found = own.jobs_.find(id);
    if (found == own.jobs_.end()) return;
    const job ended = found->second;
    own.jobs_.erase(found);
    ++own.released_;
    lock.unlock();
    if (ended.release != nullptr) ended.release(ended.context);
  }

  static const void *get_extension(const taskworker_host *, const char *id) {
    static constexpr taskworker_host_log log_extension = {log};
    static constexpr taskworker_host_jobs jobs_extension = {start, cancel};
    if (std::strcmp(id, TASKWORKER_EXT_LOG) == 0) return &log_extension;
    if (std::strcmp(id, TASKWORKER_EXT_JOBS) == 0) return &jobs_extension;
    return nullptr;
  }

  std::map<taskworker_job_id, job> snapshot() {
    const std::lock_guard lock(mutex_);
    return jobs_;
  }

  taskworker_host abi_{};
  std::mutex mutex_;
  // Protected by mutex_.
  std::vector<message> messages_;
  std::map<taskworker_job_id, job> jobs_;
  taskworker_job_id last_id_ = 0;
  std::size_t released_ = 0;
};

/// A task with its payload, and what came of it: buffers that a host lends.
struct task_run {
  explicit task_run(taskworker_operation operation, std::vector<std::int64_t> given = {},
                    std::uint64_t id = 0)
      : payload(std::move(given)), data(payload.size()) {
    task = {id, payload.data(), payload.size() * sizeof(std::int64_t), operation, 0};
    result.data = data.data();
    result.data_capacity = data.size() * sizeof(std::int64_t);
    result.info = info.data();
    result.info_capacity = info.size();
  }
  task_run(const task_run &) = delete;
  task_run &operator=(const task_run &) = delete;

  [[nodiscard]] std::string info_text() const { return {info.data(), result.info_size}; }
  [[nodiscard]] std::vector<std::int64_t> values() const {
    return {data.begin(),
            data.begin() + static_cast<std::ptrdiff_t>(result.data_size / sizeof(std::int64_t))};
  }

  std::vector<std::int64_t> payload;
  std::vector<std::int64_t> data;
  std::array<char, 128> info{};
  taskworker_task task{};
  taskworker_result result{};
};

/// A built strategy, opened, and an instance of it that was started.
class started_strategy {
 public:
  /// `given`: options other than their defaults.
  started_strategy(fake_host &host, const std::string &name,
                   const std::map<std::string, std::string> &given = {}, std::uint32_t workers = 1)
      : host_(host) {
    const auto &entry = open(name);
    const auto &declared =
        *static_cast<const taskworker_options *>(entry.get_extension(TASKWORKER_EXT_OPTIONS));
    values_.reserve(declared.count);
    for (std::uint64_t i = 0; i < declared.count; ++i) {
      const auto &option = declared.options[i];
      const auto found = given.find(option.name);
      values_.push_back(found == given.end() ? option.default_value : found->second);
      options_.push_back({option.name, values_.back().c_str()});
    }
    config_ = {options_.data(), options_.size(), 0, 100, workers, 0};
    instance_ = entry.create(&host_.abi(), &config_);
    if (instance_ == nullptr || instance_->init(instance_) != TASKWORKER_OK) {
      throw std::runtime_error(name + " cannot be initialised");
    }
    start();
  }

  ~started_strategy() {
    if (is_running_) stop();
    host_.cancel_all_jobs();
    instance_->destroy(instance_);
  }
  started_strategy(const started_strategy &) = delete;
  started_strategy &operator=(const started_strategy &) = delete;

  void start() {
    if (instance_->start(instance_, config_.workers) != TASKWORKER_OK) {
      throw std::runtime_error("a strategy does not start");
    }
    is_running_ = true;
  }
  void stop() {
    is_running_ = false;
    instance_->stop(instance_);
  }

  taskworker_status process(task_run &run, std::uint32_t worker = 0) {
    return instance_->process(instance_, worker, &run.task, &run.result);
  }

  [[nodiscard]] const void *extension(const char *id) {
    return instance_->get_extension(instance_, id);
  }
  [[nodiscard]] taskworker_instance *abi() { return instance_; }

 private:
  static const taskworker_entry &open(const std::string &name) {
    const char *folder = std::getenv("TASKWORKER_TEST_STRATEGIES");
    if (folder == nullptr) throw std::runtime_error("TASKWORKER_TEST_STRATEGIES is not set");
    const std::string path = std::string(folder) + "/" + name + "/" + name + ".so";
    void *library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) throw std::runtime_error(::dlerror());
    return *static_cast<const taskworker_entry *>(::dlsym(library, TASKWORKER_ENTRY_SYMBOL));
  }

  fake_host &host_;
  std::vector<std::string> values_;
  std::vector<taskworker_option_value> options_;
  taskworker_config config_{};
  taskworker_instance *instance_ = nullptr;
  bool is_running_ = false;
};
