// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

/// How a program ended.
struct outcome {
  int status = -1;  ///< exit status; -1 when a signal killed it
  int signal = 0;   ///< the signal that killed it; 0 = none
  std::string out;  ///< standard output
  std::string err;  ///< standard error
};

/// The built taskworker, running. Its output is read by threads of this object, so that
/// it never blocks on a full pipe.
class program {
 public:
  /// Starts `taskworker ARGUMENTS...` in `folder` (empty: the current one), with
  /// `input` as standard input. The environment is the test's, plus `environment`
  /// ("NAME=value").
  explicit program(const std::vector<std::string> &arguments, const std::string &input = "",
                   const std::vector<std::string> &environment = {},
                   const std::string &folder = "");

  /// Kills it when it still runs.
  ~program();
  program(const program &) = delete;
  program &operator=(const program &) = delete;

  /// Waits until standard error holds `text`; returns what it holds then. Fails the
  /// test when the program ends before.
  std::string wait_for_err(const std::string &text);

  void send(int signal) const;

  /// Waits for the end.
  outcome wait();

 private:
  struct state;
  state *state_;
};

/// Runs taskworker to its end.
outcome run(const std::vector<std::string> &arguments, const std::string &input = "");

/// The body of an HTTP GET from 127.0.0.1; its status in `status` where that is given.
/// Fails the test when there is no answer.
std::string http_get(int port, const std::string &path, int *status = nullptr);

/// The port of "http://127.0.0.1:PORT/..." in what taskworker says at its start.
int announced_port(const std::string &err);
