#include <exception>
#include <string_view>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <waybill/http/internal/connection.h>

namespace waybill::http::internal {
namespace {

namespace asio = boost::asio;

// Beside the head there may be some of the body, or of the requests that follow.
constexpr std::size_t kBufferedBeyondHead = 16 * 1024;

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, const Application& application,
                       const ServerOptions& options)
    : application_(application), options_(options) {
  boost::system::error_code error;
  if (const auto remote = socket.remote_endpoint(error); !error) {
    remote_address_ = remote.address().to_string();
    remote_port_ = remote.port();
  }
  wire_ = std::make_shared<Wire>(std::move(socket), options.max_header_bytes + kBufferedBeyondHead);
}

void Connection::run(std::function<void(const std::shared_ptr<Connection>&)> at_end) {
  asio::co_spawn(wire_->socket().get_executor(), serve(),
                 asio::bind_cancellation_slot(
                     cancel_.slot(), [self = shared_from_this(), at_end = std::move(at_end)](
                                         const std::exception_ptr& /*cancelled, or no memory*/) {
                       self->wire_->close();
                       at_end(self);
                     }));
}

void Connection::stop() {
  asio::post(wire_->socket().get_executor(), [self = shared_from_this()] {
    self->stopping_ = true;
    if (self->idle_) self->wire_->close();
  });
}

void Connection::abort() {
  asio::post(wire_->socket().get_executor(), [self = shared_from_this()] {
    self->stopping_ = true;
    self->wire_->close();
    self->cancel_.emit(asio::cancellation_type::terminal);
  });
}

asio::awaitable<void> Connection::serve() {
  bool go_on = true;
  // stop() may have come while the last response, which promised more, was being written.
  while (go_on && !stopping_) {
    idle_ = true;
    const bool arrived = co_await wait_for_request();
    if (!arrived) co_return;
    idle_ = false;
    go_on = co_await serve_one();
  }
  idle_ = true;
  if (!stopping_) co_await wire_->linger();
}

// Empty lines before a request are no part of it (RFC 9112 section 2.2).
asio::awaitable<bool> Connection::wait_for_request() {
  wire_->expires_after(options_.idle_timeout);
  while (true) {
    while (wire_->buffered().starts_with("\r\n")) wire_->buffer().consume(2);
    const std::string_view buffered = wire_->buffered();
    if (!buffered.empty() && buffered != "\r") co_return true;
    const bool filled = co_await wire_->fill();
    if (!filled) co_return false;
  }
}

// False when the connection is to be closed.
asio::awaitable<bool> Connection::serve_one() {
  RequestReader reader(options_);
  const bool complete = co_await reader.read(*wire_);
  Request& request = reader.request();
  request.remote_address = remote_address_;
  request.remote_port = remote_port_;
  ResponseFraming framing{
      .keep_alive = false, .http_1_0 = reader.http_1_0(), .head_request = request.method == "HEAD"};
  if (!complete) {
    const RequestReader::Refusal refusal = reader.refusal();
    if (refusal.status == 0) co_return false;
    Response response = application_.refuse(request, refusal.status, refusal.reason);
    co_return co_await answer(std::move(response), framing);
  }
  framing.keep_alive = reader.keep_alive();
  Response response = co_await application_.handle(std::move(request));
  framing.keep_alive = framing.keep_alive && !stopping_;
  co_return co_await answer(std::move(response), framing);
}

asio::awaitable<bool> Connection::answer(Response response, ResponseFraming framing) {
  wire_->expires_after(options_.write_timeout);
  const std::string head = response_head(response, framing);
  const bool written = co_await wire_->write(head, response_body(response, framing));
  if (!written) wire_->close();
  co_return written&& framing.keep_alive;
}

}  // namespace waybill::http::internal
