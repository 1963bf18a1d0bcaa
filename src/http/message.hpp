// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace taskworker::http {

/// What a request wants done. `other` is any method that HTTP knows and that no
/// route here takes (PUT, DELETE, OPTIONS, ...).
enum class method : std::uint8_t { get, head, post, other };

/// One key=value of a query, both decoded. The value is empty where there is none.
struct parameter {
  std::string key;
  std::string value;
};

/// A request that has passed every check: what a handler is given. It owns its text.
struct request {
  method verb = method::get;     ///< head reaches the handler of get; its body is not sent
  std::string path;              ///< decoded; equals the path of the route
  std::vector<parameter> query;  ///< decoded, in the order given; a key may come twice
  std::string host;              ///< well-formed: NAME, IPv4 or [IPv6], with or without :PORT
  std::string authorization;     ///< empty = not sent; so are the next three
  std::string origin;
  std::string accept;  ///< several headers joined by ", "
  std::string content_type;
  std::string body;
  bool local = false;  ///< the listener is bound to a loopback address
};

/// One header of a response. REQUIRES: no CR or LF in either part.
struct header {
  std::string name;
  std::string value;
};

/// What a handler answers. The connection adds Content-Length, Date, Connection,
/// Cache-Control: no-store and X-Content-Type-Options: nosniff to every response.
struct response {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<header> headers = {};  ///< on top of those; a name may come twice
};

/// A line of plain text; the newline is added. `text` must not hold parts of the request.
[[nodiscard]] response text_response(unsigned status, std::string_view text);

}  // namespace taskworker::http
