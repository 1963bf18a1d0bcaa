// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "http/places.hpp"
#include "http/service.hpp"
#include "http/slow_lane.hpp"

namespace taskworker::http {

/// Serves one client until it goes, a deadline passes or a rule is broken: reads a
/// head, asks `rules`, reads the body, sends the response, again. Requests that are
/// sent ahead (pipelining) are answered in order, one at a time. A slow request is given to
/// `lane`, and dropped when the client goes meanwhile. Runs on the thread of the socket's
/// context and owns itself; `held` is given back when it ends, and when it is taken away, the
/// connection is cut. `lane` must outlive the context.
void serve_connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<const service> rules,
                      slow_lane &lane, places::place held);

/// Tells one client that there is no room (503), then closes. Terms as above.
void refuse_connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<const service> rules,
                       slow_lane &lane, places::place held);

}  // namespace taskworker::http
