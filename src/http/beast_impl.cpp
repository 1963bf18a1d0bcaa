// SPDX-License-Identifier: MIT
// The bodies of Asio and Beast, compiled once: all other files see declarations, by
// BOOST_ASIO_SEPARATE_COMPILATION and BOOST_BEAST_SEPARATE_COMPILATION for the whole project.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
