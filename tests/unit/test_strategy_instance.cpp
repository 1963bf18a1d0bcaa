// SPDX-License-Identifier: MIT
#include "strategy/instance.hpp"

#include <taskworker/ext/queue.h>
#include <taskworker/ext/thread_check.h>

#include <cstring>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace taskworker::strategy;

namespace {

const std::string path = "/lib/mine.so";
using texts = std::vector<std::string>;

/// A strategy that writes down each call, and fails where a test wants it.
struct recorder {
  texts calls;
  texts calls_off_control;  ///< made in another role than [control-thread]
  taskworker_status init_status = TASKWORKER_OK;
  taskworker_status start_status = TASKWORKER_OK;
  std::string throws_in;
  const taskworker_host *host = nullptr;
  const taskworker_config *config = nullptr;
  taskworker_instance made{};

  void note(const std::string &call) {
    calls.push_back(call);
    if (host != nullptr) {
      const auto *check = static_cast<const taskworker_host_thread_check *>(
          host->get_extension(host, TASKWORKER_EXT_THREAD_CHECK));
      if (check->is_control_thread(host) == 0) calls_off_control.push_back(call);
    }
    if (call == throws_in) throw std::runtime_error("it broke");
    if (call + " something else" == throws_in) throw 42;
  }
};

recorder *current = nullptr;

constexpr taskworker_queue queue{[](taskworker_instance *) -> std::uint32_t {
  current->note("wanted_capacity");
  return 7;
}};
constexpr taskworker_queue broken_queue{nullptr};

taskworker_instance sound_instance() {
  return {
      nullptr,
      [](taskworker_instance *) {
        current->note("init");
        return current->init_status;
      },
      [](taskworker_instance *, std::uint32_t workers) {
        current->note("start " + std::to_string(workers));
        return current->start_status;
      },
      [](taskworker_instance *, std::uint32_t worker, const taskworker_task *task,
         taskworker_result *result) -> taskworker_status {
        current->note("process");
        result->scalar = static_cast<std::int64_t>(task->id + worker);
        return TASKWORKER_UNSUPPORTED;
      },
      [](taskworker_instance *) { current->note("stop"); },
      [](taskworker_instance *) { current->note("destroy"); },
      nullptr,
  };
}

constexpr taskworker_entry entry{
    TASKWORKER_ABI_VERSION,
    {"mine", "1.0.0", "for tests", nullptr, nullptr},
    nullptr,
    nullptr,
    [](const taskworker_host *host, const taskworker_config *config) {
      current->host = host;
      current->config = config;
      current->note("create");
      return current->made.destroy != nullptr || current->made.init != nullptr ? &current->made
                                                                               : nullptr;
    },
    nullptr,
};

class recording_services final : public host_services {
 public:
  void log(taskworker_log_severity severity, const char *message) noexcept override {
    messages.push_back(std::to_string(severity) + " " + message);
  }
  taskworker_job_id start_job(std::uint64_t, taskworker_job_callback, void *,
                              taskworker_job_release) noexcept override {
    return 0;
  }
  void cancel_job(taskworker_job_id) noexcept override {}
  texts messages;
};

/// A recorder that create() returns, and the host around it.
struct fixture {
  fixture() {
    current = &strategy;
    strategy.made = sound_instance();
  }
  ~fixture() { current = nullptr; }

  std::string failure() {
    try {
      const instance made(entry, path, owner, {});
      return "nothing was thrown";
    } catch (const load_error &error) {
      return error.what();
    }
  }

  recorder strategy;
  recording_services services;
  host owner{services};
};

}  // namespace

TEST_CASE_METHOD(fixture, "an instance is called in the legal order", "[strategy_instance]") {
  {
    instance made(entry, path, owner, {.workers = 3});
    made.start();
    made.stop();
    made.start();
    made.stop();
  }
  CHECK(strategy.calls == texts{"create", "init", "start 3", "stop", "start 3", "stop", "destroy"});
  CHECK(strategy.calls_off_control.empty());
}

TEST_CASE_METHOD(fixture, "an instance that runs is stopped before it is destroyed, once",
                 "[strategy_instance]") {
  {
    instance made(entry, path, owner, {});
    made.start();
    made.destroy();
    made.destroy();
    made.stop();
  }
  CHECK(strategy.calls == texts{"create", "init", "start 1", "stop", "destroy"});
}

