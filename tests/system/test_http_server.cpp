// SPDX-License-Identifier: MIT
// The server on real sockets, asked in raw bytes.
#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"
#include "http/server.hpp"
#include "http_client.hpp"

using namespace taskworker::http;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::chrono::hours never{1};
constexpr std::size_t large_size = 32 * 1024 * 1024;

router make_router() {
  router routes;
  routes
      .add({method::get, "/hello", access_class::open,
            [](const request &) { return text_response(200, "hello"); }})
      .add({method::post, "/echo", access_class::debug,
            [](const request &incoming) { return text_response(200, incoming.body); }})
      .add({method::get, "/large", access_class::open,
            [](const request &) { return text_response(200, std::string(large_size, 'x')); }})
      .add({method::get, "/thread", access_class::open,
            [](const request &) {
              std::array<char, 16> name{};
              ::pthread_getname_np(::pthread_self(), name.data(), name.size());
              return text_response(200, name.data());
            }})
      .add({method::get, "/throws", access_class::open,
            [](const request &) -> response { throw std::runtime_error("no figure"); }});
  return routes;
}

struct running_server : server {
  explicit running_server(const limits &bounds = {})
      : server("127.0.0.1", 0, make_router(), access_config{}, bounds) {
    start();
  }
};

std::string post(const std::string &headers, const std::string &body) {
  return "POST /echo HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
}

// The status of the answer to `bytes`, after which the server must close.
std::string status_then_close(const server &asked, const std::string &bytes) {
  client caller(asked);
  caller.send(bytes);
  const auto all = caller.receive_all();
  CHECK_THAT(all, ContainsSubstring("\r\nConnection: close\r\n"));
  return status_of(all);
}

const std::string hello = get("/hello");

// Lets this process have as many descriptors as the system allows it, for a while.
class all_descriptors {
 public:
  all_descriptors() {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    const rlimit raised{.rlim_cur = before_.rlim_max, .rlim_max = before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &raised) == 0);
  }
  ~all_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  all_descriptors(const all_descriptors &) = delete;
  all_descriptors &operator=(const all_descriptors &) = delete;

  [[nodiscard]] std::size_t count() const { return before_.rlim_max; }

 private:
  rlimit before_{};
};

// Asks until there is room: a place is free as soon as the server has seen its client go.
void wait_until_served(const server &asked) {
  std::string status = "HTTP/1.1 503";
  while (status == "HTTP/1.1 503") {
    client caller(asked);
    caller.send(get("/hello", "Connection: close\r\n"));
    status = status_of(caller.receive_all());
  }
  CHECK(status == "HTTP/1.1 200");
}

}  // namespace

