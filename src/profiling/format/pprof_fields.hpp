// SPDX-License-Identifier: MIT
#pragma once

#include <protozero/types.hpp>

/// Field numbers of
/// https://github.com/google/pprof/blob/main/proto/profile.proto, by message.
namespace taskworker::profiling::fields {

namespace profile {
enum : protozero::pbf_tag_type {
  sample_type = 1,
  sample,
  mapping,
  location,
  function,
  string_table,
  time_nanos = 9,
  duration_nanos,
  period_type,
  period,
  comment,
  default_sample_type
};
}  // namespace profile
namespace value_type {
enum : protozero::pbf_tag_type { type = 1, unit };
}
namespace sample {
enum : protozero::pbf_tag_type { location_id = 1, value, label };
}
namespace label {
enum : protozero::pbf_tag_type { key = 1, str };
}
namespace mapping {
enum : protozero::pbf_tag_type {
  id = 1,
  memory_start,
  memory_limit,
  file_offset,
  filename,
  build_id,
  has_functions,
  has_filenames,
  has_line_numbers,
  has_inline_frames
};
}
namespace location {
enum : protozero::pbf_tag_type { id = 1, mapping_id, address, line };
}
namespace line {
enum : protozero::pbf_tag_type { function_id = 1, line };
}
namespace function {
enum : protozero::pbf_tag_type { id = 1, name, system_name, filename, start_line };
}

}  // namespace taskworker::profiling::fields
