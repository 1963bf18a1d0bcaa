// SPDX-License-Identifier: MIT
#include "http/listener.hpp"

#include <fcntl.h>

#include <chrono>
#include <exception>
#include <utility>

#include "http/connection.hpp"

namespace taskworker::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// The usual reason for a failing accept is that file descriptors have run out. That
// passes when others are closed; trying again at once would spin until then.
constexpr std::chrono::milliseconds retry_delay{100};

// So many at once are told 503, where no place can be had.
constexpr std::size_t refused_at_once = 16;

// A child process must not hold the port or a client.
void close_on_exec(int descriptor) { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

}  // namespace

asio::ip::tcp::acceptor listen_on(asio::io_context &context, const asio::ip::tcp::endpoint &where) {
  asio::ip::tcp::acceptor acceptor(context);
  acceptor.open(where.protocol());
  close_on_exec(acceptor.native_handle());
  acceptor.set_option(asio::socket_base::reuse_address(true));
  acceptor.bind(where);
  acceptor.listen();
  return acceptor;
}

listener::listener(asio::ip::tcp::acceptor acceptor, std::shared_ptr<const service> rules,
                   slow_lane &lane)
    : acceptor_(std::move(acceptor)),
      retry_(acceptor_.get_executor()),
      rules_(std::move(rules)),
      lane_(lane),
      places_(std::make_shared<places>(rules_->bounds().connections)),
      refusals_(std::make_shared<places>(refused_at_once)) {}

void listener::start() { accept(); }

void listener::accept() {
  acceptor_.async_accept([this](const error_code &error, asio::ip::tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (error) return accept_later();
    try {
      welcome(std::move(socket));
    } catch (const std::exception &) {
      // Out of memory for this client: it is dropped, the next may have more luck.
    }
    accept();
  });
}

void listener::accept_later() {
  retry_.expires_after(retry_delay);
  retry_.async_wait([this](const error_code &error) {
    if (!error) accept();
  });
}

void listener::welcome(asio::ip::tcp::socket socket) {
  close_on_exec(socket.native_handle());
  // Each response is one write: holding it back until the one before is acknowledged helps nobody.
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (auto place = places_->take()) {
    return serve_connection(std::move(socket), rules_, lane_, *std::move(place));
  }
  if (auto place = refusals_->take()) {
    refuse_connection(std::move(socket), rules_, lane_, *std::move(place));
  }
}

}  // namespace taskworker::http
