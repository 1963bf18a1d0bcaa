// SPDX-License-Identifier: MIT
// A head in raw bytes, from the scanner through Beast's parser and the rules to the answer, as
// a connection takes it there. The first byte says how the server is set up, the second how
// long the pieces are in which the head arrives.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <string_view>
#include <variant>

#include "expect.hpp"
#include "http/ascii.hpp"
#include "http/authority.hpp"
#include "http/credentials.hpp"
#include "http/request_rules.hpp"
#include "http/service.hpp"

namespace {

using namespace taskworker::http;
namespace beast_http = boost::beast::http;

constexpr std::string_view token = "s3cret";

struct setup {
  bool is_local, has_token, is_insecure;
};

router make_router() {
  const auto text = [](const request &incoming) { return text_response(200, incoming.path); };
  router routes;
  routes.add({method::get, "/metrics", access_class::open, text})
      .add({method::get, "/debug", access_class::debug, text})
      .add({method::post, "/debug", access_class::debug, text});
  return routes;
}

service make_service(const setup &made) {
  access_config access{.allowed_hosts = {"worker.example"},
                       .token = std::nullopt,
                       .insecure_debug = made.is_insecure};
  if (made.has_token) access.token = token;
  return {make_router(), access, limits{}, made.is_local};
}

head view(const beast_http::request<beast_http::string_body> &parsed) {
  const auto text = [](boost::beast::string_view from) {
    return std::string_view(from.data(), from.size());
  };
  head received{.method = text(parsed.method_string()),
                .target = text(parsed.target()),
                .version = parsed.version(),
                .fields = {}};
  for (const auto &field : parsed) {
    received.fields.push_back({text(field.name_string()), text(field.value())});
  }
  return received;
}

std::size_t count_of(const head &received, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(received.fields.begin(), received.fields.end(),
                    [&](const field &one) { return equal_ignoring_case(one.name, name); }));
}

void check_answer(const response &answer) {
  expect(answer.status >= 200 && answer.status < 600, "a status of HTTP");
  for (const auto &[name, value] : answer.headers) {
    expect((name + value).find_first_of("\r\n") == std::string::npos, "a header is one line");
  }
}

void check_admitted(const setup &made, const head &received, const admitted &granted) {
  const auto &incoming = granted.incoming;
  const bool is_chunked = count_of(received, "Transfer-Encoding") > 0;
  expect(count_of(received, "Host") == 1, "one Host");
  expect(parse_authority(incoming.host).has_value(), "a well-formed Host");
  expect(count_of(received, "Content-Length") + (is_chunked ? 1 : 0) <= 1, "one framing");
  expect(!is_chunked || received.version == 11, "no coding in HTTP/1.0");
  expect(!granted.has_body || incoming.verb == method::post, "a body with POST only");
  expect(incoming.path == granted.target->path, "the route of the path");
  expect(received.target.find('#') == std::string_view::npos, "no fragment");
  if (granted.target->access != access_class::debug) return;
  if (!made.is_local && !made.is_insecure) {
    expect(made.has_token && presents_token(incoming.authorization, token), "the token");
  } else {
    expect(incoming.host.find("evil") == std::string::npos, "a known Host");
  }
}

// What the scanner says of all bytes at once and of pieces is the same.
head_scanner scan(std::string_view bytes, std::size_t piece, head_state &state) {
  head_scanner whole{head_limits{}};
  head_scanner in_pieces{head_limits{}};
  const auto wanted = whole.scan(bytes);
  state = head_state::incomplete;
  for (std::size_t end = piece; state == head_state::incomplete; end += piece) {
    state = in_pieces.scan(bytes.substr(0, end));
    if (end >= bytes.size()) break;
  }
  expect(state == wanted, "pieces make no difference");
  if (state == head_state::complete) {
    expect(whole.end() == in_pieces.end() && whole.begin() <= whole.end(), "one end of the head");
  }
  return whole;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  if (size < 2) return 0;
  const setup made{(data[0] & 1) != 0, (data[0] & 2) != 0, (data[0] & 4) != 0};
  const std::string_view bytes(reinterpret_cast<const char *>(data) + 2, size - 2);
  head_state state{};
  const auto scanner = scan(bytes, data[1] + 1u, state);
  if (state == head_state::refused) check_answer(scanner.refusal());
  if (state != head_state::complete) return 0;

  const auto text = bytes.substr(scanner.begin(), scanner.end() - scanner.begin());
  beast_http::request_parser<beast_http::string_body> parser;
  parser.body_limit(boost::none);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(text), error);
  check_answer(refuse_version(text.substr(0, text.find('\r'))));
  if (error || !parser.is_header_done()) return 0;

  const auto received = view(parser.get());
  const auto rules = make_service(made);
  const auto outcome = rules.admit(received);
  if (const auto *denied = std::get_if<refused>(&outcome)) {
    expect(denied->answer.status >= 400, "a refusal is an error");
    check_answer(denied->answer);
    return 0;
  }
  const auto &granted = std::get<admitted>(outcome);
  check_admitted(made, received, granted);
  check_answer(std::get<response>(rules.answer(granted)));
  return 0;
}
