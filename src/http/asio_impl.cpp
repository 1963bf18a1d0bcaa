// SPDX-License-Identifier: MIT
// The bodies of Asio, compiled once for the whole program: with
// BOOST_ASIO_SEPARATE_COMPILATION every other file sees declarations only. Beast stays
// header-only: one file uses it, and its own bodies (WebSocket, zlib) cost more than that
// file saves.
#include <boost/asio/impl/src.hpp>
