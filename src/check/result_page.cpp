// SPDX-License-Identifier: MIT
#include "check/result_page.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>
#include <utility>

namespace taskworker::check {
namespace {

// Before main() has set another one there is this.
constinit result_page page_of_process;
constinit std::atomic<result_page *> page_in_use{&page_of_process};

[[noreturn]] void throw_errno(const char *call) {
  throw std::system_error(errno, std::generic_category(), call);
}

template <std::size_t Size>
void write(std::array<char, Size> &into, std::string_view text) noexcept {
  const std::size_t size = std::min(text.size(), Size - 1);
  std::memcpy(into.data(), text.data(), size);
  into[size] = '\0';
}

}  // namespace

bool result_page::conclude(outcome what, std::string_view rule, std::string_view detail) noexcept {
  stage expected = stage::empty;
  if (!stage_.compare_exchange_strong(expected, stage::being_written)) return false;
  what_ = what;
  write(rule_, rule);
  write(detail_, detail);
  stage_.store(stage::written, std::memory_order_release);
  return true;
}

std::optional<verdict> result_page::concluded() const {
  if (stage_.load(std::memory_order_acquire) != stage::written) return std::nullopt;
  return verdict{what_, rule_.data(), detail_.data()};
}

void result_page::set_strategy(std::string_view name, std::string_view version) noexcept {
  write(name_, name);
  write(version_, version);
}

std::string result_page::strategy_name() const { return name_.data(); }
std::string result_page::strategy_version() const { return version_.data(); }

void result_page::set_usage_error(std::string_view text) noexcept { write(usage_error_, text); }
std::string result_page::usage_error() const { return usage_error_.data(); }

result_page &current_page() noexcept { return *page_in_use.load(std::memory_order_acquire); }

void set_current_page(result_page &page) noexcept {
  page_in_use.store(&page, std::memory_order_release);
}

shared_page::shared_page() : descriptor_(::memfd_create("taskworker-check", 0)) {
  if (descriptor_ < 0) throw_errno("memfd_create");
  if (::ftruncate(descriptor_, sizeof(result_page)) != 0) throw_errno("ftruncate");
  map();
  new (page_) result_page();
}

shared_page::shared_page(int descriptor) : descriptor_(descriptor) {
  map();
  ::close(std::exchange(descriptor_, -1));
}

shared_page::~shared_page() {
  if (page_ != nullptr) ::munmap(page_, sizeof(result_page));
  if (descriptor_ >= 0) ::close(descriptor_);
}

void shared_page::map() {
  void *memory =
      ::mmap(nullptr, sizeof(result_page), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (memory == MAP_FAILED) throw_errno("mmap");
  page_ = static_cast<result_page *>(memory);
}

}  // namespace taskworker::check
