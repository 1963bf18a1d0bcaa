// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>

#include "http/places.hpp"
#include "http/service.hpp"
#include "http/slow_lane.hpp"

namespace taskworker::http {

/// Opens, binds and listens. Throws boost::system::system_error.
[[nodiscard]] boost::asio::ip::tcp::acceptor listen_on(boost::asio::io_context &context,
                                                       const boost::asio::ip::tcp::endpoint &where);

/// Takes clients from a listening socket and starts a connection for each, while there are
/// places. Runs on the thread of the acceptor's context, which must be stopped before
/// this is destroyed. `lane` must outlive the context.
class listener {
 public:
  listener(boost::asio::ip::tcp::acceptor acceptor, std::shared_ptr<const service> rules,
           slow_lane &lane);

  void start();

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void accept();
  void accept_later();
  void welcome(boost::asio::ip::tcp::socket socket);
  void seat(boost::asio::ip::tcp::socket socket);
  void seat_later(boost::asio::ip::tcp::socket socket, places::clock::time_point when);

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer retry_;
  std::shared_ptr<const service> rules_;
  slow_lane &lane_;
  std::shared_ptr<places> places_;
  std::shared_ptr<places> refusals_;
};

}  // namespace taskworker::http
