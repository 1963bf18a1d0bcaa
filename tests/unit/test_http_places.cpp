// SPDX-License-Identifier: MIT
#include "http/places.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

using taskworker::http::awaited;
using taskworker::http::places;

namespace {

struct lobby {
  explicit lobby(std::size_t count) : all(std::make_shared<places>(count, grace)) {}

  places::place take() {
    auto taken = try_to_take();
    REQUIRE(taken);
    return *std::move(taken);
  }
  std::optional<places::place> try_to_take() { return all->take(now); }
  void wait(places::place &who, awaited what, const std::string &name) {
    who.wait_for(what, now, [this, name] { left.push_back(name); });
    now += grace;
  }

  static constexpr std::chrono::seconds grace{1};
  places::clock::time_point now{};
  std::shared_ptr<places> all;
  std::vector<std::string> left;
};

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("there are so many places, and one that is given back is free", "[http_places]") {
  lobby here(2);
  const auto first = here.take();
  {
    const auto second = here.take();
    CHECK_FALSE(here.try_to_take());
  }
  const auto third = here.take();
  CHECK_FALSE(here.try_to_take());
}

TEST_CASE("the one that has waited longest leaves for a new one", "[http_places]") {
  lobby here(3);
  auto a = here.take();
  auto b = here.take();
  auto c = here.take();
  here.wait(b, awaited::request, "b");
  here.wait(a, awaited::request, "a");
  here.wait(c, awaited::request, "c");
  here.wait(b, awaited::request, "b");  // anew: its client has acted
  const auto d = here.take();
  CHECK(here.left == names{"a"});
  const auto e = here.take();
  const auto f = here.take();
  CHECK(here.left == names{"a", "c", "b"});
  CHECK_FALSE(here.try_to_take());
}

TEST_CASE("who has an answer leaves first, and last who reads one", "[http_places]") {
  lobby here(4);
  auto reading = here.take();
  auto sending = here.take();
  auto silent = here.take();
  auto answered = here.take();
  here.wait(reading, awaited::reading, "reading");
  here.wait(sending, awaited::body, "sending");
  here.wait(silent, awaited::request, "silent");
  here.wait(answered, awaited::another_request, "answered");
  std::vector<places::place> newcomers;
  for (int i = 0; i < 4; ++i) newcomers.push_back(here.take());
  CHECK(here.left == names{"answered", "silent", "sending", "reading"});
}

TEST_CASE("who has no answer yet keeps the place for the grace", "[http_places]") {
  lobby here(1);
  auto only = here.take();
  const auto what = GENERATE(awaited::request, awaited::body, awaited::reading);
  const auto start = here.now;
  here.wait(only, what, "only");
  here.now = start + lobby::grace - std::chrono::nanoseconds(1);
  CHECK_FALSE(here.try_to_take());
  CHECK(here.all->next_chance() == start + lobby::grace);
  here.now = start + lobby::grace;
  CHECK(here.try_to_take());
  CHECK(here.left == names{"only"});
}

TEST_CASE("who has an answer is asked to leave at once", "[http_places]") {
  lobby here(2);
  auto asking = here.take();
  auto answered = here.take();
  const auto start = here.now;
  here.wait(asking, awaited::request, "asking");
  here.now = start;
  here.wait(answered, awaited::another_request, "answered");
  here.now = start;
  const auto next = here.try_to_take();
  CHECK(next);
  CHECK(here.left == names{"answered"});
}

TEST_CASE("there is no chance while all are at work", "[http_places]") {
  lobby here(1);
  const auto only = here.take();
  CHECK_FALSE(here.try_to_take());
  CHECK_FALSE(here.all->next_chance());
}

TEST_CASE("one at work keeps its place", "[http_places]") {
  lobby here(1);
  auto only = here.take();
  here.wait(only, awaited::request, "only");
  only.work();
  CHECK_FALSE(here.try_to_take());
  here.wait(only, awaited::reading, "only");
  CHECK(here.try_to_take());
  CHECK(here.left == names{"only"});
}

TEST_CASE("one that had to leave frees no place when it goes", "[http_places]") {
  lobby here(1);
  std::optional<places::place> first(here.take());
  here.wait(*first, awaited::request, "first");
  const auto second = here.take();
  here.wait(*first, awaited::request, "first");  // a step that had begun before it left
  first->work();
  first.reset();
  CHECK_FALSE(here.try_to_take());
  CHECK(here.left == names{"first"});
}

TEST_CASE("a place that moves is one place", "[http_places]") {
  lobby here(1);
  {
    auto first = here.take();
    const auto moved = std::move(first);
    CHECK_FALSE(here.try_to_take());
  }
  CHECK(here.try_to_take());
}

TEST_CASE("places outlive those who gave them out", "[http_places]") {
  std::optional<places::place> last;
  {
    lobby here(1);
    last.emplace(here.take());
  }
  last->work();
  CHECK(last);
}

TEST_CASE("in a crowd, and for a while after, nobody stays to ask again", "[http_places]") {
  lobby here(2);
  auto first = here.take();
  CHECK(first.may_stay(here.now));
  {
    auto second = here.take();
    CHECK_FALSE(first.may_stay(here.now));
    here.now += 2 * places::crowd_lasts;  // answers may be slow
    CHECK_FALSE(second.may_stay(here.now));
  }
  using std::chrono::milliseconds;
  CHECK_FALSE(first.may_stay(here.now + places::crowd_lasts - milliseconds(1)));
  CHECK(first.may_stay(here.now + places::crowd_lasts));
}
