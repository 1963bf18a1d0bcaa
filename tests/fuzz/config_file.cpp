// SPDX-License-Identifier: MIT
// A file of --config: its lines, and each value as its option reads it.
#include "cli/config_file.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "cli/error.hpp"
#include "cli/option_table.hpp"
#include "expect.hpp"

namespace {

using namespace taskworker::cli;

// A file that lies in memory.
class memory_file {
 public:
  memory_file(const void *data, std::size_t size) : descriptor_(::memfd_create("config", 0)) {
    expect(::write(descriptor_, data, size) == static_cast<ssize_t>(size), "a file in memory");
  }
  ~memory_file() { ::close(descriptor_); }
  memory_file(const memory_file &) = delete;
  memory_file &operator=(const memory_file &) = delete;

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

bool is_one_line(std::string_view text) {
  return !text.empty() && text.find('\n') == std::string_view::npos;
}

// These open the file that they name, which may be any.
bool opens_a_file(const option_spec &option) {
  return option.name == "token-file" || option.name == "source" || option.name == "expect";
}

void apply(const setting &given, run_config &config) {
  const auto *option = find_option(option_groups(), given.name);
  if (option == nullptr) {
    static_cast<void>(suggest_option(option_groups(), given.name, "--"));
    return;
  }
  if (option->apply == nullptr || opens_a_file(*option)) return;
  try {
    option->apply(config, given.value);
  } catch (const usage_error &error) {
    expect(is_one_line(error.what()), "a refusal is one line");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  const memory_file file(data, size);
  try {
    run_config config;
    for (const auto &given : read_config_file(file.path())) apply(given, config);
    expect(config.workers > 0 && config.worker_nice >= 0, "values within their bounds");
  } catch (const usage_error &error) {
    expect(is_one_line(error.what()), "a refusal is one line");
  }
  return 0;
}
