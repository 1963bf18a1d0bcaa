// SPDX-License-Identifier: MIT
#include "peers/peer.hpp"

namespace bench::peers {

const std::vector<peer> &all_peers() {
  static const std::vector<peer> all = {
      asio_peer,
#ifdef BENCH_HAVE_TBB
      tbb_peer,
#endif
#ifdef BENCH_HAVE_MOODYCAMEL
      moodycamel_peer,
#endif
      mutex_peer,
  };
  return all;
}

const std::vector<std::string> &missing_peers() {
  static const std::vector<std::string> missing = {
#ifndef BENCH_HAVE_TBB
      std::string(tbb_name) + " (libtbb-dev)",
#endif
#ifndef BENCH_HAVE_MOODYCAMEL
      std::string(moodycamel_name) + " (libconcurrentqueue-dev)",
#endif
  };
  return missing;
}

}  // namespace bench::peers