TEST_CASE("a response has its headers", "[http_server]") {
  const running_server asked;
  client caller(asked);
  caller.send(hello);
  const auto answer = caller.receive();
  CHECK_THAT(answer, Catch::Matchers::StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  CHECK_THAT(answer, Catch::Matchers::EndsWith(" GMT\r\n"
                                               "Content-Type: text/plain; charset=utf-8\r\n"
                                               "Cache-Control: no-store\r\n"
                                               "X-Content-Type-Options: nosniff\r\n"
                                               "Content-Length: 6\r\n\r\n"
                                               "hello\n"));
}

TEST_CASE("a connection is kept until the client ends it", "[http_server]") {
  const running_server asked;
  client caller(asked);
  for (int i = 0; i < 3; ++i) {
    caller.send(hello);
    CHECK(body_of(caller.receive()) == "hello\n");
  }
  caller.send(get("/hello", "Connection: close\r\n"));
  CHECK_THAT(caller.receive_all(), ContainsSubstring("\r\nConnection: close\r\n"));
}

TEST_CASE("HTTP/1.0 closes, unless it asks to keep", "[http_server]") {
  const running_server asked;
  const std::string old = "GET /hello HTTP/1.0\r\nHost: localhost\r\n";
  client keeper(asked);
  keeper.send(old + "Connection: keep-alive\r\n\r\n");
  CHECK_THAT(keeper.receive(), ContainsSubstring("\r\nConnection: keep-alive\r\n"));
  keeper.send(old + "\r\n");
  CHECK(body_of(keeper.receive_all()) == "hello\n");
}

TEST_CASE("handlers run on the named thread", "[http_server]") {
  const running_server asked;
  client caller(asked);
  caller.send(get("/thread"));
  CHECK(body_of(caller.receive()) == "tw-http\n");
}

TEST_CASE("requests sent ahead are answered in order", "[http_server]") {
  const running_server asked;
  client caller(asked);
  caller.send(hello + get("/nowhere") + post("Content-Length: 3\r\n", "abc") + "\r\n" + hello +
              "GET /hel");
  CHECK(status_of(caller.receive()) == "HTTP/1.1 200");
  CHECK(status_of(caller.receive()) == "HTTP/1.1 404");
  CHECK(body_of(caller.receive()) == "abc\n");
  CHECK(body_of(caller.receive()) == "hello\n");
  caller.send("lo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(body_of(caller.receive()) == "hello\n");
}

TEST_CASE("a request may come byte by byte", "[http_server]") {
  const running_server asked;
  client caller(asked);
  for (const char byte : post("Content-Length: 3\r\n", "abc")) caller.send(std::string(1, byte));
  CHECK(body_of(caller.receive()) == "abc\n");
}

TEST_CASE("HEAD is GET without the body", "[http_server]") {
  const running_server asked;
  client caller(asked);
  for (const char *target : {"/hello", "/nowhere"}) {
    caller.send("HEAD " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n" + hello);
    CHECK_THAT(caller.receive(false), ContainsSubstring("\r\nContent-Length: "));
    const auto next = caller.receive();
    CHECK(status_of(next) == "HTTP/1.1 200");  // and no body before it
    CHECK(body_of(next) == "hello\n");
  }
}

TEST_CASE("what is not served says so and keeps the connection", "[http_server]") {
  const running_server asked;
  client caller(asked);
  caller.send(get("/nowhere"));
  CHECK(body_of(caller.receive()) == "not found; there is: /hello /echo /large /thread /throws\n");
  caller.send(get("/echo"));
  const auto refused = caller.receive();
  CHECK(status_of(refused) == "HTTP/1.1 405");
  CHECK_THAT(refused, ContainsSubstring("\r\nAllow: POST\r\n"));
  caller.send("GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  CHECK(status_of(caller.receive()) == "HTTP/1.1 421");
  caller.send(hello);
  CHECK(status_of(caller.receive()) == "HTTP/1.1 200");
}

TEST_CASE("a broken request is refused and the connection closed", "[http_server]") {
  const running_server asked;
  struct row {
    std::string status, bytes;
  };
  const auto sent = GENERATE(values<row>({
      {"400", "GET /hello HTTP/1.1\nHost: localhost\n\n"},
      {"400", "GET /hello HTTP/1.1\r\n\r\n"},
      {"400", get("/hello", "Host: localhost\r\n")},
      {"400", get("/hello", "X: a\r\n b\r\n")},
      {"400", get("/hello", "X : a\r\n")},
      {"400", get("/hello", "no colon\r\n")},
      {"400", get("/hello#x")},
      {"400", get("/hello", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
      {"400", get("/hello", "Content-Length: 5\r\nContent-Length: 5\r\n")},
      {"400", get("/hello", "Content-Length: five\r\n")},
      {"400", get("/hello", "Transfer-Encoding: gzip\r\n")},
      {"400", "GET /hello\r\n\r\n"},
      {"400", "\x16\x03\x01\x02"},
      {"405", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"},
      {"413", post("Content-Length: 262145\r\n", "")},
      {"400", post("Content-Length: 99999999999999999999999\r\n", "")},
      {"413", post("Transfer-Encoding: chunked\r\n", "50000\r\n")},
      {"400", post("Transfer-Encoding: chunked\r\n", "x\r\n")},
      {"414", get("/" + std::string(5000, 'x'))},
      {"417", post("Expect: tea\r\nContent-Length: 1\r\n", "")},
      {"431", get("/hello", "X: " + std::string(9000, 'x') + "\r\n")},
      {"431", get("/hello",
                  [] {
                    std::string headers;
                    for (int i = 0; i < 100; ++i) headers += "a: b\r\n";
                    return headers;
                  }())},
      {"501", "get /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"501", "BREW /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"505", "GET /hello HTTP/2.0\r\nHost: localhost\r\n\r\n"},
  }));
  CAPTURE(sent.bytes.substr(0, 200));
  CHECK(status_then_close(asked, sent.bytes) == "HTTP/1.1 " + sent.status);
}

TEST_CASE("a body is read whole, by length or in chunks", "[http_server]") {
  const running_server asked;
  client caller(asked);
  const std::string largest(256 * 1024, 'b');
  caller.send(post("Content-Length: 262144\r\n", largest));
  const bool is_echoed = body_of(caller.receive()) == largest + "\n";
  CHECK(is_echoed);  // not compared here: a failure would print it all
  caller.send(
      post("Transfer-Encoding: chunked\r\n", "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\n\r\n"));
  CHECK(body_of(caller.receive()) == "abcde\n");
}

TEST_CASE("a refusal reaches a client that is still sending its body", "[http_server]") {
  const running_server asked({.linger_deadline = never});
  client caller(asked);
  const std::size_t size = 32'000'000;  // more than all buffers between the two hold
  caller.send(post("Content-Length: " + std::to_string(size) + "\r\n", std::string(size, 'b')));
  CHECK(body_of(caller.receive_all()) == "the body is too large: at most 262144 bytes\n");
}

TEST_CASE("100 is sent where it is waited for, not before a refusal", "[http_server]") {
  const running_server asked;
  const std::string headers = "Expect: 100-continue\r\nContent-Length: 3\r\n";
  client caller(asked);
  caller.send(post(headers, ""));
  CHECK(caller.receive() == "HTTP/1.1 100 Continue\r\n\r\n");
  caller.send("abc");
  CHECK(body_of(caller.receive()) == "abc\n");
  CHECK(status_then_close(asked, "POST /hello HTTP/1.1\r\nHost: localhost\r\n" + headers +
                                     "\r\n") == "HTTP/1.1 405");
}

TEST_CASE("a client may end its half once it has asked", "[http_server]") {
  const running_server asked;
  client caller(asked);
  caller.send(hello + hello);
  caller.end_sending();
  CHECK(body_of(caller.receive()) == "hello\n");
  CHECK(body_of(caller.receive_all()) == "hello\n");
}

TEST_CASE("a request that ends early is malformed", "[http_server]") {
  const running_server asked;
  const std::string bytes = GENERATE(as<std::string>(), "GET /hel", "GET / HTTP/1.1\r\nHost: a\r\n",
                                     post("Content-Length: 3\r\n", "ab"),
                                     post("Transfer-Encoding: chunked\r\n", "3\r\nab"));
  CAPTURE(bytes);
  client caller(asked);
  caller.send(bytes);
  caller.end_sending();
  CHECK(status_of(caller.receive_all()) == "HTTP/1.1 400");
}

// In each of these only the deadline that is meant can pass while the client waits.

TEST_CASE("a slow head is answered 408", "[http_server]") {
  const running_server asked(
      {.head_deadline = 50ms, .body_deadline = never, .idle_deadline = never});
  CHECK(status_then_close(asked, "GET /hello HTTP/1.1\r\n") == "HTTP/1.1 408");
  client caller(asked);
  caller.send(hello);
  CHECK(status_of(caller.receive()) == "HTTP/1.1 200");
  caller.send("GET /hello");
  const auto refused = caller.receive_all();
  CHECK(status_of(refused) == "HTTP/1.1 408");
  CHECK(body_of(refused) == "the request took too long to arrive\n");
}

TEST_CASE("a slow body is answered 408", "[http_server]") {
  const running_server asked({.head_deadline = never, .body_deadline = 50ms});
  CHECK(status_then_close(asked, post("Content-Length: 3\r\n", "ab")) == "HTTP/1.1 408");
  // Lines that end in LF alone are no end of a chunk: the rest is waited for.
  CHECK(status_then_close(asked, post("Transfer-Encoding: chunked\r\n", "1\na\n0\n\n")) ==
        "HTTP/1.1 408");
}

TEST_CASE("a client that says nothing is closed without a word", "[http_server]") {
  const running_server impatient({.head_deadline = 50ms, .idle_deadline = never});
  client silent(impatient);
  CHECK(silent.receive_all() == "");
  const running_server tidy({.head_deadline = never, .idle_deadline = 50ms});
  client idle(tidy);
  idle.send(hello);
  CHECK(status_of(idle.receive()) == "HTTP/1.1 200");
  CHECK(idle.receive_all() == "");
}

TEST_CASE("a large response arrives whole", "[http_server]") {
  const running_server asked;
  client caller(asked);
  caller.send(get("/large"));
  const bool is_whole = body_of(caller.receive()) == std::string(large_size, 'x') + "\n";
  CHECK(is_whole);
}

TEST_CASE("a client that does not read is dropped", "[http_server]") {
  const running_server asked({.connections = 1, .head_deadline = never, .write_deadline = 50ms});
  client caller(asked);
  caller.send(get("/large"));
  // Its place is given to the next when the server has let it go.
  wait_until_served(asked);
  CHECK(caller.receive_all().size() < large_size);
}

TEST_CASE("one connection serves so many requests", "[http_server]") {
  const running_server asked({.requests_per_connection = 2});
  client caller(asked);
  caller.send(hello + hello + hello);
  CHECK_THAT(caller.receive(), !ContainsSubstring("Connection: close"));
  const auto rest = caller.receive_all();
  CHECK_THAT(rest, ContainsSubstring("Connection: close"));
  CHECK(body_of(rest) == "hello\n");
}

TEST_CASE("a new client gets the place of one that has its answer", "[http_server]") {
  const running_server asked({.connections = 2, .head_deadline = never, .idle_deadline = never});
  client first(asked);
  first.send(hello);
  CHECK(body_of(first.receive()) == "hello\n");
  client second(asked);
  const std::size_t half = hello.size() / 2;
  second.send(hello.substr(0, half));
  wait_until_served(asked);
  CHECK(first.receive_all() == "");
  second.send(hello.substr(half));
  CHECK(body_of(second.receive()) == "hello\n");
}

TEST_CASE("where all places are taken, who has its answer leaves", "[http_server]") {
  const running_server asked({.connections = 2, .head_deadline = never, .idle_deadline = never});
  client first(asked);
  first.send(hello);
  CHECK_THAT(first.receive(), !ContainsSubstring("Connection: close"));
  const client second(asked);
  // It is known to have its place when a third has been served, in place of the first.
  wait_until_served(asked);
  CHECK(first.receive_all() == "");
  client third(asked);
  third.send(hello);
  CHECK_THAT(third.receive_all(), ContainsSubstring("Connection: close"));
}

// Whatever the others hold their places with: nothing, half a head, half a body, or an answer
// that they do not read.
TEST_CASE("places that clients hold by waiting do not shut others out", "[http_server]") {
  const running_server asked({.connections = 2,
                              .head_deadline = never,
                              .body_deadline = never,
                              .write_deadline = never,
                              .idle_deadline = never});
  const std::string held = GENERATE(as<std::string>(), "", "GET /hel",
                                    post("Content-Length: 3\r\n", "a"), get("/large"));
  CAPTURE(held);
  client first(asked);
  client second(asked);
  first.send(held);
  second.send(held);
  for (int i = 0; i < 3; ++i) wait_until_served(asked);
}

TEST_CASE("a well-behaved client is answered beside 10,000 that keep their connections",
          "[http_server]") {
  const all_descriptors many;
  constexpr std::size_t of_others = 500;  // the server's ends of connections among them
  const auto crowd_size = std::min<std::size_t>(10'000, many.count() - of_others);
  const running_server asked({.grace = 1ms, .head_deadline = never, .idle_deadline = never});
  std::vector<std::unique_ptr<client>> crowd;
  for (std::size_t i = 0; i < crowd_size; ++i) {
    crowd.push_back(std::make_unique<client>(asked));
    crowd.back()->send("GET /hel");
    if (i % 100 != 0) continue;
    client scraper(asked);
    scraper.send(get("/hello", "Connection: close\r\n"));
    REQUIRE(body_of(scraper.receive_all()) == "hello\n");
  }
  client last(asked);
  last.send(hello);
  CHECK(body_of(last.receive()) == "hello\n");
  // The first are cut, the last, of whom the limit is 64, still have their places.
  CHECK(crowd.front()->receive_all() == "");
  crowd.back()->send("lo HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(body_of(crowd.back()->receive()) == "hello\n");
}

TEST_CASE("a client that resets its connection harms no other", "[http_server]") {
  const running_server asked;
  client other(asked);
  const std::string sent = GENERATE(as<std::string>(), "", "GET /hel", hello, get("/large"),
                                    post("Content-Length: 3\r\n", "a"));
  CAPTURE(sent);
  for (int i = 0; i < 20; ++i) {
    client rude(asked);
    rude.send(sent);
    rude.reset();
  }
  other.send(hello);
  CHECK(body_of(other.receive()) == "hello\n");
}

TEST_CASE("a body of 1 GB is refused before any of it is read", "[http_server]") {
  const running_server asked;
  const std::string size = "1073741824";
  client caller(asked);
  caller.send(post("Content-Length: " + size + "\r\n", ""));
  CHECK(status_of(caller.receive_all()) == "HTTP/1.1 413");
  client careful(asked);
  careful.send(post("Content-Length: " + size + "\r\nExpect: 100-continue\r\n", ""));
  CHECK(status_of(careful.receive_all()) == "HTTP/1.1 413");  // and no 100 before it
  client in_chunks(asked);
  in_chunks.send(post("Transfer-Encoding: chunked\r\n", "40000000\r\n"));
  CHECK(status_of(in_chunks.receive_all()) == "HTTP/1.1 413");
}

TEST_CASE("however many requests are sent ahead, each is answered", "[http_server]") {
  const running_server asked;
  client caller(asked);
  constexpr int many = 999;  // one connection serves 1000
  std::string all;
  for (int i = 0; i < many; ++i) all += hello;
  caller.send(all + get("/hello", "Connection: close\r\n"));
  for (int i = 0; i < many; ++i) REQUIRE(body_of(caller.receive()) == "hello\n");
  CHECK(body_of(caller.receive_all()) == "hello\n");
}

TEST_CASE("a failing handler does not harm its connection", "[http_server]") {
  const running_server asked;
  client caller(asked);
  caller.send(get("/throws"));
  CHECK(body_of(caller.receive()) == "internal error: no figure\n");
  caller.send(hello);
  CHECK(body_of(caller.receive()) == "hello\n");
}

TEST_CASE("without descriptors the server waits until there are some", "[http_server]") {
  const running_server asked;
  client known(asked);
  known.send(hello);
  REQUIRE(body_of(known.receive()) == "hello\n");
  client unknown;  // has its descriptor; the server has none for it yet
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  unknown.connect(asked);
  unknown.send(hello);
  known.send(hello);
  const auto meanwhile = body_of(known.receive());
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(meanwhile == "hello\n");
  CHECK(body_of(unknown.receive()) == "hello\n");
}

TEST_CASE("a port in use is a clear line", "[http_server]") {
  const running_server holder;
  const auto port = std::to_string(holder.port());
  CHECK_THROWS_WITH(server("127.0.0.1", holder.port(), {}, {}),
                    "cannot listen on 127.0.0.1:" + port +
                        ": Address already in use; choose another port with --listen "
                        "127.0.0.1:PORT, or 0 for any free one");
  CHECK_THROWS_AS(server("127.0.0.1", holder.port(), {}, {}), listen_error);
}

TEST_CASE("an address that cannot be had is a clear line", "[http_server]") {
  CHECK_THROWS_WITH(server("worker", 9090, {}, {}),
                    "cannot listen on worker:9090: not an IP address; give one, such as "
                    "127.0.0.1, 0.0.0.0 or [::1]");
  CHECK_THROWS_WITH(server("192.0.2.1", 0, {}, {}),
                    "cannot listen on 192.0.2.1:0: Cannot assign requested address; give an "
                    "address of this machine, such as 127.0.0.1");
  CHECK_THROWS_WITH(server("2001:db8::1", 0, {}, {}),
                    ContainsSubstring("cannot listen on [2001:db8::1]:0: "));
}

TEST_CASE("loopback is told from the address", "[http_server]") {
  CHECK(server("127.0.0.1", 0, {}, {}).loopback());
  CHECK(server("127.8.8.8", 0, {}, {}).loopback());
  CHECK_FALSE(server("0.0.0.0", 0, {}, {}).loopback());
}

TEST_CASE("stop cuts connections and gives the port back", "[http_server]") {
  server stopped("127.0.0.1", 0, make_router(), {});
  stopped.start();
  const auto port = stopped.port();
  client caller(stopped);
  caller.send(hello);
  CHECK(status_of(caller.receive()) == "HTTP/1.1 200");
  stopped.stop();
  CHECK(caller.receive_all() == "");
  stopped.stop();
  CHECK(stopped.port() == port);
  server next("127.0.0.1", port, make_router(), {});  // never started: stop has no thread
  CHECK(next.port() == port);
}

TEST_CASE("clients that connect before start are served after it", "[http_server]") {
  server late("127.0.0.1", 0, make_router(), {});
  client caller(late);
  caller.send(hello);
  late.start();
  CHECK(body_of(caller.receive()) == "hello\n");
}
