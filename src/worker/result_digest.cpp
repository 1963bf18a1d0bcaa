// SPDX-License-Identifier: MIT
#include "worker/result_digest.hpp"

#include <cstddef>
#include <cstring>

namespace taskworker::worker {
namespace {

// The finalizer of splitmix64 (S. Vigna, https://prng.di.unimi.it/splitmix64.c): each bit of
// the value moves about half of the bits of what comes out.
std::uint64_t mix(std::uint64_t value) noexcept {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

std::uint64_t add(std::uint64_t digest, std::uint64_t value) noexcept {
  return mix(digest + 0x9e3779b97f4a7c15U + value);
}

std::uint64_t add_bytes(std::uint64_t digest, const void *data, std::uint64_t size) noexcept {
  const auto *bytes = static_cast<const unsigned char *>(data);
  std::uint64_t at = 0;
  for (; at + sizeof(std::uint64_t) <= size; at += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, bytes + at, sizeof word);
    digest = add(digest, word);
  }
  std::uint64_t rest = 0;
  if (at < size) std::memcpy(&rest, bytes + at, static_cast<std::size_t>(size - at));
  return add(add(digest, rest), size);
}

}  // namespace

std::uint64_t digest_of(const taskworker_task &task, const taskworker_result &result) noexcept {
  std::uint64_t digest = add(add(mix(task.id), task.operation), result.kind);
  if (result.kind == TASKWORKER_ARRAY) return add_bytes(digest, result.data, result.data_size);
  return add(digest, static_cast<std::uint64_t>(result.scalar));
}

}  // namespace taskworker::worker
