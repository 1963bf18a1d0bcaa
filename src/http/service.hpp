// SPDX-License-Identifier: MIT
#pragma once

#include <variant>

#include "http/access.hpp"
#include "http/head.hpp"
#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/router.hpp"

namespace taskworker::http {

/// A request that is to be served once its body has come.
struct admitted {
  request incoming;
  const route *target = nullptr;  ///< owned by the service
  bool has_body = false;
  bool expects_continue = false;  ///< 100 is to be sent before the body is read
};

/// A request that is answered without reading its body.
struct refused {
  response answer;
  bool must_close = false;  ///< a body may follow, or the next request cannot be found
};

/// All that a server decides, apart from its sockets: from a parsed head to a
/// response. Request rules first, then access, then the route, all before any byte of
/// the body is read. Constant after construction.
class service {
 public:
  /// `local`: the listener is bound to a loopback address.
  service(router routes, access_config access, const limits &bounds, bool local);

  [[nodiscard]] std::variant<admitted, refused> admit(const head &received) const;

  /// Runs the handler. Whatever it throws becomes a 500, which tells the reason on
  /// loopback only.
  [[nodiscard]] reply answer(const admitted &granted) const;

  /// Makes the response that a handler deferred; the wait is over. Terms as above.
  [[nodiscard]] response finish(const deferred &later) const;

  /// The answer where limits::slow_requests are at work already: 429.
  [[nodiscard]] response too_busy() const;

  [[nodiscard]] const limits &bounds() const { return bounds_; }

 private:
  template <typename work>
  auto guard(const work &run) const -> decltype(run());

  router routes_;
  access_config access_;
  limits bounds_;
  bool local_;
};

}  // namespace taskworker::http
