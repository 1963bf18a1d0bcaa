// SPDX-License-Identifier: MIT
#include "http/service.hpp"

#include <exception>
#include <string>
#include <utility>

#include "http/request_rules.hpp"

namespace taskworker::http {

service::service(router routes, access_config access, const limits &bounds, bool local)
    : routes_(std::move(routes)), access_(std::move(access)), bounds_(bounds), local_(local) {}

std::variant<admitted, refused> service::admit(const head &received) const {
  auto outcome = check_head(received, bounds_.body);
  if (auto *broken_rule = std::get_if<response>(&outcome)) {
    return refused{std::move(*broken_rule), true};
  }
  auto &checked = std::get<checked_head>(outcome);
  checked.incoming.local = local_;
  const auto &path = checked.incoming.path;
  if (auto denied = check_access(access_, routes_.access_of(path), checked.incoming)) {
    return refused{*std::move(denied), checked.has_body};
  }
  const auto *target = routes_.find(checked.incoming.verb, path);
  if (target == nullptr) return refused{routes_.refuse(path), checked.has_body};
  return admitted{std::move(checked.incoming), target, checked.has_body, checked.expects_continue};
}

template <typename work>
auto service::guard(const work &run) const -> decltype(run()) {
  try {
    return run();
  } catch (const std::exception &error) {
    return text_response(500, local_ ? std::string("internal error: ") + error.what()
                                     : std::string("internal error"));
  } catch (...) {
    return text_response(500, "internal error");
  }
}

reply service::answer(const admitted &granted) const {
  return guard([&] { return granted.target->serve(granted.incoming); });
}

response service::finish(const deferred &later) const {
  return guard([&] { return later.finish(); });
}

response service::too_busy() const {
  auto answer =
      text_response(429, "too many requests that take their time: at most " +
                             std::to_string(bounds_.slow_requests) + " at once; try again later");
  answer.headers = {{"Retry-After", "1"}};
  return answer;
}

}  // namespace taskworker::http
