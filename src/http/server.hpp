// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "http/access.hpp"
#include "http/limits.hpp"
#include "http/router.hpp"

namespace taskworker::http {

/// The port cannot be had. what() is a whole line for a person.
class listen_error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An HTTP/1.1 server for the admin endpoints, on two threads of its own: "tw-http" serves
/// the clients and runs the quick handlers, "tw-http-slow" runs the slow ones (router.hpp).
/// It knows routes, not what they show.
///
/// One thread owns the object and calls its functions, except where said.
class server {
 public:
  /// Binds and listens, so clients can connect, but are served from start() on.
  /// `host` is an IPv4 or IPv6 address without brackets; `port` 0 takes any free one.
  /// Throws listen_error.
  server(const std::string &host, std::uint16_t port, router routes, access_config access,
         const limits &bounds = {});

  /// Calls stop().
  ~server();
  server(const server &) = delete;
  server &operator=(const server &) = delete;

  /// The port that is listened on, also where 0 was asked for. [thread-safe]
  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Whether the address is a loopback one: decides the access rule. [thread-safe]
  [[nodiscard]] bool loopback() const { return loopback_; }

  /// Runs the threads. Throws std::system_error where no thread can be had. To be called
  /// once.
  void start();

  /// Waits for the handlers that run, if any, then cuts all connections, gives the port
  /// back and joins the threads. Slow requests that wait are dropped: what a deferred holds
  /// is destroyed by then. May come at any time, and again; not from a handler.
  void stop();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;  // null after stop()
  std::uint16_t port_ = 0;
  bool loopback_ = false;
};

}  // namespace taskworker::http
