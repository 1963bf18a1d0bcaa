// SPDX-License-Identifier: MIT
#include "http/slow_lane.hpp"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <future>
#include <limits>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "catch.hpp"

using namespace taskworker::http;
using namespace std::chrono_literals;

namespace {

using lines = std::vector<std::string>;

// What happened, in order: written by the lane's thread, read by the test's.
class journal {
 public:
  void write(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }

  // As soon as there are so many lines; a test that would hang fails instead.
  lines wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 20s, [&] { return lines_.size() >= count; });
    return lines_;
  }
  lines so_far() { return wait_for(0); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  lines lines_;
};

std::string thread_name() {
  std::array<char, 16> name{};
  ::pthread_getname_np(::pthread_self(), name.data(), name.size());
  return name.data();
}

struct fixture {
  explicit fixture(std::size_t places = 16)
      : lane(std::make_shared<const service>(router(), access_config(),
                                             limits{.slow_requests = places}, true)) {}

  // What the errand is told stands in the journal behind its name.
  std::optional<slow_lane::ticket> begin(const std::string &name, handler serve) {
    routes.push_back({method::get, "/", access_class::open, std::move(serve), pace::slow});
    return lane.begin(admitted{.incoming = {}, .target = &routes.back()}, teller(name));
  }

  slow_lane::listener teller(const std::string &name) {
    return [this, name](const slow_lane::progress &made) {
      const auto *answer = std::get_if<response>(&made);
      log.write(name + (answer == nullptr ? " waits" : " is told " + answer->body));
    };
  }

  handler answers(const std::string &name) {
    return [this, name](const request &) {
      log.write(name + " runs");
      return response{.body = name};
    };
  }

  // What it defers says in the journal when it is called, and where it is destroyed.
  handler defers(const std::string &name) {
    return [this, name](const request &) { return defer(name); };
  }

  deferred defer(const std::string &name) {
    const std::shared_ptr<void> held(
        nullptr, [this, name](void *) { log.write(name + " is destroyed on " + thread_name()); });
    return {1h, [this, name, held] {
              log.write(name + " is finished");
              return response{.body = name};
            }};
  }

  // Begins an errand that runs until it is let go, so that others come while it does.
  void occupy() {
    REQUIRE(begin("occupier", [this](const request &) {
      entered.set_value();
      let_go.get_future().wait();
      return response{.body = "nothing"};
    }));
    entered.get_future().wait();
  }

  journal log;
  std::promise<void> entered, let_go;
  std::list<route> routes;
  slow_lane lane;
};

}  // namespace

TEST_CASE("requests are answered in order on the lane's thread", "[http_slow_lane]") {
  fixture on;
  REQUIRE(on.begin("a", [](const request &) { return response{.body = thread_name()}; }));
  REQUIRE(on.begin("b", on.answers("b")));
  REQUIRE(on.begin("c", on.answers("c")));
  CHECK(on.log.so_far().empty());
  on.lane.start();
  CHECK(on.log.wait_for(5) ==
        lines{"a is told tw-http-slow", "b runs", "b is told b", "c runs", "c is told c"});
}

TEST_CASE("deferred ones finish in the order in which their waits end", "[http_slow_lane]") {
  fixture on;
  on.lane.start();
  const auto a = on.begin("a", on.defers("a"));
  const auto b = on.begin("b", on.defers("b"));
  REQUIRE(on.log.wait_for(2) == lines{"a waits", "b waits"});
  on.lane.resume(b.value());
  REQUIRE(on.log.wait_for(5).size() == 5);
  on.lane.resume(a.value());
  // What a deferred holds is gone before its client is answered.
  CHECK(on.log.wait_for(8) ==
        lines{"a waits", "b waits", "b is finished", "b is destroyed on tw-http-slow",
              "b is told b", "a is finished", "a is destroyed on tw-http-slow", "a is told a"});
}

TEST_CASE("what becomes ready is behind what is ready", "[http_slow_lane]") {
  fixture on;
  on.lane.start();
  const auto early = on.begin("early", on.defers("early"));
  REQUIRE(on.log.wait_for(1).size() == 1);
  on.occupy();
  REQUIRE(on.begin("late", on.answers("late")));
  on.lane.resume(early.value());
  on.let_go.set_value();
  CHECK(on.log.wait_for(7) == lines{"early waits", "occupier is told nothing", "late runs",
                                    "late is told late", "early is finished",
                                    "early is destroyed on tw-http-slow", "early is told early"});
}

TEST_CASE("what was deferred elsewhere waits to be resumed", "[http_slow_lane]") {
  fixture on;
  on.lane.start();
  const auto ticket = on.lane.begin(on.defer("a"), on.teller("a"));
  REQUIRE(on.begin("b", on.answers("b")));
  REQUIRE(on.log.wait_for(2) == lines{"b runs", "b is told b"});
  on.lane.resume(ticket.value());
  CHECK(on.log.wait_for(5).back() == "a is told a");
}

TEST_CASE("there are so many places, free again when a response is made", "[http_slow_lane]") {
  fixture on(2);
  const auto a = on.begin("a", on.defers("a"));
  REQUIRE(on.begin("b", on.answers("b")));
  CHECK_FALSE(on.begin("c", on.answers("c")));
  CHECK_FALSE(on.lane.begin(on.defer("d"), on.teller("d")));
  on.lane.start();
  REQUIRE(on.log.wait_for(4).back() == "b is told b");
  CHECK(on.begin("e", on.answers("e")));
  REQUIRE(on.log.wait_for(6).back() == "e is told e");
  on.lane.resume(a.value());  // a deferred has kept its place until now
  REQUIRE(on.log.wait_for(9).back() == "a is told a");
  CHECK(on.begin("f", on.defers("f")));
  CHECK(on.begin("g", on.defers("g")));
}

