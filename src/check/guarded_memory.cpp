// SPDX-License-Identifier: MIT
#include "check/guarded_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace taskworker::check {
namespace {

constexpr std::byte margin_pattern{0xA5};

struct region {
  std::atomic<const lent_thing *> thing{nullptr};  ///< null = not in use
  std::atomic<std::uintptr_t> begin{0};            ///< of the guard page before
  std::atomic<std::uintptr_t> data{0};
  std::atomic<std::uintptr_t> end{0};  ///< of the guard page behind
};

// Far more than a case lends at once; what finds no room is only reported as a bare crash.
constexpr std::size_t max_regions = 512;
constinit std::array<region, max_regions> regions;

std::size_t page_size() {
  static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

std::size_t round_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

std::uintptr_t number_of(const void *address) { return reinterpret_cast<std::uintptr_t>(address); }

std::size_t enter(const lent_thing &what, const void *begin, const void *data, const void *end) {
  for (std::size_t i = 0; i < regions.size(); ++i) {
    region &each = regions[i];
    const lent_thing *expected = nullptr;
    if (!each.thing.compare_exchange_strong(expected, &what)) continue;
    each.data = number_of(data);
    each.end = number_of(end);
    each.begin = number_of(begin);
    return i;
  }
  return max_regions;
}

void leave(std::size_t number) {
  if (number == max_regions) return;
  regions[number].begin = 0;
  regions[number].end = 0;
  regions[number].thing = nullptr;
}

}  // namespace

guarded_memory::guarded_memory(const lent_thing &what, std::size_t bytes, std::size_t alignment,
                               placement where)
    : what_(what), size_(bytes) {
  const std::size_t page = page_size();
  const std::size_t taken = round_up(bytes, alignment);
  const std::size_t room = where == placement::roomy ? page : 0;
  const std::size_t inner = std::max(round_up(taken, page), page) + room;
  mapping_size_ = inner + 2 * page;
  void *memory = ::mmap(nullptr, mapping_size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  mapping_ = static_cast<std::byte *>(memory);
  if (::mprotect(begin(), inner, PROT_READ | PROT_WRITE) != 0) {
    const int reason = errno;
    ::munmap(mapping_, mapping_size_);
    throw std::system_error(reason, std::generic_category(), "mprotect");
  }
  data_ = end() - room - taken;
  fill_margins();
  region_ = enter(what_, mapping_, data_, mapping_ + mapping_size_);
}

guarded_memory::~guarded_memory() {
  leave(region_);
  ::munmap(mapping_, mapping_size_);
}

std::byte *guarded_memory::begin() const { return mapping_ + page_size(); }
std::byte *guarded_memory::end() const { return mapping_ + mapping_size_ - page_size(); }

void guarded_memory::fill_margins() {
  std::fill(begin(), data_, margin_pattern);
  std::fill(data_ + size_, end(), margin_pattern);
}

void guarded_memory::seal() {
  const auto bytes = static_cast<std::size_t>(end() - begin());
  if (::mprotect(begin(), bytes, PROT_READ) != 0) {
    throw std::system_error(errno, std::generic_category(), "mprotect");
  }
}

bool guarded_memory::has_whole_margins() const {
  const auto is_pattern = [](std::byte each) { return each == margin_pattern; };
  return std::all_of(begin(), data_, is_pattern) && std::all_of(data_ + size_, end(), is_pattern);
}

touched_memory find_touched(const void *address) noexcept {
  const std::uintptr_t at = number_of(address);
  const std::size_t page = page_size();
  for (const auto &each : regions) {
    const std::uintptr_t begin = each.begin;
    const std::uintptr_t end = each.end;
    const lent_thing *thing = each.thing;
    if (thing == nullptr || at < begin || at >= end) continue;
    if (at >= end - page) return {thing, "touched memory behind"};
    if (at < begin + page) return {thing, "touched memory before"};
    return {thing, "wrote to"};
  }
  return {};
}

}  // namespace taskworker::check
