// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/message.hpp"

namespace taskworker::http {

/// Who may ask for a resource. `open` (metrics, health) is for every scraper;
/// `debug` tells of the program's inside or changes something.
enum class access_class : std::uint8_t { open, debug };

/// How --allow-host, --token-file and --insecure-debug set the access rule.
struct access_config {
  std::vector<std::string> allowed_hosts;  ///< names without port, in any case of letters
  std::optional<std::string> token;        ///< not empty; none = debug is closed off loopback
  bool insecure_debug = false;             ///< debug needs no token off loopback
};

/// The access rule, whole. Nothing = allowed, else the response that refuses.
///
///  listener     | open resource         | debug resource
///  -------------|-----------------------|-------------------------------------------------
///  loopback     | known Host, else 421  | known Host, else 421
///  off loopback | any Host              | the token, else 401; without one 403
///  the same with insecure_debug | any Host | known Host, else 421
///
/// A known Host is localhost or a name below it, an IP address, or an allowed host,
/// with any port: a page whose name was pointed at this machine (DNS rebinding) has
/// none of these. On loopback no token is asked for. A debug resource also refuses
/// (403), whatever the listener, an Origin whose authority is not the Host.
///
/// REQUIRES: `incoming.host` is well-formed (request_rules.hpp). Pure; any thread.
[[nodiscard]] std::optional<response> check_access(const access_config &config, access_class wanted,
                                                   const request &incoming);

}  // namespace taskworker::http
