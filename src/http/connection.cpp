// SPDX-License-Identifier: MIT
// The part of the server that moves bytes. What to answer is decided in service.hpp.
//
// The socket is a plain one with a timer beside it, not a beast::tcp_stream: that closes
// the socket when its time is up, and then no 408 can be sent.
#include "http/connection.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <ctime>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "http/date.hpp"
#include "http/request_rules.hpp"
#include "http/slow_answer.hpp"

namespace taskworker::http {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using boost::system::error_code;

// The head is read in pieces of this size, so a pipelined request may be in hand with it.
constexpr std::size_t read_size = 4096;

constexpr std::chrono::milliseconds cancel_again_delay{100};

std::string_view text_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

head view(const beast_http::request<beast_http::string_body> &parsed) {
  head received{.method = text_of(parsed.method_string()),
                .target = text_of(parsed.target()),
                .version = parsed.version(),
                .fields = {}};
  for (const auto &field : parsed) {
    received.fields.push_back({text_of(field.name_string()), text_of(field.value())});
  }
  return received;
}

response parse_refusal(const error_code &error) {
  if (error == beast_http::error::body_limit || error == beast_http::error::buffer_overflow) {
    return text_response(413, "the body is too large");
  }
  return text_response(400, "malformed request");
}

class connection : public std::enable_shared_from_this<connection> {
 public:
  connection(asio::ip::tcp::socket socket, std::shared_ptr<const service> rules, slow_lane &lane,
             places::place held)
      : socket_(std::move(socket)),
        deadline_(socket_.get_executor()),
        rules_(std::move(rules)),
        lane_(lane),
        place_(std::move(held)),
        buffer_(bounds().head.bytes + read_size),
        scanner_(bounds().head) {}

  void serve() {
    await(awaited::request, bounds().head_deadline);
    read_head();
  }

  void refuse() { respond(text_response(503, "too many connections; try again later"), false); }

 private:
  const limits &bounds() const { return rules_->bounds(); }

  void await(awaited what, std::chrono::milliseconds time);
  void set_deadline(std::chrono::milliseconds time);
  void clear_deadline();
  void wait_until_late(std::chrono::milliseconds time);
  void next_request();
  void scan_head();
  void read_head();
  void on_head_bytes(const error_code &error, std::size_t size);
  void parse_head();
  void proceed(admitted granted);
  void proceed(refused denied);
  void send_continue();
  void read_body();
  void on_body(const error_code &error);
  void answer();
  void answer_slowly(slow_lane::step first);
  void watch();
  void on_watched(const error_code &error, std::size_t size);
  void respond(response answer, bool keep);
  void on_response(const error_code &error, bool keep);
  void linger();
  void discard();

  asio::ip::tcp::socket socket_;
  asio::steady_timer deadline_;
  bool is_late_ = false;  // the deadline passed and ended what was under way
  std::shared_ptr<const service> rules_;
  slow_lane &lane_;
  places::place place_;
  std::size_t requests_ = 0;  // answered or being answered

