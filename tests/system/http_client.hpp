// SPDX-License-Identifier: MIT
// A client that sends raw bytes, for the tests of the server on real sockets.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

#include "catch.hpp"
#include "http/server.hpp"

// Far above what any answer takes: a test that hangs fails instead.
inline constexpr std::chrono::seconds patience{20};

class client {
 public:
  client() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    REQUIRE(descriptor_ >= 0);
    const timeval value{.tv_sec = patience.count(), .tv_usec = 0};
    REQUIRE(::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &value, sizeof value) == 0);
  }
  explicit client(const taskworker::http::server &to) : client() { connect(to); }
  ~client() { close(); }
  client(const client &) = delete;
  client &operator=(const client &) = delete;

  void connect(const taskworker::http::server &to) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(to.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(descriptor_, reinterpret_cast<const sockaddr *>(&address), sizeof address) ==
            0);
  }

  void send(const std::string &bytes) {
    REQUIRE(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }
  // What the server has not read yet is lost to it.
  void reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    REQUIRE(::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
    close();
  }
  void close() { ::close(std::exchange(descriptor_, -1)); }
  void end_sending() { REQUIRE(::shutdown(descriptor_, SHUT_WR) == 0); }

  // One response: its head, and as much body as Content-Length says.
  std::string receive(bool has_body = true) {
    std::size_t head_end = 0;
    while ((head_end = pending_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive_some()) return std::exchange(pending_, "");
    }
    std::size_t size = head_end + 4;
    const auto length = pending_.find("Content-Length: ");
    if (has_body && length < head_end) size += std::stoul(pending_.substr(length + 16));
    while (pending_.size() < size && receive_some()) {
    }
    const auto response = pending_.substr(0, size);
    pending_.erase(0, size);
    return response;
  }

  // All up to the end of the connection.
  std::string receive_all() {
    while (receive_some()) {
    }
    return std::exchange(pending_, "");
  }

 private:
  bool receive_some() {
    std::array<char, 65536> bytes;
    const auto size = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
    if (size < 0 && errno == EAGAIN) FAIL("the server neither answers nor closes");
    if (size > 0) pending_.append(bytes.data(), static_cast<std::size_t>(size));
    return size > 0;
  }

  int descriptor_;
  std::string pending_;
};

inline std::string get(const std::string &target, const std::string &headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

inline std::string status_of(const std::string &response) { return response.substr(0, 12); }

inline std::string body_of(const std::string &response) {
  const auto end = response.find("\r\n\r\n");
  return end == std::string::npos ? "(no body)" : response.substr(end + 4);
}
