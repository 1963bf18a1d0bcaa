// SPDX-License-Identifier: MIT
#include "http/server.hpp"

#include <pthread.h>

#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <thread>
#include <utility>

#include "http/listener.hpp"
#include "http/slow_lane.hpp"

namespace taskworker::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int one_thread = 1;  // lets the context leave out locks between threads

std::string in_url(const std::string &host) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return is_ipv6 ? '[' + host + ']' : host;
}

std::string failure(const std::string &host, std::uint16_t port, const std::string &reason) {
  return "cannot listen on " + in_url(host) + ':' + std::to_string(port) + ": " + reason;
}

std::string advice(const boost::system::error_code &error, const std::string &host) {
  if (error == asio::error::address_in_use || error == asio::error::access_denied) {
    return "; choose another port with --listen " + in_url(host) + ":PORT, or 0 for any free one";
  }
  if (error == boost::system::errc::address_not_available) {
    return "; give an address of this machine, such as 127.0.0.1";
  }
  return "";
}

asio::ip::address parse_address(const std::string &host, std::uint16_t port) {
  boost::system::error_code error;
  auto address = asio::ip::make_address(host, error);
  if (!error) return address;
  throw listen_error(
      failure(host, port, "not an IP address; give one, such as 127.0.0.1, 0.0.0.0 or [::1]"));
}

bool is_loopback(const asio::ip::address &address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
  }
  return address.is_loopback();
}

}  // namespace

struct server::impl {
  impl(const tcp::endpoint &where, const std::shared_ptr<const service> &rules)
      : lane(rules), clients(listen_on(context, where), rules, lane) {}

  void run() noexcept;

  slow_lane lane;  // before the context: connections that die with that use it
  asio::io_context context{one_thread};
  listener clients;
  std::thread thread;
};

void server::impl::run() noexcept {
  ::pthread_setname_np(::pthread_self(), "tw-http");
  for (;;) {
    try {
      context.run();
      return;
    } catch (...) {
      // Memory ran out. The connection that it happened in is gone with its last callback;
      // the others go on.
    }
  }
}

server::server(const std::string &host, std::uint16_t port, router routes, access_config access,
               const limits &bounds) {
  const auto address = parse_address(host, port);
  loopback_ = is_loopback(address);
  const auto rules =
      std::make_shared<const service>(std::move(routes), std::move(access), bounds, loopback_);
  try {
    impl_ = std::make_unique<impl>(tcp::endpoint(address, port), rules);
    port_ = impl_->clients.port();
  } catch (const boost::system::system_error &error) {
    throw listen_error(failure(host, port, error.code().message() + advice(error.code(), host)));
  }
}

server::~server() { stop(); }

void server::start() {
  impl_->clients.start();
  impl_->lane.start();
  impl_->thread = std::thread([runs = impl_.get()] { runs->run(); });
}

void server::stop() {
  if (!impl_) return;
  impl_->context.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
  impl_->lane.stop();
  impl_.reset();
}

}  // namespace taskworker::http
