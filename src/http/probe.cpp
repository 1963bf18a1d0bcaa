// SPDX-License-Identifier: MIT
#include "http/probe.hpp"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>

#include "http/authority.hpp"

namespace taskworker::http {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::string_view scheme = "http://";
constexpr std::uint64_t largest_body = 1 << 20;

// RFC 3986, 2: a URL is of printable ASCII characters without spaces.
bool is_url_character(char c) { return c > ' ' && c < '\x7f' && c != '#'; }

// Of a well-formed authority. Nothing for port 0, on which nobody listens.
std::optional<std::uint16_t> port_of(std::string_view authority) {
  const auto colon = authority.rfind(':');
  if (colon == std::string_view::npos || authority.back() == ']') return 80;
  const auto digits = authority.substr(colon + 1);
  std::uint16_t port = 80;
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (port == 0) return std::nullopt;
  return port;
}

/// One question and its answer: each step begins the next.
class exchange {
 public:
  explicit exchange(const probe_target &target)
      : question_(beast_http::verb::get, target.target, 11) {
    question_.set(beast_http::field::host, target.authority);
    question_.set(beast_http::field::connection, "close");
    answer_.body_limit(largest_body);
    resolver_.async_resolve(target.host, std::to_string(target.port),
                            [this](error_code error, const tcp::resolver::results_type &found) {
                              if (!is_done(error)) connect(found);
                            });
  }

  probe_answer run(std::chrono::milliseconds patience) {
    io_.run_for(patience);
    if (!io_.stopped()) {
      throw probe_error("no answer within " + std::to_string(patience.count()) + " ms");
    }
    if (error_) throw probe_error(error_.message());
    return {answer_.get().result_int(), std::move(answer_.get().body())};
  }

 private:
  bool is_done(error_code error) {
    error_ = error;
    return error.failed();
  }
  void connect(const tcp::resolver::results_type &found) {
    asio::async_connect(socket_, found, [this](error_code error, const tcp::endpoint &) {
      if (!is_done(error)) ask();
    });
  }
  void ask() {
    beast_http::async_write(socket_, question_, [this](error_code error, std::size_t) {
      if (!is_done(error)) listen();
    });
  }
  void listen() {
    beast_http::async_read(socket_, buffer_, answer_,
                           [this](error_code error, std::size_t) { is_done(error); });
  }

  asio::io_context io_{1};
  tcp::resolver resolver_{io_};
  tcp::socket socket_{io_};
  boost::beast::flat_buffer buffer_;
  beast_http::request<beast_http::empty_body> question_;
  beast_http::response_parser<beast_http::string_body> answer_;
  error_code error_;
};

}  // namespace

std::optional<probe_target> parse_probe_url(std::string_view url) {
  if (!url.starts_with(scheme) || !std::all_of(url.begin(), url.end(), is_url_character)) {
    return std::nullopt;
  }
  url.remove_prefix(scheme.size());
  const auto slash = std::min(url.find_first_of("/?"), url.size());
  const auto authority = url.substr(0, slash);
  const auto parsed = parse_authority(authority);
  const auto port = parsed ? port_of(authority) : std::nullopt;
  if (!port) return std::nullopt;
  auto target = std::string(url.substr(slash));
  if (!target.starts_with('/')) target.insert(0, "/");
  return probe_target{std::string(parsed->host), *port, std::string(authority), std::move(target)};
}

probe_answer probe(const probe_target &target, std::chrono::milliseconds patience) {
  return exchange(target).run(patience);
}

}  // namespace taskworker::http
