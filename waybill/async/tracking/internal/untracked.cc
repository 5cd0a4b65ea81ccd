// What a header of the library does that includes Asio, in a file compiled without handler
// tracking.
#include <boost/asio/detail/handler_tracking.hpp>

#include <waybill/async/asio_tracking.h>
