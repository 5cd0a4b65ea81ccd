// With untracked.cc, a program that must not link.
#define BOOST_ASIO_CUSTOM_HANDLER_TRACKING <waybill/async/asio_tracking.h>
#include <boost/asio/detail/handler_tracking.hpp>

int main() {}
