// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace taskworker::http {

/// The value of a Host header, or what stands between // and the path of a URL,
/// taken apart. Points into the text that it was parsed from.
struct authority {
  std::string_view host;    ///< without brackets and without the dot that may end a name
  bool is_address = false;  ///< host is an IPv4 or IPv6 address, not a name
};

/// Nothing where the text is no HOST or HOST:PORT; the port may be empty, and is at
/// most 65535. A name is letters, digits and "-._~": RFC 3986 would allow more, but
/// nothing more stands in a name that resolves. Text before an @ and IPv6 zones are
/// refused.
[[nodiscard]] std::optional<authority> parse_authority(std::string_view text);

/// "localhost" and all below it, which no public DNS server can answer (RFC 6761).
[[nodiscard]] bool is_loopback_name(const authority &parsed);

}  // namespace taskworker::http
