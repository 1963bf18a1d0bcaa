// SPDX-License-Identifier: MIT
// Drain, second signal, stuck tasks, crashes: what ends a run, and that it is told.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <string>

#include "catch.hpp"
#include "program.hpp"
#include "temporary_file.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

const std::string waiting_words = "tasks done; endpoints stay up";

std::string bad_strategy(const std::string &name) {
  return std::string(std::getenv("TASKWORKER_TEST_BAD_STRATEGIES")) + "/" + name + ".so";
}

std::string faulty_strategy() { return std::getenv("TASKWORKER_TEST_FAULTY_STRATEGY"); }

/// Waits until a line of the running program's metrics starts with `begin`.
void wait_for_line(int port, const std::string &begin) {
  while (http_get(port, "/metrics").find("\n" + begin) == std::string::npos) {
  }
}

void check_accounting(const std::string &text) {
  const auto tasks = boost::json::parse(text).at("tasks");
  const auto number = [&](const char *key) { return tasks.at(key).to_number<std::uint64_t>(); };
  CHECK(number("generated") > 0);
  CHECK(number("generated") ==
        number("processed") + number("failed") + number("drained") + number("abandoned"));
}

std::size_t occurrences(const std::string &words, const std::string &text) {
  std::size_t count = 0;
  for (auto at = text.find(words); at != text.npos; at = text.find(words, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("a run stays up after its tasks until a signal comes", "[signals]") {
  for (const int signal : {SIGINT, SIGTERM}) {
    program worker({"--strategy=optimized", "--duration=1h", "--listen=127.0.0.1:0"});
    const std::string err = worker.wait_for_err(waiting_words);
    CHECK_THAT(err, ContainsSubstring(waiting_words + " 3,600 s, Ctrl-C ends"));
    int status = 0;
    http_get(announced_port(err), "/readyz", &status);
    CHECK(status == 200);
    worker.send(signal);
    const outcome ended = worker.wait();
    CHECK(ended.status == 0);
    CHECK_THAT(ended.out, ContainsSubstring("clean: 0 threads, 0 jobs left"));
  }
}

TEST_CASE("a signal in the middle drains: everything is accounted for", "[signals]") {
  for (const std::string strategy : {"optimized", "bad:leak-limit-threads=20"}) {
    program worker({"--strategy=" + strategy, "--tasks=0", "--duration=0", "--listen=127.0.0.1:0",
                    "--report=json"});
    wait_for_line(announced_port(worker.wait_for_err("/metrics")),
                  "worker_last_progress_timestamp_seconds{");
    worker.send(SIGTERM);
    const outcome ended = worker.wait();
    CHECK(ended.status == 0);
    check_accounting(ended.out);
    CHECK(boost::json::parse(ended.out).at("end").as_string() == "stop_signal");
  }
}

TEST_CASE("the end of the duration drains an endless run", "[signals]") {
  const outcome ended = run(
      {"--strategy=optimized", "--tasks=0", "--duration=200ms", "--listen=none", "--report=json"});
  CHECK(ended.status == 0);
  check_accounting(ended.out);
  CHECK(boost::json::parse(ended.out).at("end").as_string() == "duration_over");
}

TEST_CASE("a run without endpoints does not speak of them", "[signals]") {
  const outcome ended =
      run({"--strategy=optimized", "--tasks=1", "--duration=300ms", "--listen=none"});
  CHECK(ended.err == "taskworker: tasks done; the run stays up 1 s, Ctrl-C ends\n");
}

TEST_CASE("a task that hangs is named and abandoned when the grace time is over", "[signals]") {
  program worker({"--strategy=" + bad_strategy("hangs_in_process"), "--tasks=10", "--workers=1",
                  "--grace=100ms", "--duration=300ms", "--listen=none"});
  const outcome ended = worker.wait();
  CHECK(ended.status == 6);
  CHECK_THAT(ended.out, ContainsSubstring("did not end within --grace"));
  CHECK_THAT(ended.out, ContainsSubstring("worker 0 is stuck in task 0 (sum), for "));
  CHECK_THAT(ended.out, ContainsSubstring("\n    hangs_in_process.c:13 (process)\n"));
  CHECK_THAT(ended.out, ContainsSubstring("+ 0 failed + 0 drained + 10 abandoned"));
}

TEST_CASE("a second signal ends at once, with what was done", "[signals]") {
  for (const int signal : {SIGINT, SIGTERM}) {
    program worker({"--strategy=" + bad_strategy("hangs_in_process"), "--tasks=10", "--workers=2",
                    "--grace=1h", "--duration=1h", "--listen=127.0.0.1:0", "--report=json"});
    const int port = announced_port(worker.wait_for_err("/metrics"));
    wait_for_line(port, "worker_tasks_in_queue{worker_type=\"hangs_in_process\"} 10");
    worker.send(signal);
    for (int status = 0; status != 503;) http_get(port, "/readyz", &status);
    worker.send(signal);
    const outcome ended = worker.wait();
    CHECK(ended.status == 128 + signal);
    check_accounting(ended.out);
    CHECK_THAT(std::string(boost::json::parse(ended.out).at("verdict").as_string()),
               ContainsSubstring("cut off: a second signal came"));
  }
}

TEST_CASE("a run that waits for input hears signals", "[signals]") {
  const temporary_folder folder;
  const std::string fifo = folder / "tasks";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  // Open for writing, so that there is no end of input, and nothing written.
  const int writer = ::open(fifo.c_str(), O_RDWR | O_CLOEXEC);
  program worker(
      {"--strategy=optimized", "--source=file:" + fifo, "--duration=0", "--listen=127.0.0.1:0"});
  const int port = announced_port(worker.wait_for_err("/metrics"));
  for (int status = 0; status != 200;) http_get(port, "/readyz", &status);
  worker.send(SIGINT);
  const outcome ended = worker.wait();
  ::close(writer);
  CHECK(ended.status == 0);
  CHECK_THAT(ended.out, ContainsSubstring("0 generated = 0 processed"));
}

TEST_CASE("a crash names strategy, worker, task and stack, then is the process's death",
          "[signals]") {
  const outcome ended = run({"--strategy=" + bad_strategy("crashes_in_process"), "--workers=1",
                             "--duration=0", "--listen=none", "--report=json"});
  CHECK(ended.signal == SIGABRT);
  CHECK_THAT(ended.err, ContainsSubstring(
                            "taskworker: SIGABRT with the strategy crashes_in_process, worker 0, "
                            "task 3 (filter); the stack, innermost first:\n"));
  CHECK_THAT(ended.err, ContainsSubstring("\n  crashes_in_process.c:9 (process)\n"));
  CHECK_THAT(ended.err, !ContainsSubstring("boost::asio"));  // the loop that called it
  check_accounting(ended.out);
  CHECK(std::string(boost::json::parse(ended.out).at("crash").as_string()) ==
        "SIGABRT in worker 0, task 3 (filter)");
}

TEST_CASE("a crash while a strategy is opened names it, and its module", "[signals]") {
  const outcome ended = run({"--strategy=" + bad_strategy("init_crashes"), "--listen=none"});
  CHECK(ended.signal == SIGSEGV);
  CHECK_THAT(ended.err, ContainsSubstring(" with the strategy " + bad_strategy("init_crashes") +
                                          ", in no task, on the thread "));
  CHECK_THAT(ended.err, ContainsSubstring("/init_crashes.so+0x"));
}

TEST_CASE("a task that runs too long is told once, with where it is", "[signals]") {
  const temporary_folder folder;
  const std::string trigger = folder / "trigger";
  program worker({"--strategy=" + faulty_strategy(), "--strategy-opt=fault=wait",
                  "--strategy-opt=moment=first_task", "--strategy-opt=trigger=" + trigger,
                  "--tasks=10", "--workers=1", "--duration=0", "--task-timeout=20ms",
                  "--listen=127.0.0.1:0", "--report=json"});
  const int port = announced_port(worker.wait_for_err("/metrics"));
  const std::string err = worker.wait_for_err("loop::work)");
  CHECK_THAT(err, ContainsSubstring("taskworker: warning: task 0 (sum) on worker 0 has run for "));
  CHECK_THAT(err, ContainsSubstring(", longer than --task-timeout; its stack, innermost first:\n"));
  CHECK_THAT(err, ContainsSubstring("fault_wait"));

  int status = 0;
  const std::string health = http_get(port, "/healthz", &status);
  CHECK(status == 503);
  CHECK_THAT(health, ContainsSubstring("stuck:\ntask 0 (sum) on worker 0 has run for "));
  wait_for_line(port, "worker_stuck_tasks{worker_type=\"faulty\"} 1");
  wait_for_line(port, "worker_task_timeouts_total{worker_type=\"faulty\"} 1");

  folder.write("trigger", "");
  const outcome ended = worker.wait();
  CHECK(ended.status == 0);
  CHECK(ended.err.find("--task-timeout") == ended.err.rfind("--task-timeout"));
  const auto tasks = boost::json::parse(ended.out).at("tasks");
  CHECK(tasks.at("processed").to_number<int>() == 10);
}

TEST_CASE("tasks that run too long are only counted when they are many", "[signals]") {
  program worker({"--strategy=" + bad_strategy("hangs_in_process"), "--workers=60", "--tasks=0",
                  "--duration=1h", "--task-timeout=20ms", "--grace=1ms", "--listen=127.0.0.1:0"});
  const int port = announced_port(worker.wait_for_err("/metrics"));
  worker.wait_for_err("more of these are counted, not shown");
  wait_for_line(port, "worker_task_timeouts_total{worker_type=\"hangs_in_process\"} 60");
  worker.send(SIGTERM);
  const outcome ended = worker.wait();
  CHECK(ended.status == 6);
  CHECK(occurrences("longer than --task-timeout", ended.err) == 50);
}

TEST_CASE("a process is healthy again when its stuck task has ended", "[signals]") {
  const temporary_folder folder;
  const std::string trigger = folder / "trigger";
  program worker({"--strategy=" + faulty_strategy(), "--strategy-opt=fault=wait",
                  "--strategy-opt=moment=first_task", "--strategy-opt=trigger=" + trigger,
                  "--tasks=10", "--workers=1", "--duration=1h", "--task-timeout=20ms",
                  "--listen=127.0.0.1:0"});
  const int port = announced_port(worker.wait_for_err("/metrics"));
  int status = 0;
  while (status != 503) http_get(port, "/healthz", &status);
  folder.write("trigger", "");
  worker.wait_for_err(waiting_words);
  CHECK(http_get(port, "/healthz", &status) == "alive\n");
  CHECK(status == 200);
  wait_for_line(port, "worker_stuck_tasks{worker_type=\"faulty\"} 0");
  wait_for_line(port, "worker_task_timeouts_total{worker_type=\"faulty\"} 1");
  worker.send(SIGTERM);
  CHECK(worker.wait().status == 0);
}
