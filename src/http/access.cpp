// SPDX-License-Identifier: MIT
#include "http/access.hpp"

#include <algorithm>
#include <string_view>

#include "http/ascii.hpp"
#include "http/authority.hpp"
#include "http/credentials.hpp"

namespace taskworker::http {
namespace {

bool is_known_host(const access_config &config, std::string_view host) {
  const auto parsed = parse_authority(host);
  if (!parsed) return false;
  return parsed->is_address || is_loopback_name(*parsed) ||
         std::any_of(config.allowed_hosts.begin(), config.allowed_hosts.end(),
                     [&](const std::string &allowed) {
                       return equal_ignoring_case(allowed, parsed->host);
                     });
}

// Browsers send an Origin with every request that can change something, and "null"
// where they hide it. Other clients send none.
bool is_foreign_origin(const request &incoming) {
  std::string_view origin = incoming.origin;
  if (origin.empty()) return false;
  const auto scheme_end = origin.find("://");
  return scheme_end == std::string_view::npos ||
         !equal_ignoring_case(origin.substr(scheme_end + 3), incoming.host);
}

response token_needed() {
  auto answer = text_response(401,
                              "a token is needed: send it as Bearer, or as the password of Basic "
                              "(http://x:TOKEN@HOST/...)");
  answer.headers = {{"WWW-Authenticate", "Basic realm=\"taskworker\""},
                    {"WWW-Authenticate", "Bearer realm=\"taskworker\""}};
  return answer;
}

response host_unknown() {
  return text_response(421,
                       "this Host is not served here: use localhost or an IP address, or start "
                       "the server with --allow-host NAME");
}

std::optional<response> check_token(const access_config &config, const request &incoming) {
  if (!config.token) {
    return text_response(403,
                         "closed, as the server does not listen on a loopback address: start it "
                         "with --token-file FILE, or with --insecure-debug");
  }
  if (presents_token(incoming.authorization, *config.token)) return std::nullopt;
  return token_needed();
}

}  // namespace

std::optional<response> check_access(const access_config &config, access_class wanted,
                                     const request &incoming) {
  // Where a token is asked for, a page of a browser has none to show.
  const bool is_host_asked =
      incoming.local || (wanted == access_class::debug && config.insecure_debug);
  if (is_host_asked && !is_known_host(config, incoming.host)) return host_unknown();
  if (wanted == access_class::open) return std::nullopt;
  if (is_foreign_origin(incoming)) {
    return text_response(403, "refused: the request comes from a page of another origin");
  }
  if (is_host_asked) return std::nullopt;
  return check_token(config, incoming);
}

}  // namespace taskworker::http
