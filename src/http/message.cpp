// SPDX-License-Identifier: MIT
#include "http/message.hpp"

namespace taskworker::http {

response text_response(unsigned status, std::string_view text) {
  response answer{.status = status};
  answer.body.reserve(text.size() + 1);
  answer.body.append(text).push_back('\n');
  return answer;
}

}  // namespace taskworker::http
