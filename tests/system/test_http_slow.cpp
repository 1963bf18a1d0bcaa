// SPDX-License-Identifier: MIT
// Slow and deferred answers on real sockets.
#include <pthread.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "catch.hpp"
#include "http/server.hpp"
#include "http_client.hpp"

using namespace taskworker::http;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::chrono::hours never{1};

std::string thread_name() {
  std::array<char, 16> name{};
  ::pthread_getname_np(::pthread_self(), name.data(), name.size());
  return name.data();
}

// Rung by the server's threads, heard by the test's, or the other way round.
class bell {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    ++rung_;
    last_ringer_ = thread_name();
    changed_.notify_all();
  }
  // Waits until it was rung so often; false = it was not, for all patience.
  bool heard(std::size_t times = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return rung_ >= times; });
  }
  std::string last_ringer() {
    const std::lock_guard lock(mutex_);
    return last_ringer_;
  }
  std::size_t rung() {
    const std::lock_guard lock(mutex_);
    return rung_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t rung_ = 0;
  std::string last_ringer_;
};

struct slow_server {
  explicit slow_server(const limits &bounds = {})
      : asked("127.0.0.1", 0, make_router(), access_config{}, bounds) {
    asked.start();
  }

  router make_router();

  // What a deferred holds: rings when that is destroyed.
  std::shared_ptr<void> held() {
    return {nullptr, [this](void *) { destroyed.ring(); }};
  }

  deferred defer(std::chrono::nanoseconds wait) {
    entered.ring();
    return {wait, [held = held()] { return text_response(200, "finished on " + thread_name()); }};
  }

  bell entered, let_go, left, destroyed;
  server asked;  // dies before what its handlers use
};

router slow_server::make_router() {
  const auto slow = [](const char *path, handler serve, method verb = method::get) {
    return route{verb, path, access_class::open, std::move(serve), pace::slow};
  };
  router routes;
  routes.add(slow("/held", [this](const request &) {
    entered.ring();
    const bool is_let_go = let_go.heard();
    left.ring();
    return text_response(200, is_let_go ? "let go on " + thread_name() : "forgotten");
  }));
  routes.add(slow("/waits", [this](const request &) { return defer(never); }));
  routes.add(slow("/soon", [this](const request &) { return defer(1ms); }));
  routes.add(slow("/late", [this](const request &) { return defer(100ms); }, method::post));
  routes.add(slow("/throws", [](const request &) -> reply { throw std::runtime_error("none"); }));
  routes.add(slow("/finish-throws", [](const request &) {
    return deferred{1ms, []() -> response { throw std::runtime_error("none"); }};
  }));
  routes.add({method::get, "/quick", access_class::open,
              [](const request &) { return text_response(200, "quick on " + thread_name()); }});
  routes.add({method::get, "/quick-soon", access_class::open,
              [this](const request &) { return defer(1ms); }});
  routes.add({method::get, "/quick-waits", access_class::open,
              [this](const request &) { return defer(never); }});
  return routes;
}

const std::string finished = "finished on tw-http-slow\n";
const std::string quick = "quick on tw-http\n";

// Asks until a place is free: it is one as soon as the server has seen its client go.
void wait_until_served(const server &asked) {
  std::string answer;
  do {
    client caller(asked);
    caller.send(get("/soon"));
    answer = caller.receive();
  } while (status_of(answer) == "HTTP/1.1 429");
  CHECK(body_of(answer) == finished);
}

}  // namespace

TEST_CASE("quick requests are answered while a slow one runs", "[http_slow]") {
  slow_server on;
  client slow(on.asked);
  slow.send(get("/held"));
  REQUIRE(on.entered.heard());
  client other(on.asked);
  other.send(get("/quick") + get("/quick"));
  CHECK(body_of(other.receive()) == quick);
  CHECK(body_of(other.receive()) == quick);
  on.let_go.ring();
  CHECK(body_of(slow.receive()) == "let go on tw-http-slow\n");
}

TEST_CASE("a deferred answer holds up nobody", "[http_slow]") {
  slow_server on;
  client waiting(on.asked);
  waiting.send(get(GENERATE(as<std::string>(), "/waits", "/quick-waits")));
  REQUIRE(on.entered.heard());
  client other(on.asked);
  other.send(get("/quick") + get("/soon") + get("/quick-soon"));
  CHECK(body_of(other.receive()) == quick);
  CHECK(body_of(other.receive()) == finished);
  CHECK(body_of(other.receive()) == finished);
}

