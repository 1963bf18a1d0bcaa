// SPDX-License-Identifier: MIT
#include "http/request_rules.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/ascii.hpp"
#include "http/authority.hpp"
#include "http/query.hpp"

namespace taskworker::http {
namespace {

using refusal = std::optional<response>;

// A request on its way through the rules. Each rule reads `received` and fills its
// part of `checked`.
struct inspection {
  const head &received;
  std::uint64_t body_limit;
  checked_head checked;
};

std::vector<std::string_view> values_of(const head &received, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto &[field_name, value] : received.fields) {
    if (equal_ignoring_case(field_name, name)) values.push_back(value);
  }
  return values;
}

std::string_view first_value(const head &received, std::string_view name) {
  const auto values = values_of(received, name);
  return values.empty() ? std::string_view() : values.front();
}

refusal check_method(inspection &now) {
  static constexpr std::pair<std::string_view, method> known[] = {
      {"GET", method::get},       {"HEAD", method::head},    {"POST", method::post},
      {"CONNECT", method::other}, {"DELETE", method::other}, {"OPTIONS", method::other},
      {"PATCH", method::other},   {"PUT", method::other},    {"TRACE", method::other},
  };
  const auto &received = now.received;
  const auto *found = std::find_if(std::begin(known), std::end(known), [&](const auto &entry) {
    return entry.first == received.method;
  });
  if (found == std::end(known)) return text_response(501, "unknown method");
  now.checked.incoming.verb = found->second;
  if (received.method != "CONNECT" && !(received.method == "OPTIONS" && received.target == "*")) {
    return std::nullopt;
  }
  auto answer = text_response(405, "this method is not served");
  answer.headers = {{"Allow", "GET, HEAD, POST"}};
  return answer;
}

// Two of these could be read one way here and another way by a proxy in front.
refusal check_given_once(inspection &now) {
  for (const std::string_view name :
       {"Authorization", "Content-Length", "Content-Type", "Expect", "Host", "Origin"}) {
    if (values_of(now.received, name).size() > 1) {
      return text_response(400, std::string(name) + " is given twice");
    }
  }
  return std::nullopt;
}

refusal check_host(inspection &now) {
  const auto host = first_value(now.received, "Host");
  if (!parse_authority(host)) {
    return text_response(400, "a Host header is needed: HOST or HOST:PORT");
  }
  now.checked.incoming.host = host;
  return std::nullopt;
}

// Cuts http://HOST off an absolute target and gives HOST; nothing for other forms.
std::optional<std::string_view> take_authority(std::string_view &target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto named = target.substr(0, target.find_first_of("/?"));
    target.remove_prefix(named.size());
    return named;
  }
  return std::nullopt;
}

refusal check_target(inspection &now) {
  auto target = now.received.target;
  auto &incoming = now.checked.incoming;
  if (!std::all_of(target.begin(), target.end(),
                   [](char c) { return c > ' ' && c < '\x7f' && c != '#'; })) {
    return text_response(400, "the URL must be visible ASCII without a fragment (#)");
  }
  const auto named = take_authority(target);
  if (named && !equal_ignoring_case(*named, incoming.host)) {
    return text_response(400, "the host of the URL differs from the Host header");
  }
  auto path = target.substr(0, target.find('?'));
  target.remove_prefix(std::min(path.size() + 1, target.size()));
  if (named && path.empty()) path = "/";
  if (!path.starts_with('/')) return text_response(400, "the URL must start with /");
  auto decoded_path = decode_percent(path);
  auto query = parse_query(target);
  if (!decoded_path || !query) return text_response(400, "the URL has a broken %XX escape");
  incoming.path = *std::move(decoded_path);
  incoming.query = *std::move(query);
  return std::nullopt;
}

refusal check_transfer_encoding(inspection &now) {
  const auto codings = values_of(now.received, "Transfer-Encoding");
  if (codings.empty()) return std::nullopt;
  if (now.received.version < 11) {
    return text_response(400, "Transfer-Encoding is not part of HTTP/1.0");
  }
  if (!values_of(now.received, "Content-Length").empty()) {
    return text_response(400, "Transfer-Encoding and Content-Length exclude each other");
  }
  if (codings.size() > 1 || !equal_ignoring_case(codings.front(), "chunked")) {
    return text_response(400, "Transfer-Encoding must be chunked");
  }
  now.checked.has_body = true;
  return std::nullopt;
}

refusal check_content_length(inspection &now) {
  if (values_of(now.received, "Content-Length").empty()) return std::nullopt;
  const auto text = first_value(now.received, "Content-Length");
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) {
    return text_response(400, "Content-Length must be a number");
  }
  std::uint64_t length = 0;
  const auto error = std::from_chars(text.data(), text.data() + text.size(), length).ec;
  if (error != std::errc() || length > now.body_limit) {
    return text_response(
        413, "the body is too large: at most " + std::to_string(now.body_limit) + " bytes");
  }
  now.checked.has_body = length > 0;
  return std::nullopt;
}

refusal check_body_allowed(inspection &now) {
  const auto verb = now.checked.incoming.verb;
  if (!now.checked.has_body || (verb != method::get && verb != method::head)) {
    return std::nullopt;
  }
  return text_response(413, "GET and HEAD take no body");
}

refusal check_expect(inspection &now) {
  // HTTP/1.0 knows no 100; the header means nothing there.
  if (now.received.version < 11 || values_of(now.received, "Expect").empty()) return std::nullopt;
  if (!equal_ignoring_case(first_value(now.received, "Expect"), "100-continue")) {
    return text_response(417, "Expect must be 100-continue");
  }
  now.checked.expects_continue = now.checked.has_body;
  return std::nullopt;
}

refusal copy_headers(inspection &now) {
  auto &incoming = now.checked.incoming;
  incoming.authorization = first_value(now.received, "Authorization");
  incoming.content_type = first_value(now.received, "Content-Type");
  incoming.origin = first_value(now.received, "Origin");
  for (const auto value : values_of(now.received, "Accept")) {
    if (!incoming.accept.empty()) incoming.accept += ", ";
    incoming.accept += value;
  }
  return std::nullopt;
}

}  // namespace

std::variant<checked_head, response> check_head(const head &received, std::uint64_t body_limit) {
  inspection now{received, body_limit, {}};
  for (const auto rule :
       {&check_method, &check_given_once, &check_host, &check_target, &check_transfer_encoding,
        &check_content_length, &check_body_allowed, &check_expect, &copy_headers}) {
    if (auto refused = rule(now)) return *std::move(refused);
  }
  return std::move(now.checked);
}

response refuse_version(std::string_view request_line) {
  constexpr std::string_view form = "HTTP/d.d";
  const auto method_end = request_line.find(' ');
  const auto target_end = request_line.rfind(' ');
  const auto version = request_line.substr(std::min(target_end + 1, request_line.size()));
  const bool is_version = version.size() == form.size() && version.starts_with("HTTP/") &&
                          is_digit(version[5]) && version[6] == '.' && is_digit(version[7]) &&
                          request_line.find(' ', method_end + 1) == target_end;
  if (!is_version) return text_response(400, "malformed request");
  return text_response(505, "this server speaks HTTP/1.0 and HTTP/1.1");
}

}  // namespace taskworker::http
