// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "http/head.hpp"
#include "http/message.hpp"

namespace taskworker::http {

/// A head that kept the rules.
struct checked_head {
  request incoming;  ///< all but body and local
  bool has_body = false;
  bool expects_continue = false;  ///< the client waits for 100 before it sends the body
};

/// The rules that a request must keep before it is routed: those of RFC 9110 and 9112
/// that Beast leaves to its user, and a few that are ours. A response = refused, and
/// the connection must be closed, for what follows cannot be told apart safely.
///
///  no Host, two, or not HOST[:PORT]; also in HTTP/1.0             400
///  Authorization, Content-Length, ... given twice                 400
///  Transfer-Encoding in HTTP/1.0, beside Content-Length,
///    or anything but "chunked"                                    400
///  Content-Length that is no number                               400
///  fragment (#), bytes outside visible ASCII, broken %XX          400
///  http://host/path with a host that is not the Host; * and
///    other forms of target                                        400
///  CONNECT, OPTIONS *                                             405
///  Content-Length above `body_limit` (bytes); body on GET or HEAD 413
///  Expect other than 100-continue                                 417
///  method that HTTP does not know; they are in capitals           501
///
/// What only the raw bytes show is refused before, by head_scanner. Beast's parser
/// itself refuses blanks before a colon, bad header names and bad versions, and sees
/// to the framing of chunks. Pure; any thread.
[[nodiscard]] std::variant<checked_head, response> check_head(const head &received,
                                                              std::uint64_t body_limit);

/// The answer to a request line in which Beast's parser finds no version that it knows: 505
/// where there is one, as HTTP/2.0; else the line is malformed, 400. Pure; any thread.
[[nodiscard]] response refuse_version(std::string_view request_line);

}  // namespace taskworker::http
