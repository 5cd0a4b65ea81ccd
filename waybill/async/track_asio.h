// What the CMake target waybill::asio_tracking defines, as a header: for build systems that would
// have to quote `-DBOOST_ASIO_CUSTOM_HANDLER_TRACKING=<...>`, as pkg-config does.
//
//   g++ $(pkg-config --cflags waybill-asio_tracking) ...    # -include waybill/async/track_asio.h
//
// It has to come before Asio in every source file of the program; asio_tracking.h says why.
#pragma once

#define BOOST_ASIO_CUSTOM_HANDLER_TRACKING <waybill/async/asio_tracking.h>
#define ASIO_CUSTOM_HANDLER_TRACKING <waybill/async/asio_tracking.h>