  // What was read and not yet used: the head under way, or requests sent ahead.
  boost::beast::flat_buffer buffer_;
  head_scanner scanner_;
  std::optional<beast_http::request_parser<beast_http::string_body>> parser_;
  admitted granted_;
  std::shared_ptr<slow_answer> slow_;      // at work; destroyed = dropped
  std::optional<response> slow_response_;  // made, and the watch is to end
  beast_http::response<beast_http::string_body> response_;
};

// The client must act within `time`, or before that when its place is wanted.
void connection::await(awaited what, std::chrono::milliseconds time) {
  place_.wait_for(what, places::clock::now(), [this] {
    error_code ignored;
    socket_.close(ignored);
  });
  set_deadline(time);
}

// One deadline at a time: a new one takes the place of the last.
void connection::set_deadline(std::chrono::milliseconds time) {
  is_late_ = false;
  wait_until_late(time);
}

void connection::clear_deadline() {
  is_late_ = false;
  deadline_.expires_at(asio::steady_timer::time_point::max());
}

void connection::wait_until_late(std::chrono::milliseconds time) {
  deadline_.expires_after(time);
  // Weak: a deadline must not keep alive a connection that has ended.
  deadline_.async_wait([weak = weak_from_this()](const error_code &error) {
    const auto self = weak.lock();
    if (error || !self) return;
    // It may have been set anew after this call was queued.
    if (self->deadline_.expiry() > asio::steady_timer::clock_type::now()) return;
    self->is_late_ = true;
    error_code ignored;
    self->socket_.cancel(ignored);
    // A read or write that had just succeeded is not cancelled, and the step may start the
    // next one: hence again, until the step has ended.
    self->wait_until_late(cancel_again_delay);
  });
}

void connection::next_request() {
  scanner_ = head_scanner(bounds().head);
  if (buffer_.size() == 0) {
    await(awaited::another_request, bounds().idle_deadline);
  } else {
    await(awaited::request, bounds().head_deadline);
  }
  scan_head();
}

void connection::scan_head() {
  const auto received = buffer_.cdata();
  switch (scanner_.scan({static_cast<const char *>(received.data()), received.size()})) {
    case head_state::incomplete:
      return read_head();
    case head_state::complete:
      return parse_head();
    case head_state::refused:
      return respond(scanner_.refusal(), false);
  }
}

void connection::read_head() {
  socket_.async_read_some(buffer_.prepare(read_size),
                          [self = shared_from_this()](const error_code &error, std::size_t size) {
                            self->on_head_bytes(error, size);
                          });
}

void connection::on_head_bytes(const error_code &error, std::size_t size) {
  const bool was_idle = buffer_.size() == 0;
  buffer_.commit(size);
  if (!error) {
    if (was_idle && requests_ > 0) await(awaited::request, bounds().head_deadline);
    return scan_head();
  }
  if (was_idle) return;
  if (is_late_) return respond(text_response(408, "the request took too long to arrive"), false);
  if (error == asio::error::eof) {
    return respond(text_response(400, "malformed request: it ends within the head"), false);
  }
}

void connection::parse_head() {
  const auto bytes = asio::const_buffer(buffer_.cdata()) + scanner_.begin();
  const std::string_view text(static_cast<const char *>(bytes.data()),
                              scanner_.end() - scanner_.begin());
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(bounds().head.bytes));
  parser_->body_limit(boost::none);  // check_head() looks at Content-Length
  error_code error;
  parser_->put(asio::buffer(text), error);
  if (error == beast_http::error::bad_version) {
    return respond(refuse_version(text.substr(0, text.find('\r'))), false);
  }
  buffer_.consume(scanner_.end());
  if (error) return respond(parse_refusal(error), false);
  std::visit([this](auto &&outcome) { proceed(std::forward<decltype(outcome)>(outcome)); },
             rules_->admit(view(parser_->get())));
}

void connection::proceed(refused denied) {
  respond(std::move(denied.answer), parser_->keep_alive() && !denied.must_close);
}

void connection::proceed(admitted granted) {
  granted_ = std::move(granted);
  if (!granted_.has_body) return answer();
  await(awaited::body, bounds().body_deadline);
  parser_->body_limit(bounds().body);
  if (granted_.expects_continue) return send_continue();
  read_body();
}

void connection::send_continue() {
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(go_on),
                    [self = shared_from_this()](const error_code &error, std::size_t) {
                      if (!error) self->read_body();
                    });
}

void connection::read_body() {
  beast_http::async_read(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](const error_code &error, std::size_t) { self->on_body(error); });
}

void connection::on_body(const error_code &error) {
  if (error && is_late_) {
    return respond(text_response(408, "the body took too long to arrive"), false);
  }
  if (error && error.category() == asio::error::get_system_category()) return;  // the client went
  if (error) return respond(parse_refusal(error), false);
  granted_.incoming.body = std::move(parser_->get().body());
  answer();
}

