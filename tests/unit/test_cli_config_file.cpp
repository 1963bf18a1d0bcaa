// SPDX-License-Identifier: MIT
#include "cli/config_file.hpp"

#include "catch.hpp"
#include "cli/error.hpp"
#include "temporary_file.hpp"

using namespace taskworker::cli;

TEST_CASE("a configuration file has an option a line", "[cli_config_file]") {
  const temporary_file file(
      "# a comment\n"
      "tasks = 1000\n"
      "\n"
      "  strategy-opt=k = v # no comment\t\r\n"
      "   # another comment\n"
      "empty =\n"
      "= nameless\n"
      "last=without newline");
  const auto settings = read_config_file(file.path());
  REQUIRE(settings.size() == 5);
  CHECK(settings[0].name == "tasks");
  CHECK(settings[0].value.text == "1000");
  CHECK(settings[0].value.where == file.path() + ":2: tasks");
  CHECK(settings[1].name == "strategy-opt");
  CHECK(settings[1].value.text == "k = v # no comment");
  CHECK(settings[1].value.where == file.path() + ":4: strategy-opt");
  CHECK(settings[2].value.text.empty());
  CHECK(settings[3].name.empty());
  CHECK(settings[4].value.text == "without newline");
}

TEST_CASE("the byte order mark of an editor is no part of an option", "[cli_config_file]") {
  const temporary_file file("\xef\xbb\xbftasks = 1\n\xef\xbb\xbfquiet = true\n");
  const auto settings = read_config_file(file.path());
  REQUIRE(settings.size() == 2);
  CHECK(settings[0].name == "tasks");
  CHECK(settings[0].value.where == file.path() + ":1: tasks");
  CHECK(settings[1].name == "\xef\xbb\xbfquiet");
}

TEST_CASE("a line without '=' is refused with its number", "[cli_config_file]") {
  const temporary_file file("tasks = 1\nquiet\n");
  CHECK_THROWS_MATCHES(
      read_config_file(file.path()), usage_error,
      Catch::Matchers::Message(
          file.path() + ":2: no '=' in 'quiet'; expected option = value, or # and a comment"));
}

TEST_CASE("a configuration file that cannot be read is named", "[cli_config_file]") {
  const temporary_folder folder;
  CHECK_THROWS_MATCHES(
      read_config_file(folder / "absent"), file_error,
      Catch::Matchers::Message("--config: " + folder.path() +
                               "/absent cannot be read: No such file or directory"));
  CHECK_THROWS_MATCHES(
      read_config_file(folder.path()), file_error,
      Catch::Matchers::Message("--config: " + folder.path() + " cannot be read: it is a folder"));
}