TEST_CASE("several answers are deferred at once", "[http_slow]") {
  slow_server on;
  client first(on.asked), second(on.asked);
  first.send("POST /late HTTP/1.1\r\nHost: localhost\r\n\r\n");
  second.send(get("/soon"));
  CHECK(body_of(second.receive()) == finished);
  CHECK(body_of(first.receive()) == finished);
}

TEST_CASE("the connection goes on after a slow answer", "[http_slow]") {
  slow_server on;
  client caller(on.asked);
  caller.send(get("/soon") + get("/quick") + get("/quick-soon") + get("/nowhere") + get("/soon"));
  CHECK(body_of(caller.receive()) == finished);
  CHECK(body_of(caller.receive()) == quick);
  CHECK(body_of(caller.receive()) == finished);
  CHECK(status_of(caller.receive()) == "HTTP/1.1 404");
  CHECK(body_of(caller.receive()) == finished);
  caller.send(get("/soon", "Connection: close\r\n"));
  CHECK_THAT(caller.receive_all(), ContainsSubstring("\r\nConnection: close\r\n"));
}

TEST_CASE("what is sent ahead of a slow answer is kept, however much", "[http_slow]") {
  slow_server on;
  constexpr int ahead = 900;  // more bytes than a connection takes in at once
  client caller(on.asked);
  std::string bytes = get("/held");
  for (int i = 0; i < ahead; ++i) bytes += get("/quick");
  caller.send(bytes);
  REQUIRE(on.entered.heard());
  on.let_go.ring();
  CHECK(body_of(caller.receive()) == "let go on tw-http-slow\n");
  int answered = 0;
  while (answered < ahead && body_of(caller.receive()) == quick) ++answered;
  CHECK(answered == ahead);
}

TEST_CASE("a request may come in pieces while a slow one is at work", "[http_slow]") {
  slow_server on;
  client caller(on.asked);
  const std::string next = get("/quick");
  caller.send(get("/held") + next.substr(0, 9));
  REQUIRE(on.entered.heard());
  caller.send(next.substr(9, 9));
  on.let_go.ring();
  CHECK(body_of(caller.receive()) == "let go on tw-http-slow\n");
  caller.send(next.substr(18));
  CHECK(body_of(caller.receive()) == quick);
}

TEST_CASE("HEAD of a slow resource runs it and sends no body", "[http_slow]") {
  slow_server on;
  client caller(on.asked);
  caller.send("HEAD /soon HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/quick"));
  CHECK_THAT(caller.receive(false),
             ContainsSubstring("\r\nContent-Length: " + std::to_string(finished.size()) + "\r\n"));
  CHECK(on.entered.heard());
  CHECK(body_of(caller.receive()) == quick);
}

TEST_CASE("what a slow handler throws, early or late, is a 500", "[http_slow]") {
  slow_server on;
  client caller(on.asked);
  for (const char *target : {"/throws", "/finish-throws"}) {
    caller.send(get(target));
    const auto answer = caller.receive();
    CHECK(status_of(answer) == "HTTP/1.1 500");
    CHECK(body_of(answer) == "internal error: none\n");
  }
  caller.send(get("/soon"));
  CHECK(body_of(caller.receive()) == finished);
}

TEST_CASE("no deadline runs while a slow request is at work", "[http_slow]") {
  slow_server on({.body_deadline = 20ms, .write_deadline = 20ms, .idle_deadline = 20ms});
  client caller(on.asked);
  caller.send("POST /late HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc");
  CHECK(body_of(caller.receive()) == finished);
}

TEST_CASE("a client that leaves has its deferred answer dropped", "[http_slow]") {
  slow_server on;
  client caller(on.asked);
  caller.send(get(GENERATE(as<std::string>(), "/waits", "/quick-waits")));
  REQUIRE(on.entered.heard());
  SECTION("it closes") { caller.close(); }
  SECTION("it resets") { caller.reset(); }
  SECTION("it ends its sending half") {
    caller.end_sending();
    CHECK(caller.receive_all() == "");
  }
  SECTION("it has sent something ahead") {
    caller.send(get("/quick"));
    caller.close();
  }
  SECTION("it has sent more ahead than is read, and resets") {
    caller.send(std::string(64 * 1024, 'x'));
    caller.reset();
  }
  REQUIRE(on.destroyed.heard());
  CHECK(on.destroyed.last_ringer() == "tw-http-slow");
}

