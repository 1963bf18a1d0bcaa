// SPDX-License-Identifier: MIT
#include "http/authority.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

#include "http/ascii.hpp"

namespace taskworker::http {
namespace {

bool is_ip_address(int family, std::string_view text) {
  in6_addr address;  // the larger of the two
  return inet_pton(family, std::string(text).c_str(), &address) == 1;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("-._~").find(c) != std::string_view::npos;
  });
}

bool is_port(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_digit)) return false;
  std::uint16_t port = 0;
  return text.empty() ||
         std::from_chars(text.data(), text.data() + text.size(), port).ec == std::errc();
}

// What may follow the host: nothing, or ":PORT".
bool is_port_part(std::string_view text) {
  return text.empty() || (text.front() == ':' && is_port(text.substr(1)));
}

std::optional<authority> parse_bracketed(std::string_view text) {
  const auto end = text.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  const auto host = text.substr(1, end - 1);
  if (!is_ip_address(AF_INET6, host) || !is_port_part(text.substr(end + 1))) return std::nullopt;
  return authority{.host = host, .is_address = true};
}

}  // namespace

std::optional<authority> parse_authority(std::string_view text) {
  if (text.starts_with('[')) return parse_bracketed(text);
  const auto end = std::min(text.find(':'), text.size());
  auto host = text.substr(0, end);
  const bool is_address = is_ip_address(AF_INET, host);
  if (host.ends_with('.')) host.remove_suffix(1);
  if (!is_name(host) || !is_port_part(text.substr(end))) return std::nullopt;
  return authority{.host = host, .is_address = is_address};
}

bool is_loopback_name(const authority &parsed) {
  constexpr std::string_view suffix = ".localhost";
  const auto host = parsed.host;
  return equal_ignoring_case(host, suffix.substr(1)) ||
         (host.size() > suffix.size() &&
          equal_ignoring_case(host.substr(host.size() - suffix.size()), suffix));
}

}  // namespace taskworker::http
