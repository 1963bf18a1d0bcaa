// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "http/message.hpp"
#include "profiling/cpu/cpu_profiler.hpp"

namespace taskworker::endpoints {

/// How a profile is to be answered.
enum class profile_form : std::uint8_t {
  proto,   ///< debug=0, or not given: gzip'd profile.proto
  text,    ///< debug=1: a table, or stacks with counts
  detail,  ///< debug=2: every stack
};

/// What the query of a profile's URL asks for, checked.
struct profile_query {
  static constexpr std::chrono::seconds longest = std::chrono::hours(1);
  static constexpr std::chrono::seconds longest_last = profiling::cpu_profiler::history_length;

  std::optional<std::chrono::seconds> seconds;  ///< 1 .. longest
  std::optional<std::chrono::seconds> last;     ///< 1 .. longest_last; of the time just gone
  std::optional<unsigned> hz;
  profile_form form = profile_form::proto;
  bool leaked = false;  ///< only what a strategy has probably left behind
  bool peak = false;    ///< the heap when it was largest
};

/// The parameters that a resource takes. One that is none of the above is taken and not
/// looked at ("gc", which Go's heap has).
struct query_rules {
  std::vector<std::string_view> known;
  unsigned max_hz = 0;
};

/// Reads the query. Else the response that refuses it (400), whose text says what is
/// expected. Pure.
[[nodiscard]] std::variant<profile_query, http::response> read_profile_query(
    const http::request &incoming, const query_rules &rules);

/// A refusal that `go tool pprof` prints: X-Go-Pprof (net/http/pprof's serveError).
[[nodiscard]] http::response refuse_profile(unsigned status, std::string_view text);

}  // namespace taskworker::endpoints
