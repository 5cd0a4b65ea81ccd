#include <waybill/otlp/internal/transport.h>
#include <waybill/otlp_grpc/internal/grpc_transport.h>
#include <waybill/otlp_grpc/otlp_grpc.h>

namespace waybill {

void enable_otlp_grpc() noexcept {
  internal::set_grpc_transport(
      [](const internal::SignalOptions& options) -> std::unique_ptr<internal::Transport> {
        return std::make_unique<internal::GrpcTransport>(options);
      });
}

}  // namespace waybill
