// SPDX-License-Identifier: MIT
#include "check/lent_config.hpp"

#include <cstring>
#include <new>
#include <string>

namespace taskworker::check {
namespace {

constexpr lent_thing config_struct{"the configuration", "strategy.h, taskworker_config"};

std::size_t size_of_texts(const strategy::instance_config &config) {
  std::size_t bytes = 0;
  for (const auto &option : config.options) bytes += option.name.size() + option.value.size() + 2;
  return bytes;
}

std::size_t size_of(const strategy::instance_config &config) {
  return sizeof(taskworker_config) + config.options.size() * sizeof(taskworker_option_value) +
         size_of_texts(config);
}

const char *put(char *&at, const std::string &text) {
  const char *const begin = at;
  std::memcpy(at, text.c_str(), text.size() + 1);
  at += text.size() + 1;
  return begin;
}

}  // namespace

lent_config::lent_config(const strategy::instance_config &config, bool is_sealed)
    : memory_(config_struct, size_of(config), alignof(taskworker_config), placement::exact) {
  auto *at = static_cast<char *>(memory_.data());
  auto *abi = new (at) taskworker_config{};
  at += sizeof(taskworker_config);
  const std::size_t count = config.options.size();
  auto *options = reinterpret_cast<taskworker_option_value *>(at);
  at += count * sizeof(taskworker_option_value);
  for (std::size_t i = 0; i < count; ++i) {
    const char *name = put(at, config.options[i].name);
    new (options + i) taskworker_option_value{name, put(at, config.options[i].value)};
  }
  abi->options = count == 0 ? nullptr : options;
  abi->option_count = count;
  abi->expected_tasks = config.expected_tasks;
  abi->data_size = config.data_size;
  abi->workers = config.workers;
  if (is_sealed) memory_.seal();
}

}  // namespace taskworker::check