TEST_CASE("clients may leave while a handler runs and others are queued", "[http_slow]") {
  slow_server on;
  client blocker(on.asked);
  blocker.send(get("/held"));
  REQUIRE(on.entered.heard());
  client leaver(on.asked);
  leaver.send(get("/waits"));
  leaver.close();
  blocker.close();
  on.let_go.ring();
  client next(on.asked);
  next.send(get("/soon"));
  CHECK(body_of(next.receive()) == finished);
}

TEST_CASE("above the limit of slow requests the answer is 429", "[http_slow]") {
  slow_server on({.slow_requests = 2});
  client third(on.asked);
  {
    client first(on.asked), second(on.asked);
    first.send(get("/waits"));
    second.send(get("/quick-waits"));
    REQUIRE(on.entered.heard(2));
    for (const char *target : {"/soon", "/quick-soon"}) {
      third.send(get(target));
      const auto refused = third.receive();
      CHECK(status_of(refused) == "HTTP/1.1 429");
      CHECK_THAT(refused, ContainsSubstring("\r\nRetry-After: 1\r\n"));
      CHECK(body_of(refused) ==
            "too many requests that take their time: at most 2 at once; try again later\n");
    }
  }
  wait_until_served(on.asked);
  third.send(get("/soon"));
  CHECK(body_of(third.receive()) == finished);
}

TEST_CASE("503 is the answer where all are at work", "[http_slow]") {
  slow_server on({.connections = 1});
  client caller(on.asked);
  caller.send(get("/held"));
  REQUIRE(on.entered.heard());
  {
    client second(on.asked);
    const auto refused = second.receive_all();
    CHECK(status_of(refused) == "HTTP/1.1 503");
    CHECK(body_of(refused) == "too many connections; try again later\n");
  }
  on.let_go.ring();
  CHECK(body_of(caller.receive()) == "let go on tw-http-slow\n");
  client third(on.asked);
  third.send(get("/quick"));
  CHECK(body_of(third.receive()) == quick);
}

TEST_CASE("a place is free when the response has come", "[http_slow]") {
  slow_server on({.slow_requests = 1});
  client caller(on.asked);
  for (int i = 0; i < 20; ++i) {
    caller.send(get("/soon") + get("/quick-soon"));
    REQUIRE(body_of(caller.receive()) == finished);
    REQUIRE(body_of(caller.receive()) == finished);
  }
}

TEST_CASE("stop destroys what was deferred", "[http_slow]") {
  slow_server on;
  client slow(on.asked), quick_one(on.asked);
  slow.send(get("/waits"));
  quick_one.send(get("/quick-waits"));
  REQUIRE(on.entered.heard(2));
  on.asked.stop();
  CHECK(on.destroyed.rung() == 2);
  CHECK(slow.receive_all() == "");
  CHECK(quick_one.receive_all() == "");
}

TEST_CASE("stop waits for the slow handler that runs", "[http_slow]") {
  slow_server on;
  client running(on.asked), queued(on.asked);
  running.send(get("/held"));
  REQUIRE(on.entered.heard());
  queued.send(get("/soon"));
  auto stopped = std::async(std::launch::async, [&] { on.asked.stop(); });
  CHECK(stopped.wait_for(0s) == std::future_status::timeout);
  on.let_go.ring();
  stopped.get();
  CHECK(on.left.rung() == 1);
}

TEST_CASE("clients that come and go do no harm", "[http_slow]") {
  slow_server on;
  for (int round = 0; round < 50; ++round) {
    client leaver(on.asked), dropper(on.asked), caller(on.asked);
    leaver.send(get("/soon") + get("/quick"));
    leaver.close();
    dropper.send(get("/quick-soon"));
    dropper.reset();
    caller.send(get("/quick"));
    REQUIRE(body_of(caller.receive()) == quick);
  }
  wait_until_served(on.asked);
}
