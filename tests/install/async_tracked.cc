// Plain Asio: the target that it links makes the difference.
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <waybill/core/core.h>

int main() {
  boost::asio::io_context io;
  bool inherited = false;
  {
    const waybill::Scope scope{waybill::Context::new_trace({.name = "abc"})};
    boost::asio::post(io, [&] { inherited = waybill::Context::current().trace_name() == "abc"; });
  }
  io.run();
  return inherited ? 0 : 1;
}
