// Which Asio this room's headers use: Boost.Asio, or standalone Asio where a program defines
// WAYBILL_STANDALONE_ASIO for all of its translation units. The headers themselves say
// `asio::` for either.
#pragma once

#if defined(WAYBILL_STANDALONE_ASIO)

#define WAYBILL_ASIO(header) <asio/header>

#include <asio/error_code.hpp>
#include <asio/version.hpp>

namespace waybill {
namespace asio = ::asio;
namespace detail {
using AsioError = ::asio::error_code;
}
}  // namespace waybill

#else

#define WAYBILL_ASIO(header) <boost/asio/header>

#include <boost/asio/detail/config.hpp>
#include <boost/system/error_code.hpp>

namespace boost::asio {}

namespace waybill {
namespace asio = ::boost::asio;
namespace detail {
using AsioError = ::boost::system::error_code;
}
}  // namespace waybill

#endif

// So that files of one program which disagree about handler tracking do not link.
#include <waybill/async/asio_tracking.h>