void connection::answer() {
  if (granted_.target->speed == pace::slow) return answer_slowly(std::move(granted_));
  auto made = rules_->answer(granted_);
  if (auto *later = std::get_if<deferred>(&made)) return answer_slowly(std::move(*later));
  respond(std::get<response>(std::move(made)), parser_->keep_alive());
}

void connection::answer_slowly(slow_lane::step first) {
  slow_ = std::make_shared<slow_answer>(socket_.get_executor(), lane_, [this](response made) {
    slow_.reset();
    slow_response_ = std::move(made);
    error_code ignored;
    socket_.cancel(ignored);
  });
  if (!slow_->begin(std::move(first))) return respond(rules_->too_busy(), parser_->keep_alive());
  clear_deadline();
  place_.work();
  watch();
}

// While a slow request is at work there is always one operation on the socket, to see the
// client go. What it sends ahead is kept; when the room for that is used up, only a reset is
// seen.
void connection::watch() {
  const auto room = std::min(read_size, buffer_.max_size() - buffer_.size());
  if (room == 0) {
    return socket_.async_wait(asio::socket_base::wait_error,
                              [self = shared_from_this()](const error_code &error) {
                                self->on_watched(error ? error : asio::error::connection_reset, 0);
                              });
  }
  socket_.async_read_some(buffer_.prepare(room),
                          [self = shared_from_this()](const error_code &error, std::size_t size) {
                            self->on_watched(error, size);
                          });
}

void connection::on_watched(const error_code &error, std::size_t size) {
  buffer_.commit(size);
  if (error && error != asio::error::operation_aborted) return;  // the client went
  if (!slow_response_) return watch();
  respond(*std::exchange(slow_response_, std::nullopt), parser_->keep_alive());
}

void connection::respond(response answer, bool keep) {
  keep = keep && ++requests_ < bounds().requests_per_connection &&
         place_.may_stay(places::clock::now());
  const bool is_parsed = parser_ && parser_->is_header_done();
  response_ = {};
  response_.version(is_parsed ? parser_->get().version() : 11);
  response_.result(answer.status);
  response_.set(beast_http::field::date, format_date(std::time(nullptr)));
  response_.set(beast_http::field::content_type, answer.content_type);
  response_.set(beast_http::field::cache_control, "no-store");
  response_.set("X-Content-Type-Options", "nosniff");
  for (const auto &[name, value] : answer.headers) response_.insert(name, value);
  response_.content_length(answer.body.size());
  response_.keep_alive(keep);
  const bool is_head = is_parsed && parser_->get().method() == beast_http::verb::head;
  if (!is_head) response_.body() = std::move(answer.body);
  await(awaited::reading, bounds().write_deadline);
  beast_http::async_write(socket_, response_,
                          [self = shared_from_this(), keep](const error_code &error, std::size_t) {
                            self->on_response(error, keep);
                          });
}

void connection::on_response(const error_code &error, bool keep) {
  if (error) return;
  response_ = {};  // a large body does not stay for the life of the connection
  parser_.reset();
  if (keep) return next_request();
  linger();
}

void connection::linger() {
  error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) return;
  await(awaited::another_request, bounds().linger_deadline);
  discard();
}

void connection::discard() {
  buffer_.clear();
  socket_.async_read_some(buffer_.prepare(read_size),
                          [self = shared_from_this()](const error_code &error, std::size_t) {
                            if (!error && !self->is_late_) self->discard();
                          });
}

}  // namespace

void serve_connection(asio::ip::tcp::socket socket, std::shared_ptr<const service> rules,
                      slow_lane &lane, places::place held) {
  std::make_shared<connection>(std::move(socket), std::move(rules), lane, std::move(held))->serve();
}

void refuse_connection(asio::ip::tcp::socket socket, std::shared_ptr<const service> rules,
                       slow_lane &lane, places::place held) {
  std::make_shared<connection>(std::move(socket), std::move(rules), lane, std::move(held))
      ->refuse();
}

}  // namespace taskworker::http
