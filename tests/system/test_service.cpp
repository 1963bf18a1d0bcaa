// SPDX-License-Identifier: MIT
// What a service manager and a health check see of a run.
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include "temporary_file.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// The socket on which a service manager listens (sd_notify(3)).
class manager {
 public:
  /// `address`: a path, or @NAME.
  explicit manager(const std::string &address)
      : descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    REQUIRE(address.size() < sizeof at.sun_path);
    address.copy(at.sun_path, address.size());
    if (address.front() == '@') at.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    REQUIRE(::bind(descriptor_, reinterpret_cast<const sockaddr *>(&at), size) == 0);
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    REQUIRE(::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
  }
  ~manager() { ::close(descriptor_); }
  manager(const manager &) = delete;
  manager &operator=(const manager &) = delete;

  std::string receive() const {
    std::array<char, 4096> text;
    const auto size = ::recv(descriptor_, text.data(), text.size(), 0);
    if (size < 0) FAIL("the service manager was told nothing more");
    return {text.data(), static_cast<std::size_t>(size)};
  }

  /// All that comes up to and with the first message that starts so.
  std::vector<std::string> receive_to(const std::string &begin) const {
    std::vector<std::string> all;
    do all.push_back(receive());
    while (all.back().rfind(begin, 0) != 0);
    return all;
  }

 private:
  const int descriptor_;
};

std::size_t count(const std::vector<std::string> &in, const std::string &what) {
  std::size_t found = 0;
  for (const auto &each : in) found += each == what ? 1u : 0u;
  return found;
}

constexpr auto ready = "READY=1\nSTATUS=takes tasks";
constexpr auto alive = "WATCHDOG=1";

std::string bad_strategy(const std::string &name) {
  return std::string(std::getenv("TASKWORKER_TEST_BAD_STRATEGIES")) + "/" + name + ".so";
}

}  // namespace

TEST_CASE("the service manager hears of the run from ready to stopping", "[service]") {
  const temporary_folder folder;
  for (const std::string &address :
       {folder / "notify", "@taskworker-test-" + std::to_string(::getpid())}) {
    CAPTURE(address);
    const manager listening(address);
    program worker({"--strategy=optimized", "--tasks=0", "--rate=100", "--listen=none"}, "",
                   {"NOTIFY_SOCKET=" + address, "WATCHDOG_USEC=200000"});
    CHECK(listening.receive() == ready);
    const auto meanwhile = listening.receive_to("STATUS=");
    CHECK(count(meanwhile, alive) >= 3);  // 100 ms apart, and a second to the first status
    CHECK_THAT(meanwhile.back(), ContainsSubstring(" tasks, ") && ContainsSubstring("/s, "));
    worker.send(SIGTERM);
    const auto rest = listening.receive_to("STOPPING=1");
    CHECK(rest.back() == "STOPPING=1\nSTATUS=drains: running tasks finish");
    CHECK(worker.wait().status == 0);
  }
}

TEST_CASE("no sign of life is sent where none is asked for", "[service]") {
  const temporary_folder folder;
  const std::vector<std::vector<std::string>> environments{
      {}, {"WATCHDOG_USEC=soon"}, {"WATCHDOG_USEC=1000", "WATCHDOG_PID=1"}};
  for (auto environment : environments) {
    const std::string address = folder / ("notify" + std::to_string(environment.size()));
    const manager listening(address);
    environment.push_back("NOTIFY_SOCKET=" + address);
    program worker({"--strategy=optimized", "--duration=1500ms", "--listen=none"}, "", environment);
    const auto all = listening.receive_to("STOPPING=1");
    CHECK(all.front() == ready);
    CHECK(count(all, alive) == 0);
    CHECK(count(all, "STATUS=all tasks are done") == 1);
    CHECK(worker.wait().status == 0);
  }
}

TEST_CASE("a strategy that cannot be started is never ready", "[service]") {
  const temporary_folder folder;
  const manager listening(folder / "notify");
  program worker({"--strategy=" + bad_strategy("start_fails"), "--listen=none"}, "",
                 {"NOTIFY_SOCKET=" + folder / "notify"});
  CHECK(worker.wait().status == 3);
  program good({"--strategy=optimized", "--duration=0", "--listen=none"}, "",
               {"NOTIFY_SOCKET=" + folder / "notify"});
  CHECK(good.wait().status == 0);
  CHECK(listening.receive() == ready);  // the first message is of the second run
  CHECK_THAT(listening.receive(), StartsWith("STOPPING=1"));
}

TEST_CASE("a run goes on where no service manager listens", "[service]") {
  for (const char *address : {"/nosuch/socket", "nosuch", "@", "vsock:2:1234"}) {
    program worker({"--strategy=optimized", "--duration=0", "--listen=none", "--report=none"}, "",
                   {std::string("NOTIFY_SOCKET=") + address, "WATCHDOG_USEC=1"});
    const outcome ended = worker.wait();
    CHECK(ended.status == 0);
    CHECK(ended.err.empty());
  }
}

TEST_CASE("a probe tells by its status what a worker answers", "[service]") {
  program worker({"--strategy=optimized", "--tasks=0", "--rate=10", "--listen=127.0.0.1:0"});
  const int port = announced_port(worker.wait_for_err("/metrics"));
  const std::string url = "http://127.0.0.1:" + std::to_string(port);
  for (int status = 0; status != 200;) http_get(port, "/readyz", &status);

  const outcome is_ready = run({"--probe=" + url + "/readyz"});
  CHECK(is_ready.status == 0);
  CHECK(is_ready.out == "ready\n");
  CHECK(is_ready.err.empty());

  const outcome unknown = run({"--probe=" + url + "/nosuch"});
  CHECK(unknown.status == 7);
  CHECK(unknown.out.empty());
  CHECK_THAT(unknown.err, StartsWith("taskworker: " + url + "/nosuch answers 404: not found"));

  worker.send(SIGTERM);
  CHECK(worker.wait().status == 0);
  const outcome gone = run({"--probe=" + url + "/readyz"});
  CHECK(gone.status == 7);
  CHECK(gone.err == "taskworker: " + url + "/readyz: Connection refused\n");
}

TEST_CASE("a probe does not wait for ever", "[service]") {
  const int silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{
      .sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  socklen_t size = sizeof at;
  REQUIRE(::bind(silent, reinterpret_cast<const sockaddr *>(&at), size) == 0);
  REQUIRE(::listen(silent, 1) == 0);
  REQUIRE(::getsockname(silent, reinterpret_cast<sockaddr *>(&at), &size) == 0);
  const std::string url = "http://127.0.0.1:" + std::to_string(ntohs(at.sin_port)) + "/";
  const outcome ended = run({"--probe=" + url});
  ::close(silent);
  CHECK(ended.status == 7);
  CHECK(ended.err == "taskworker: " + url + ": no answer within 5000 ms\n");
}
