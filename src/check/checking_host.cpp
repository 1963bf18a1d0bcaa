// SPDX-License-Identifier: MIT
#include "check/checking_host.hpp"

#include <taskworker/ext/jobs.h>
#include <taskworker/ext/log.h>
#include <taskworker/ext/stop.h>
#include <taskworker/ext/thread_check.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <new>
#include <vector>

#include "check/call.hpp"
#include "check/verdict.hpp"
#include "strategy/text.hpp"
#include "strategy/version.hpp"

namespace taskworker::check {
namespace {

constexpr lent_thing host_struct{"the host", "strategy.h, taskworker_host"};
constexpr lent_thing host_data{"host_data, which is not for the strategy", "strategy.h (5)"};

constinit std::atomic<std::uint64_t> calls{0};

// The hosts that live: what a strategy hands over may be none of them.
std::mutex live_mutex;
std::vector<std::pair<const taskworker_host *, checking_host *>> live_hosts;

checking_host *find_host(const taskworker_host *abi) {
  const std::lock_guard lock(live_mutex);
  const auto found = std::find_if(live_hosts.begin(), live_hosts.end(),
                                  [&](const auto &each) { return each.first == abi; });
  return found != live_hosts.end() ? found->second : nullptr;
}

std::string place_of_caller() {
  return current_call() != call::none ? name_of(current_call())
                                      : "a thread or job of the strategy's own";
}

/// The host of a call, null and noted where it is none; a call during create() is noted.
checking_host *enter(const taskworker_host *abi, const char *what) {
  calls.fetch_add(1, std::memory_order_relaxed);
  checking_host *host = find_host(abi);
  if (host == nullptr) {
    note_violation("strategy.h, taskworker_host",
                   std::string(what) + " was called in " + place_of_caller() + " with " +
                       (abi == nullptr ? "a null host"
                                       : "what is no host, or one whose instance is destroyed") +
                       "; expected the host that create() was given");
    return nullptr;
  }
  if (host->state() == life_state::creating) {
    host->refuse("strategy.h, create()", what,
                 "create() must not call the host yet; init() is the first that may");
  }
  return host;
}

// ---- The extensions ----------------------------------------------------------------

constexpr taskworker_host_log log_extension{
    .log =
        [](const taskworker_host *abi, taskworker_log_severity severity, const char *message) {
          checking_host *host = enter(abi, "log()");
          if (host == nullptr) return;
          const bool is_known =
              severity >= TASKWORKER_LOG_DEBUG && severity <= TASKWORKER_LOG_STRATEGY_MISBEHAVING;
          if (!is_known) {
            host->refuse("ext/log.h, severity", "log() with severity " + std::to_string(severity),
                         "0 to 5 can be");
          }
          if (message == nullptr) {
            host->refuse("strategy.h (6)", "log() with a null message",
                         "a pointer is mandatory unless it says otherwise");
          } else if (strategy::valid_utf8(message) != message) {
            host->refuse("strategy.h (6)", "log() with a message that is no UTF-8",
                         "text is UTF-8");
          }
          host->inner<taskworker_host_log>(TASKWORKER_EXT_LOG)
              .log(host->inner_abi(), severity, message);
        },
};

constexpr taskworker_host_stop stop_extension{
    .is_stopping = [](const taskworker_host *abi) -> std::int32_t {
      const checking_host *host = enter(abi, "is_stopping()");
      return host != nullptr && host->is_stopping() ? 1 : 0;
    },
};

/// Jobs may be started and cancelled while idle or running. A destructor that cancels once
/// more, and a thread that starts one while the instance is destroyed, do no harm.
bool is_job_call_legal(life_state state) {
  return state == life_state::idle || state == life_state::running ||
         state == life_state::destroying;
}

constexpr taskworker_host_jobs jobs_extension{
    .start = [](const taskworker_host *abi, std::uint64_t period_ns,
                taskworker_job_callback callback, void *context,
                taskworker_job_release release) -> taskworker_job_id {
      const checking_host *host = enter(abi, "the host's jobs start()");
      if (host == nullptr) return 0;
      if (!is_job_call_legal(host->state())) {
        host->refuse("ext/jobs.h, start", "a job's start()",
                     "it is legal while idle or running, which start() is the first call of");
      }
      if (callback == nullptr) {
        host->refuse("strategy.h (6)", "a job's start() with a null callback",
                     "a pointer is mandatory unless it says otherwise");
      }
      return host->inner<taskworker_host_jobs>(TASKWORKER_EXT_JOBS)
          .start(host->inner_abi(), period_ns, callback, context, release);
    },
    .cancel =
        [](const taskworker_host *abi, taskworker_job_id job) {
          const checking_host *host = enter(abi, "the host's jobs cancel()");
          if (host == nullptr) return;
          if (!is_job_call_legal(host->state())) {
            host->refuse("ext/jobs.h, cancel", "a job's cancel()",
                         "it is legal while idle or running");
          }
          host->inner<taskworker_host_jobs>(TASKWORKER_EXT_JOBS).cancel(host->inner_abi(), job);
        },
};

constexpr taskworker_host_thread_check thread_check_extension{
    .is_control_thread = [](const taskworker_host *abi) -> std::int32_t {
      const checking_host *host = enter(abi, "is_control_thread()");
      if (host == nullptr) return 0;
      return host->inner<taskworker_host_thread_check>(TASKWORKER_EXT_THREAD_CHECK)
          .is_control_thread(host->inner_abi());
    },
    .is_worker_thread = [](const taskworker_host *abi, std::uint32_t worker) -> std::int32_t {
      const checking_host *host = enter(abi, "is_worker_thread()");
      if (host == nullptr) return 0;
      return host->inner<taskworker_host_thread_check>(TASKWORKER_EXT_THREAD_CHECK)
          .is_worker_thread(host->inner_abi(), worker);
    },
    .is_job_thread = [](const taskworker_host *abi) -> std::int32_t {
      const checking_host *host = enter(abi, "is_job_thread()");
      if (host == nullptr) return 0;
      return host->inner<taskworker_host_thread_check>(TASKWORKER_EXT_THREAD_CHECK)
          .is_job_thread(host->inner_abi());
    },
};

const void *find_extension(const taskworker_host *abi, const char *id) {
  const checking_host *host = enter(abi, "get_extension() of the host");
  if (host == nullptr) return nullptr;
  if (id == nullptr) {
    host->refuse("strategy.h (6)", "get_extension() of the host with a null id",
                 "a pointer is mandatory unless it says otherwise");
    return nullptr;
  }
  constexpr std::pair<const char *, const void *> known[] = {
      {TASKWORKER_EXT_LOG, &log_extension},
      {TASKWORKER_EXT_STOP, &stop_extension},
      {TASKWORKER_EXT_JOBS, &jobs_extension},
      {TASKWORKER_EXT_THREAD_CHECK, &thread_check_extension},
  };
  for (const auto &[name, extension] : known) {
    if (std::strcmp(name, id) == 0) return extension;
  }
  return nullptr;
}

const char *name_of_severity(taskworker_log_severity severity) {
  switch (severity) {
    case TASKWORKER_LOG_DEBUG:
      return "debug";
    case TASKWORKER_LOG_INFO:
      return "info";
    case TASKWORKER_LOG_WARNING:
      return "warning";
    case TASKWORKER_LOG_ERROR:
      return "error";
    case TASKWORKER_LOG_HOST_MISBEHAVING:
      return "host misbehaving";
    case TASKWORKER_LOG_STRATEGY_MISBEHAVING:
      return "strategy misbehaving";
    default:
      return "unknown";
  }
}

}  // namespace

checking_host::checking_host(bool is_sealed)
    : inner_(*this),
      private_data_(host_data, sizeof(void *), alignof(void *), placement::exact),
      memory_(host_struct, sizeof(taskworker_host), alignof(taskworker_host), placement::exact),
      jobs_([](const std::string &text) { note_violation("strategy.h (4)", text); }) {
  new (memory_.data())
      taskworker_host{TASKWORKER_ABI_VERSION, "taskworker", strategy::program_version,
                      private_data_.data(), &find_extension};
  if (is_sealed) {
    private_data_.seal();
    memory_.seal();
  }
  const std::lock_guard lock(live_mutex);
  live_hosts.emplace_back(abi(), this);
}

checking_host::~checking_host() {
  const std::lock_guard lock(live_mutex);
  std::erase_if(live_hosts, [this](const auto &each) { return each.second == this; });
}

const taskworker_host *checking_host::abi() const {
  return static_cast<const taskworker_host *>(memory_.data());
}

std::string checking_host::last_error() const {
  const std::lock_guard lock(error_mutex_);
  return last_error_.empty() ? "" : " (\"" + last_error_ + "\")";
}

std::uint64_t checking_host::calls_of_process() noexcept { return calls.load(); }

void checking_host::refuse(const std::string &rule, const std::string &what,
                           const std::string &expected) const {
  note_violation(rule, what + " was called in " + place_of_caller() + "; " + expected);
}

void checking_host::log(taskworker_log_severity severity, const char *message) noexcept {
  try {
    const std::string text = strategy::one_line(message);
    std::fprintf(stderr, "the strategy says (%s): %s\n", name_of_severity(severity), text.c_str());
    if (severity == TASKWORKER_LOG_HOST_MISBEHAVING) {
      note_violation("strategy.h (7)", "the strategy finds the host misbehaving: \"" + text + "\"");
    }
    if (severity != TASKWORKER_LOG_ERROR) return;
    const std::lock_guard lock(error_mutex_);
    last_error_ = text;
  } catch (const std::bad_alloc &) {
    // A message that cannot be kept.
  }
}

taskworker_job_id checking_host::start_job(std::uint64_t period_ns,
                                           taskworker_job_callback callback, void *context,
                                           taskworker_job_release release) noexcept {
  return jobs_.start(period_ns, callback, context, release);
}

void checking_host::cancel_job(taskworker_job_id job) noexcept { jobs_.cancel(job); }

}  // namespace taskworker::check
