// SPDX-License-Identifier: MIT
#include "strategy/catalog.hpp"

#include <filesystem>
#include <sstream>

#include "catch.hpp"
#include "temporary_file.hpp"

using namespace taskworker::strategy;

namespace {

catalog_entry entry(const std::string &name, const std::string &folder, bool shadowed = false) {
  return {
      {name, folder + "/" + name + ".so", "any", shadowed, folder}, "1.0.0", "Sums up.", "", ""};
}

}  // namespace

TEST_CASE("the catalog is shown by folder, in the order of search", "[strategy_catalog]") {
  const temporary_folder root;
  std::filesystem::create_directory(root / "empty");
  const std::string one = root / "one";
  const std::string two = root / "two";
  auto broken = entry("broken", two);
  broken.problem = two + "/broken.so exports no symbol taskworker_strategy_entry; define it as " +
                   "include/taskworker/strategy.h tells";
  auto crashing = entry("crashing", two);
  crashing.problem = "crashed while it was opened (SIGSEGV)";
  auto sorting = entry("sorting", one);
  sorting.workload = "sort";

  CHECK(format_catalog({entry("bad", one), sorting, entry("bad", two, true), broken, crashing},
                       {{one, "--strategy-dir"},
                        {two, "build tree"},
                        {root / "empty", "installed"},
                        {root / "none", "./strategies"}}) ==
        "Strategies, in the order in which a name is looked for:\n"
        "\n" +
            one +
            " (--strategy-dir)\n"
            "  bad       1.0.0: Sums up.\n"
            "  sorting   1.0.0: Sums up.\n"
            "            brings its own workload, 'sort'\n"
            "\n" +
            two +
            " (build tree)\n"
            "  bad       1.0.0: Sums up.\n"
            "            shadowed by the one above: open it by its path\n"
            "  broken    unusable: it exports no symbol taskworker_strategy_entry; define it\n"
            "            as include/taskworker/strategy.h tells\n"
            "  crashing  unusable: it crashed while it was opened (SIGSEGV)\n"
            "\n" +
            root.path() +
            "/empty (installed)\n"
            "  none\n"
            "\n" +
            root.path() +
            "/none (./strategies)\n"
            "  no such folder\n");
}

TEST_CASE("the catalog keeps within 80 columns", "[strategy_catalog]") {
  auto wordy = entry("a-rather-long-name-for-a-strategy", "/x");
  wordy.summary =
      "A summary that goes on and on, as if the author were paid by the word, and "
      "ends only where the line of a terminal has ended long before.";
  std::istringstream lines(format_catalog({wordy}, {{"/x", "build tree"}}));
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
}
