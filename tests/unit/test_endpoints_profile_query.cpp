// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "endpoints/profile_query.hpp"

using namespace taskworker::endpoints;
using namespace std::chrono_literals;
using taskworker::http::parameter;
using taskworker::http::request;
using taskworker::http::response;

namespace {

const query_rules cpu_rules{{"seconds", "last", "hz", "debug"}, 250};
const query_rules heap_rules{{"seconds", "debug", "peak", "gc"}, 0};

std::variant<profile_query, response> read(const std::vector<parameter> &query,
                                           const query_rules &rules = cpu_rules) {
  request incoming;
  incoming.query = query;
  return read_profile_query(incoming, rules);
}

profile_query accepted(const std::vector<parameter> &query, const query_rules &rules = cpu_rules) {
  const auto outcome = read(query, rules);
  REQUIRE(std::holds_alternative<profile_query>(outcome));
  return std::get<profile_query>(outcome);
}

std::string refused(const std::vector<parameter> &query, const query_rules &rules = cpu_rules) {
  const auto outcome = read(query, rules);
  REQUIRE(std::holds_alternative<response>(outcome));
  const auto &refusal = std::get<response>(outcome);
  CHECK(refusal.status == 400);
  CHECK(refusal.content_type == "text/plain; charset=utf-8");
  REQUIRE(refusal.headers.size() == 1);
  CHECK(refusal.headers[0].name == "X-Go-Pprof");
  return refusal.body;
}

}  // namespace

TEST_CASE("a query without parameters asks for what is usual", "[endpoints_profile_query]") {
  const auto query = accepted({});
  CHECK_FALSE(query.seconds);
  CHECK_FALSE(query.last);
  CHECK_FALSE(query.hz);
  CHECK(query.form == profile_form::proto);
}

TEST_CASE("parameters are read", "[endpoints_profile_query]") {
  const auto query = accepted({{"seconds", "14"}, {"hz", "250"}, {"debug", "1"}});
  CHECK(query.seconds == 14s);
  CHECK(query.hz == 250u);
  CHECK(query.form == profile_form::text);
  CHECK(accepted({{"last", "60"}, {"debug", "2"}}).last == 60s);
  CHECK(accepted({{"debug", "2"}}).form == profile_form::detail);
  CHECK(accepted({{"peak", "1"}}, heap_rules).peak);
  CHECK_FALSE(accepted({{"peak", "0"}}, heap_rules).peak);
  CHECK(accepted({{"leaked", "1"}}, {{"leaked"}, 0}).leaked);
}

TEST_CASE("seconds must be a whole number of seconds, up to an hour", "[endpoints_profile_query]") {
  CHECK(accepted({{"seconds", "1"}}).seconds == 1s);
  CHECK(accepted({{"seconds", "3600"}}).seconds == 3600s);
  for (const char *bad : {"abc", "-1", "0", "", "3601", "1.5", "1e2", " 5", "5s", "+5",
                          "99999999999999999999999999"}) {
    CAPTURE(bad);
    CHECK(refused({{"seconds", bad}}) == "seconds takes a whole number from 1 to 3600\n");
  }
}

TEST_CASE("last reaches as far back as samples are kept", "[endpoints_profile_query]") {
  CHECK(accepted({{"last", "1"}}).last == 1s);
  CHECK(accepted({{"last", "300"}}).last == taskworker::profiling::cpu_profiler::history_length);
  for (const char *bad : {"0", "301", "3600", "1.5", "x", ""}) {
    CAPTURE(bad);
    CHECK(refused({{"last", bad}}) == "last takes a whole number from 1 to 300\n");
  }
}

TEST_CASE("hz and debug have bounds", "[endpoints_profile_query]") {
  CHECK(accepted({{"hz", "1"}}).hz == 1u);
  for (const char *bad : {"0", "251", "9999", "x", ""}) {
    CHECK(refused({{"hz", bad}}) == "hz takes a whole number from 1 to 250\n");
  }
  for (const char *bad : {"3", "9", "-1", ""}) {
    CHECK(refused({{"debug", bad}}) == "debug takes a whole number from 0 to 2\n");
  }
}

TEST_CASE("a parameter that is not known is refused by name of what is",
          "[endpoints_profile_query]") {
  CHECK(refused({{"second", "10"}}) ==
        "unknown parameter; this resource takes: seconds, last, hz, debug\n");
  CHECK(refused({{"hz", "100"}}, heap_rules) ==
        "unknown parameter; this resource takes: seconds, debug, peak, gc\n");
  CHECK(refused({{"x", "1"}}, {}) == "unknown parameter; this resource takes: none\n");
}

TEST_CASE("gc of Go's clients is taken, whatever it says", "[endpoints_profile_query]") {
  CHECK(accepted({{"gc", "1"}}, heap_rules).form == profile_form::proto);
  CHECK(accepted({{"gc", "yes"}}, heap_rules).form == profile_form::proto);
}

TEST_CASE("parameters that exclude each other are refused", "[endpoints_profile_query]") {
  CHECK(refused({{"seconds", "5"}, {"last", "5"}}) ==
        "seconds (from now on) and last (the time just gone) exclude each other\n");
  CHECK(refused({{"last", "5"}, {"hz", "100"}}) ==
        "last takes no hz: what is gone was sampled at a fixed rate\n");
  CHECK(refused({{"peak", "1"}, {"seconds", "5"}}, heap_rules) ==
        "peak takes no seconds: it is of one moment that is gone\n");
  CHECK(refused({{"leaked", "1"}, {"seconds", "5"}}, {{"leaked", "seconds"}, 0}) ==
        "leaked takes no seconds: it tells what is there now\n");
}

TEST_CASE("of a parameter that comes twice the last one holds", "[endpoints_profile_query]") {
  CHECK(accepted({{"seconds", "1"}, {"seconds", "2"}}).seconds == 2s);
}
