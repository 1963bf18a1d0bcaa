// SPDX-License-Identifier: MIT
#include "worker/task_line.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace taskworker::worker {
namespace {

namespace json = boost::json;

constexpr char expectation[] = R"(expected {"operation": "NAME", "data": [INTEGERS]})";

[[noreturn]] void refuse(const std::string &what) {
  throw task_line_error(what + "; " + expectation);
}

std::uint32_t operation_of(const json::value &name,
                           const std::vector<std::string> &operation_names) {
  const json::string *text = name.if_string();
  if (text == nullptr) refuse("'operation' is not a string");
  const auto known =
      std::find(operation_names.begin(), operation_names.end(), std::string_view(*text));
  if (known != operation_names.end()) {
    return static_cast<std::uint32_t>(known - operation_names.begin());
  }
  std::string choices;
  for (const auto &choice : operation_names) choices += (choices.empty() ? "" : ", ") + choice;
  throw task_line_error("unknown operation '" + std::string(text->c_str()) + "'; expected one of " +
                        choices);
}

void copy_integers(const json::value &data, taskworker_task &task, payload_buffer &buffer) {
  const json::array *values = data.if_array();
  if (values == nullptr) refuse("'data' is not an array");
  buffer.reserve(values->size() * sizeof(std::int64_t));
  auto *out = static_cast<std::int64_t *>(buffer.data());
  for (std::size_t i = 0; i < values->size(); ++i) {
    const std::int64_t *integer = (*values)[i].if_int64();
    if (integer == nullptr) {
      throw task_line_error("'data' element " + std::to_string(i) +
                            " is not an integer from -2^63 to 2^63-1");
    }
    out[i] = *integer;
  }
  task.payload = buffer.data();
  task.payload_size = values->size() * sizeof(std::int64_t);
}

}  // namespace

void parse_task_line(std::string_view line, const std::vector<std::string> &operation_names,
                     taskworker_task &task, payload_buffer &buffer) {
  boost::system::error_code error;
  const json::value parsed = json::parse(line, error);
  if (error) refuse("not JSON: " + error.message());
  const json::object *object = parsed.if_object();
  if (object == nullptr) refuse("not a JSON object");
  for (const auto &member : *object) {
    if (member.key() != "operation" && member.key() != "data") {
      refuse("unknown member '" + std::string(member.key()) + "'");
    }
  }
  if (!object->contains("operation")) refuse("'operation' is missing");
  if (!object->contains("data")) refuse("'data' is missing");
  task.operation = operation_of(object->at("operation"), operation_names);
  copy_integers(object->at("data"), task, buffer);
}

}  // namespace taskworker::worker
