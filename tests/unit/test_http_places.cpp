// SPDX-License-Identifier: MIT
#include "http/places.hpp"

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
  explicit lobby(std::size_t count) : all(std::make_shared<places>(count)) {}

  places::place take() {
    auto taken = all->take();
    REQUIRE(taken);
    return *std::move(taken);
  }
  void wait(places::place &who, awaited what, const std::string &name) {
    who.wait_for(what, [this, name] { left.push_back(name); });
  }

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
    CHECK_FALSE(here.all->take());
  }
  const auto third = here.take();
  CHECK_FALSE(here.all->take());
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
  CHECK_FALSE(here.all->take());
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

TEST_CASE("one at work keeps its place", "[http_places]") {
  lobby here(1);
  auto only = here.take();
  here.wait(only, awaited::request, "only");
  only.work();
  CHECK_FALSE(here.all->take());
  here.wait(only, awaited::reading, "only");
  CHECK(here.all->take());
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
  CHECK_FALSE(here.all->take());
  CHECK(here.left == names{"first"});
}

TEST_CASE("a place that moves is one place", "[http_places]") {
  lobby here(1);
  {
    auto first = here.take();
    const auto moved = std::move(first);
    CHECK_FALSE(here.all->take());
  }
  CHECK(here.all->take());
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
