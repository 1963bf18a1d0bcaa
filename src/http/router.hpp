// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/access.hpp"
#include "http/message.hpp"

namespace taskworker::http {

/// Answers one request, on the HTTP thread: while it runs no other request is served,
/// so it takes milliseconds. May throw; the client then gets a 500.
using handler = std::function<response(const request &)>;

/// One resource. `verb` is get (which also serves HEAD) or post: what changes
/// something is POST.
struct route {
  method verb = method::get;
  std::string path;  ///< decoded, starts with /, without query; matched whole
  access_class access = access_class::debug;
  handler serve;
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
