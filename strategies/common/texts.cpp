// SPDX-License-Identifier: MIT
#include "common/texts.hpp"

namespace taskworker::strategies {

void write_info(text_writer &out, const taskworker_task &task, const taskworker_result &result) {
  const std::uint64_t elements = task.payload_size / sizeof(std::int64_t);
  switch (task.operation) {
    case TASKWORKER_SUM:
      out << "Sum of " << elements << " numbers";
      break;
    case TASKWORKER_MULTIPLY:
      out << "Product of " << elements << " numbers";
      break;
    case TASKWORKER_SQUARE:
      out << "Squared " << elements << " numbers";
      break;
    default:
      out << "Filtered " << result.data_size / sizeof(std::int64_t) << " even numbers from "
          << elements;
  }
}

void start_log_line(text_writer &out, std::uint32_t worker) {
  out << "worker " << worker << " processed task ";
}

void end_log_line(text_writer &out, std::uint64_t task, const taskworker_result &result) {
  out << task << ": ";
  out.append(result.info, result.info_size, result.info_capacity);
}

void start_metadata(text_writer &out, std::uint32_t worker) {
  out << "worker=" << worker << " task=";
}

void end_metadata(text_writer &out, std::uint64_t task, std::uint64_t processed) {
  out << task << " processed=" << processed;
}

}  // namespace taskworker::strategies
