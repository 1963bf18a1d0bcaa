// SPDX-License-Identifier: MIT
#include "profiling/format/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>

namespace taskworker::profiling {
namespace {

constexpr int level = 4;                // on profiles 3 % larger than 6, in 70 % of the time
constexpr int window = MAX_WBITS + 16;  // 16 asks zlib for gzip's own head and tail
constexpr int memory = MAX_MEM_LEVEL;

constexpr std::size_t smallest_part = 64 * 1024;

}  // namespace

std::string gzip(std::string_view content) {
  if (content.size() > std::numeric_limits<uInt>::max()) throw std::length_error("gzip");
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, window, memory, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  const std::unique_ptr<z_stream, int (*)(z_stream *)> end(&stream, &deflateEnd);
  std::string compressed(deflateBound(&stream, content.size()), '\0');
  // zlib counts bytes as unsigned char, and reads only.
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(content.data()));  // NOLINT
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef *>(compressed.data());  // NOLINT
  stream.avail_out = static_cast<uInt>(compressed.size());
  deflate(&stream, Z_FINISH);  // in one go: deflateBound left it the room
  compressed.resize(stream.total_out);
  return compressed;
}

std::optional<std::string> gunzip(std::string_view file, std::size_t most) {
  if (file.size() > std::numeric_limits<uInt>::max()) return std::nullopt;
  z_stream stream{};
  if (inflateInit2(&stream, window) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream *)> end(&stream, &inflateEnd);
  // zlib reads only.
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(file.data()));  // NOLINT
  stream.avail_in = static_cast<uInt>(file.size());
  std::string content;
  int state = Z_OK;
  while (state == Z_OK) {
    const std::size_t before = content.size();
    content.resize(std::min(most, std::max(smallest_part, before * 2)));
    const std::size_t room =
        std::min<std::size_t>(content.size() - before, std::numeric_limits<uInt>::max());
    stream.next_out = reinterpret_cast<Bytef *>(content.data() + before);  // NOLINT
    stream.avail_out = static_cast<uInt>(room);
    state = inflate(&stream, Z_NO_FLUSH);
    content.resize(before + room - stream.avail_out);
  }
  if (state != Z_STREAM_END) return std::nullopt;
  return content;
}

}  // namespace taskworker::profiling
