// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace taskworker::http {

/// What is asked: http://HOST[:PORT]/PATH, taken apart.
struct probe_target {
  std::string host;  ///< a name, an IPv4 or IPv6 address, without brackets
  std::uint16_t port = 80;
  std::string authority;     ///< as it stood in the URL: what the Host header says
  std::string target = "/";  ///< path and query
};

/// Nothing where `url` is no http:// URL with a well-formed authority (authority.hpp), or has
/// characters that no URL may hold.
[[nodiscard]] std::optional<probe_target> parse_probe_url(std::string_view url);

struct probe_answer {
  unsigned status = 0;
  std::string body;  ///< whole
};

/// There is no answer. what() says why, without the URL.
class probe_error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Asks by GET, on a connection of its own, on the calling thread. Throws probe_error when
/// `patience` is over, when nobody listens, and when what comes back is no HTTP answer of at
/// most 1 MiB.
[[nodiscard]] probe_answer probe(const probe_target &target, std::chrono::milliseconds patience);

}  // namespace taskworker::http
