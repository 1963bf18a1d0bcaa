// SPDX-License-Identifier: MIT
#include "peers/json.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <stdexcept>

#include "peers/peer.hpp"
#include "strategy_run.hpp"

namespace bench::peers {
namespace {

namespace json = boost::json;

json::object object_of(const way &measured) {
  return {{"name", measured.name},
          {"cpu_ns", json::value_from(cpu_of(measured))},
          {"wall_ns", json::value_from(wall_of(measured))}};
}

json::object object_of(const section &measured) {
  json::array ways;
  for (const way &each : measured.ways) ways.push_back(object_of(each));
  json::object object = {{"name", measured.name},
                         {"tasks_per_round", measured.tasks},
                         {"foreign_cpus", json::value_from(measured.foreign_cpus)},
                         {"ways", ways}};
  if (measured.data_size != 0) object["data_size_elements"] = measured.data_size;
  if (measured.allocations_per_task) {
    object["allocations_per_task"] = *measured.allocations_per_task;
  }
  return object;
}

json::object object_of(const goal &wanted) {
  json::object object = {
      {"what", wanted.what},
      {wanted.side == goal::bound::at_most ? "at_most" : "at_least", wanted.limit},
      {"unit", wanted.unit}};
  if (!wanted.figure) return object;
  object["median"] = wanted.figure->median;
  object["least"] = wanted.figure->least;
  object["most"] = wanted.figure->most;
  object["reached"] = wanted.is_reached();
  return object;
}

template <typename Item>
json::array array_of(const std::vector<Item> &items) {
  json::array array;
  for (const Item &each : items) array.push_back(object_of(each));
  return array;
}

}  // namespace

void write_json(const std::string &path, bool is_quick, const std::vector<section> &sections,
                const std::vector<goal> &goals) {
  const json::object report = {
      {"benchmark", "peers"},           {"quick", is_quick},
      {"workers", run_workers},         {"left_out", json::value_from(missing_peers())},
      {"sections", array_of(sections)}, {"reach", array_of(goals)}};
  std::ofstream file(path);
  file << report << '\n';
  file.close();
  if (!file) throw std::runtime_error(path + " cannot be written");
}

}  // namespace bench::peers