TEST_CASE("a dropped request does not run and gives its place back", "[http_slow_lane]") {
  fixture on(1);
  const auto left = on.begin("left", on.answers("left"));
  on.lane.drop(left.value());
  on.lane.start();
  std::optional<slow_lane::ticket> next;
  while (!next) next = on.begin("next", on.answers("next"));
  CHECK(on.log.wait_for(2) == lines{"next runs", "next is told next"});
}

TEST_CASE("a dropped deferred is destroyed uncalled, before other steps", "[http_slow_lane]") {
  fixture on;
  on.lane.start();
  const auto waiting = on.begin("waiting", on.defers("waiting"));
  const auto resumed = on.begin("resumed", on.defers("resumed"));
  REQUIRE(on.log.wait_for(2).size() == 2);
  on.occupy();
  REQUIRE(on.begin("other", on.answers("other")));
  on.lane.resume(resumed.value());
  on.lane.drop(resumed.value());
  on.lane.drop(waiting.value());
  on.let_go.set_value();
  auto seen = on.log.wait_for(7);
  REQUIRE(seen.size() == 7);
  CHECK(lines(seen.begin() + 2, seen.end()) ==
        lines{"occupier is told nothing", "waiting is destroyed on tw-http-slow",
              "resumed is destroyed on tw-http-slow", "other runs", "other is told other"});
}

TEST_CASE("a request dropped while it runs defers nothing", "[http_slow_lane]") {
  std::promise<slow_lane::ticket> own;
  fixture on(1);
  on.lane.start();
  const auto ticket = on.begin("a", [&](const request &) {
    on.lane.drop(own.get_future().get());
    return on.defer("a");
  });
  own.set_value(ticket.value());
  CHECK(on.log.wait_for(2) == lines{"a waits", "a is destroyed on tw-http-slow"});
}

TEST_CASE("a ticket that is over has no effect", "[http_slow_lane]") {
  fixture on;
  on.lane.start();
  const auto over = on.begin("over", on.answers("over"));
  REQUIRE(on.log.wait_for(2).size() == 2);
  on.lane.resume(over.value());
  on.lane.drop(over.value());
  REQUIRE(on.begin("next", on.answers("next")));
  CHECK(on.log.wait_for(4) ==
        lines{"over runs", "over is told over", "next runs", "next is told next"});
}

TEST_CASE("what is thrown becomes a 500, at each step", "[http_slow_lane]") {
  fixture on;
  on.lane.start();
  const auto fails = []() -> response { throw std::runtime_error("no figure"); };
  REQUIRE(on.begin("a", [&](const request &) { return fails(); }));
  const auto b = on.begin("b", [&](const request &) { return deferred{0ns, fails}; });
  REQUIRE(on.log.wait_for(2) == lines{"a is told internal error: no figure\n", "b waits"});
  on.lane.resume(b.value());
  CHECK(on.log.wait_for(3).back() == "b is told internal error: no figure\n");
}

TEST_CASE("bodies are moved, not copied", "[http_slow_lane]") {
  const std::size_t size = 1'000'000;
  std::promise<std::pair<const void *, const void *>> seen_by_handler;
  std::promise<const void *> seen_by_client;
  fixture on;
  on.lane.start();
  on.routes.push_back({method::post, "/", access_class::open, [&](const request &incoming) {
                         response answer{.body = std::string(size, 'x')};
                         seen_by_handler.set_value({incoming.body.data(), answer.body.data()});
                         return answer;
                       }});
  admitted granted{.incoming = {}, .target = &on.routes.back()};
  granted.incoming.body.assign(size, 'y');
  const void *sent = granted.incoming.body.data();
  REQUIRE(on.lane.begin(std::move(granted), [&](const slow_lane::progress &made) {
    seen_by_client.set_value(std::get<response>(made).body.data());
  }));
  const auto [received, answered] = seen_by_handler.get_future().get();
  CHECK(received == sent);
  CHECK(seen_by_client.get_future().get() == answered);
}

TEST_CASE("stop waits for the step that runs and destroys the rest uncalled", "[http_slow_lane]") {
  fixture on(std::numeric_limits<std::size_t>::max());
  on.lane.start();
  REQUIRE(on.begin("waiting", on.defers("waiting")));
  const auto resumed = on.begin("resumed", on.defers("resumed"));
  REQUIRE(on.log.wait_for(2).size() == 2);
  on.occupy();
  on.lane.resume(resumed.value());
  auto stopped = std::async(std::launch::async, [&] { on.lane.stop(); });
  while (on.begin("ready", on.answers("ready"))) {  // until it takes no more
  }
  CHECK(stopped.wait_for(0s) == std::future_status::timeout);
  on.let_go.set_value();
  stopped.get();
  CHECK(on.log.so_far() == lines{"waiting waits", "resumed waits", "occupier is told nothing",
                                 "waiting is destroyed on tw-http-slow",
                                 "resumed is destroyed on tw-http-slow"});
  on.lane.stop();
}

TEST_CASE("a lane that never starts destroys what it was given", "[http_slow_lane]") {
  bool is_destroyed = false;
  {
    fixture on;
    const std::shared_ptr<void> held(nullptr, [&](void *) { is_destroyed = true; });
    REQUIRE(on.lane.begin(deferred{0ns, [held] { return response(); }}, on.teller("a")));
  }
  CHECK(is_destroyed);
}
