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
      places_(std::make_shared<places>(rules_->bounds().connections, rules_->bounds().grace)),
      refusals_(std::make_shared<places>(refused_at_once, rules_->bounds().grace)) {}

void listener::start() { accept(); }

void listener::accept() {
  acceptor_.async_accept([this](const error_code &error, asio::ip::tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (error) return accept_later();
    welcome(std::move(socket));
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
  seat(std::move(socket));
}

void listener::seat(asio::ip::tcp::socket socket) {
  try {
    const auto now = places::clock::now();
    if (auto place = places_->take(now)) {
      serve_connection(std::move(socket), rules_, lane_, *std::move(place));
    } else if (const auto chance = places_->next_chance()) {
      return seat_later(std::move(socket), *chance);
    } else if (auto refusal = refusals_->take(now)) {
      refuse_connection(std::move(socket), rules_, lane_, *std::move(refusal));
    }
  } catch (const std::exception &) {
    // Out of memory for this client: it is dropped, the next may have more luck.
  }
  accept();
}

// Those behind it wait in the kernel's queue.
void listener::seat_later(asio::ip::tcp::socket socket, places::clock::time_point when) {
  retry_.expires_at(when);
  retry_.async_wait([this, held = std::move(socket)](const error_code &error) mutable {
    if (!error) seat(std::move(held));
  });
}

}  // namespace taskworker::http
