// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/access.hpp"
#include "http/message.hpp"

namespace taskworker::http {

/// An answer that comes later: after `wait`, `finish` makes it, on the thread of the slow
/// handlers. When the client goes before, or the server stops, it is destroyed uncalled: what
/// it holds says by its destructor that nobody waits any more. It is destroyed on that thread
/// too, before the client is answered; only one that is refused for want of a place (pace)
/// dies where its handler ran. May throw; the client then gets a 500.
struct deferred {
  std::chrono::nanoseconds wait{0};
  std::function<response()> finish;
};

using reply = std::variant<response, deferred>;

/// Answers one request. May throw; the client then gets a 500.
using handler = std::function<reply(const request &)>;

/// Where a handler runs. `quick`: on the HTTP thread, where no other request is served
/// meanwhile, so it takes milliseconds. `slow`: on a thread for all slow ones, one after
/// the other; there are at most limits::slow_requests of them, waiting, running or deferred,
/// those that quick handlers deferred among them: above that a client gets 429.
///
/// A client that ends its sending half while such a request is at work has gone.
enum class pace : std::uint8_t { quick, slow };

/// One resource. `verb` is get (which also serves HEAD) or post: what changes
/// something is POST.
struct route {
  method verb = method::get;
  std::string path;  ///< decoded, starts with /, without query; matched whole
  access_class access = access_class::debug;
  handler serve;
  pace speed = pace::quick;
};

/// The resources of a server. Filled before the server starts, only read after.
class router {
 public:
  /// Throws std::logic_error: the verb is neither get nor post, the path does not
  /// start with /, there is no handler, or this verb and path were added before.
  router &add(route added);

  /// The route that serves the request, or null: then refuse(path) is the answer.
  [[nodiscard]] const route *find(method verb, std::string_view path) const;

  /// The strictest class among the routes of a path; open where there is none: what
  /// a 404 tells stands in the manual.
  [[nodiscard]] access_class access_of(std::string_view path) const;

  /// 405 with Allow where the path has routes for other methods, else 404 naming the
  /// paths that there are.
  [[nodiscard]] response refuse(std::string_view path) const;

 private:
  std::vector<route> routes_;
};

}  // namespace taskworker::http
