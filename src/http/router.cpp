// SPDX-License-Identifier: MIT
#include "http/router.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace taskworker::http {

router &router::add(route added) {
  if ((added.verb != method::get && added.verb != method::post) || !added.path.starts_with('/') ||
      !added.serve || find(added.verb, added.path) != nullptr) {
    throw std::logic_error(
        "route " + added.path +
        ": a new path that starts with /, get or post, and a handler are needed");
  }
  routes_.push_back(std::move(added));
  return *this;
}

const route *router::find(method verb, std::string_view path) const {
  const auto wanted = verb == method::head ? method::get : verb;
  const auto found = std::find_if(routes_.begin(), routes_.end(), [&](const route &known) {
    return known.verb == wanted && known.path == path;
  });
  return found == routes_.end() ? nullptr : &*found;
}

access_class router::access_of(std::string_view path) const {
  const bool has_debug = std::any_of(routes_.begin(), routes_.end(), [&](const route &known) {
    return known.path == path && known.access == access_class::debug;
  });
  return has_debug ? access_class::debug : access_class::open;
}

response router::refuse(std::string_view path) const {
  std::string allowed = find(method::get, path) != nullptr ? "GET, HEAD" : "";
  if (find(method::post, path) != nullptr) allowed += allowed.empty() ? "POST" : ", POST";
  if (!allowed.empty()) {
    auto answer = text_response(405, "this resource takes " + allowed);
    answer.headers = {{"Allow", allowed}};
    return answer;
  }
  std::string text = "not found; there is:";
  for (const auto &known : routes_) {
    // A path with two verbs is named once.
    if (&known == find(method::get, known.path) || find(method::get, known.path) == nullptr) {
      text += ' ' + known.path;
    }
  }
  return text_response(404, text);
}

}  // namespace taskworker::http
