// SPDX-License-Identifier: MIT
#include "endpoints/profile_query.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>
#include <utility>

namespace taskworker::endpoints {
namespace {

/// A parameter that is not as it should be. what() is the whole line for the client.
class query_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string range_text(std::string_view key, std::uint64_t least, std::uint64_t most) {
  return std::string(key) + " takes a whole number from " + std::to_string(least) + " to " +
         std::to_string(most);
}

std::uint64_t read_number(const http::parameter &given, std::uint64_t least, std::uint64_t most) {
  std::uint64_t number = 0;
  const char *const end = given.value.data() + given.value.size();
  const auto [stop, error] = std::from_chars(given.value.data(), end, number);
  if (error != std::errc() || stop != end || number < least || number > most) {
    throw query_error(range_text(given.key, least, most));
  }
  return number;
}

std::chrono::seconds read_seconds(const http::parameter &given, std::chrono::seconds longest) {
  return std::chrono::seconds(read_number(given, 1, static_cast<std::uint64_t>(longest.count())));
}

void read_parameter(profile_query &query, const http::parameter &given, const query_rules &rules) {
  if (given.key == "seconds") query.seconds = read_seconds(given, query.longest);
  if (given.key == "last") query.last = read_seconds(given, query.longest_last);
  if (given.key == "hz") query.hz = static_cast<unsigned>(read_number(given, 1, rules.max_hz));
  if (given.key == "debug") query.form = static_cast<profile_form>(read_number(given, 0, 2));
  if (given.key == "leaked") query.leaked = read_number(given, 0, 1) == 1;
  if (given.key == "peak") query.peak = read_number(given, 0, 1) == 1;
}

std::string list_of(const std::vector<std::string_view> &names) {
  std::string text;
  for (const auto name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text.empty() ? "none" : text;
}

void require_known(const http::parameter &given, const query_rules &rules) {
  if (std::find(rules.known.begin(), rules.known.end(), given.key) != rules.known.end()) return;
  throw query_error("unknown parameter; this resource takes: " + list_of(rules.known));
}

void require_sense(const profile_query &query) {
  if (query.seconds && query.last) {
    throw query_error("seconds (from now on) and last (the time just gone) exclude each other");
  }
  if (query.last && query.hz) {
    throw query_error("last takes no hz: what is gone was sampled at a fixed rate");
  }
  if (query.peak && query.seconds) {
    throw query_error("peak takes no seconds: it is of one moment that is gone");
  }
  if (query.leaked && query.seconds) {
    throw query_error("leaked takes no seconds: it tells what is there now");
  }
}

}  // namespace

std::variant<profile_query, http::response> read_profile_query(const http::request &incoming,
                                                               const query_rules &rules) {
  try {
    profile_query query;
    for (const auto &given : incoming.query) {
      require_known(given, rules);
      read_parameter(query, given, rules);
    }
    require_sense(query);
    return query;
  } catch (const query_error &error) {
    return refuse_profile(400, error.what());
  }
}

http::response refuse_profile(unsigned status, std::string_view text) {
  auto refusal = http::text_response(status, text);
  refusal.headers.push_back({"X-Go-Pprof", "1"});
  return refusal;
}

}  // namespace taskworker::endpoints