TEST_CASE_METHOD(fixture, "an abandoned instance is left as it is", "[strategy_instance]") {
  {
    instance made(entry, path, owner, {});
    made.start();
    made.abandon();
  }
  CHECK(strategy.calls == texts{"create", "init", "start 1"});
}

TEST_CASE_METHOD(fixture, "the instance is told what it is made for", "[strategy_instance]") {
  const instance made(entry, path, owner,
                      {.options = {{"keep", "5"}, {"loud", "true"}},
                       .workers = 4,
                       .expected_tasks = 1000,
                       .data_size = 100});
  REQUIRE(strategy.config != nullptr);
  CHECK(strategy.config->workers == 4);
  CHECK(strategy.config->expected_tasks == 1000);
  CHECK(strategy.config->data_size == 100);
  REQUIRE(strategy.config->option_count == 2);
  CHECK(std::string(strategy.config->options[1].name) == "loud");
  CHECK(std::string(strategy.config->options[1].value) == "true");
  CHECK(strategy.host == &owner.abi());
}

TEST_CASE_METHOD(fixture, "without options there is no array of them", "[strategy_instance]") {
  const instance made(entry, path, owner, {});
  CHECK(strategy.config->option_count == 0);
  CHECK(strategy.config->options == nullptr);
}

TEST_CASE_METHOD(fixture, "create() may return nothing", "[strategy_instance]") {
  strategy.made = {};
  CHECK(failure() == "/lib/mine.so cannot be used: create() returned no instance");
  CHECK(strategy.calls == texts{"create"});
}

TEST_CASE_METHOD(fixture, "an instance without a mandatory function is refused",
                 "[strategy_instance]") {
  using change = std::function<void(taskworker_instance &)>;
  const auto [name, remove] = GENERATE(table<std::string, change>({
      {"init()", [](auto &made) { made.init = nullptr; }},
      {"start()", [](auto &made) { made.start = nullptr; }},
      {"process()", [](auto &made) { made.process = nullptr; }},
      {"stop()", [](auto &made) { made.stop = nullptr; }},
  }));
  remove(strategy.made);
  CHECK(failure() == "/lib/mine.so cannot be used: its instance has no " + name);
  CHECK(strategy.calls == texts{"create", "destroy"});
}

TEST_CASE_METHOD(fixture, "an instance without destroy() is refused and left",
                 "[strategy_instance]") {
  strategy.made.destroy = nullptr;
  CHECK(failure() == "/lib/mine.so cannot be used: its instance has no destroy()");
  CHECK(strategy.calls == texts{"create"});
}

TEST_CASE_METHOD(fixture, "only destroy() follows an init() that failed", "[strategy_instance]") {
  strategy.init_status = TASKWORKER_UNSUPPORTED;
  CHECK(failure() == "/lib/mine.so cannot be used: init() returned UNSUPPORTED");
  CHECK(strategy.calls == texts{"create", "init", "destroy"});
}

TEST_CASE_METHOD(fixture, "an exception before the start becomes an error that names the call",
                 "[strategy_instance]") {
  const auto [where, message, calls] = GENERATE(table<std::string, std::string, texts>({
      {"create",
       "/lib/mine.so threw an exception out of create() (it broke); none may cross the strategy "
       "interface",
       {"create"}},
      {"create something else",
       "/lib/mine.so threw an exception out of create() (not a std::exception); none may cross the "
       "strategy interface",
       {"create"}},
      {"init",
       "/lib/mine.so threw an exception out of init() (it broke); none may cross the strategy "
       "interface",
       {"create", "init", "destroy"}},
  }));
  strategy.throws_in = where;
  CHECK(failure() == message);
  CHECK(strategy.calls == calls);
}

TEST_CASE_METHOD(fixture, "a start() that failed leaves the instance idle", "[strategy_instance]") {
  strategy.start_status = 42;
  {
    instance made(entry, path, owner, {.workers = 2});
    CHECK_THROWS_MATCHES(made.start(), load_error,
                         Catch::Matchers::Message("/lib/mine.so cannot be used: start() for 2 "
                                                  "workers returned status 42"));
  }
  CHECK(strategy.calls == texts{"create", "init", "start 2", "destroy"});
}

