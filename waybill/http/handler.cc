#include <waybill/http/handler.h>

namespace waybill::http {

boost::asio::awaitable<Response> Handler::operator()(Request request) const {
  if (plain_) co_return plain_(request);
  co_return co_await coroutine_(std::move(request));
}

}  // namespace waybill::http