TEST_CASE_METHOD(fixture, "the wanted queue capacity is asked for where it is offered",
                 "[strategy_instance]") {
  instance plain(entry, path, owner, {});
  CHECK(plain.queue_capacity() == 0);

  strategy.made.get_extension = [](taskworker_instance *, const char *) -> const void * {
    return nullptr;
  };
  CHECK(plain.queue_capacity() == 0);

  strategy.made.get_extension = [](taskworker_instance *, const char *id) -> const void * {
    return std::strcmp(id, TASKWORKER_EXT_QUEUE) == 0 ? &queue : nullptr;
  };
  CHECK(plain.queue_capacity() == 7);

  strategy.made.get_extension = [](taskworker_instance *, const char *) -> const void * {
    return &broken_queue;
  };
  CHECK_THROWS_MATCHES(plain.queue_capacity(), load_error,
                       Catch::Matchers::Message("/lib/mine.so cannot be used: its "
                                                "taskworker.queue/1 has no wanted_capacity()"));
  CHECK(strategy.calls_off_control.empty());
}

TEST_CASE_METHOD(fixture, "process() passes on worker, task, result and status",
                 "[strategy_instance]") {
  instance made(entry, path, owner, {});
  made.start();
  taskworker_result result{};
  CHECK(made.process(3, {.id = 40}, result) == TASKWORKER_UNSUPPORTED);
  CHECK(result.scalar == 43);
  CHECK(services.messages.empty());
}

TEST_CASE_METHOD(fixture, "an exception in process() fails the task and is logged once",
                 "[strategy_instance]") {
  instance made(entry, path, owner, {});
  made.start();
  strategy.throws_in = "process";
  taskworker_result result{};
  CHECK(made.process(0, {}, result) == TASKWORKER_FAILED);
  CHECK(made.process(0, {}, result) == TASKWORKER_FAILED);
  CHECK(services.messages ==
        texts{"5 process() let an exception out (it broke): it counts as failed; said once only"});
}

TEST_CASE_METHOD(fixture, "an exception of any type stays outside", "[strategy_instance]") {
  instance made(entry, path, owner, {});
  made.start();
  strategy.throws_in = "process something else";
  taskworker_result result{};
  CHECK(made.process(0, {}, result) == TASKWORKER_FAILED);
  CHECK(services.messages == texts{"5 process() let an exception out (not a std::exception): it "
                                   "counts as failed; said once only"});
}

TEST_CASE_METHOD(fixture, "exceptions at the end are logged and the end goes on",
                 "[strategy_instance]") {
  strategy.throws_in = GENERATE("stop", "destroy");
  {
    instance made(entry, path, owner, {});
    made.start();
  }
  CHECK(strategy.calls == texts{"create", "init", "start 1", "stop", "destroy"});
  CHECK(services.messages == texts{"5 " + strategy.throws_in +
                                   "() let an exception out (it broke): it counts as failed; said "
                                   "once only"});
}

TEST_CASE_METHOD(fixture, "a task that breaks a rule is told once, with the rule",
                 "[strategy_instance]") {
  taskworker_result result{};
  result.data_size = 808;
  result.info_size = 257;
  const auto [status, data_lent,
              message] = GENERATE(table<taskworker_status, std::uint64_t, std::string>({
      {42, 800, "process() returned the status 42, which strategy.h does not have"},
      {-1, 800, "process() returned the status -1, which strategy.h does not have"},
      {TASKWORKER_NO_CAPACITY, 808,
       "process() returned NO_CAPACITY again, though it had been lent what it needed"},
      {TASKWORKER_OK, 800, "process() says that it wrote 808 bytes of data where it was lent 800"},
      {TASKWORKER_OK, 808, "process() says that it wrote 257 bytes of info where it was lent 256"},
  }));
  instance made(entry, path, owner, {});
  made.tell_breach(status, result, data_lent, 256);
  made.tell_breach(status, result, data_lent, 256);
  CHECK(services.messages == texts{"5 " + message + ": it counts as failed; said once only"});
}

TEST_CASE_METHOD(fixture, "a task that failed within the rules is not told",
                 "[strategy_instance]") {
  const taskworker_status status = GENERATE(
      values<taskworker_status>({TASKWORKER_FAILED, TASKWORKER_UNSUPPORTED, TASKWORKER_CANCELLED}));
  taskworker_result result{};
  result.data_size = 808;
  instance made(entry, path, owner, {});
  made.tell_breach(status, result, 800, 256);
  CHECK(services.messages.empty());
}

TEST_CASE_METHOD(fixture, "the control role ends with the call", "[strategy_instance]") {
  instance made(entry, path, owner, {});
  const auto *check = static_cast<const taskworker_host_thread_check *>(
      owner.abi().get_extension(&owner.abi(), TASKWORKER_EXT_THREAD_CHECK));
  CHECK(check->is_control_thread(&owner.abi()) == 0);
}
