#include <atomic>

#include <waybill/core/error.h>
#include <waybill/otlp/internal/http_transport.h>
#include <waybill/otlp/internal/transport.h>

namespace waybill::internal {
namespace {

constinit std::atomic<TransportFactory> grpc_transport = nullptr;

}  // namespace

void set_grpc_transport(TransportFactory factory) noexcept {
  grpc_transport.store(factory, std::memory_order_release);
}

std::unique_ptr<Transport> make_transport(const SignalOptions& options) {
  if (options.protocol != OtlpProtocol::kGrpc) return std::make_unique<HttpTransport>(options);
  const TransportFactory factory = grpc_transport.load(std::memory_order_acquire);
  if (factory != nullptr) return factory(options);
  throw Error::bad_option("protocol", "grpc",
                          "http/protobuf or http/json, unless the program links waybill::otlp_grpc "
                          "and has called enable_otlp_grpc()");
}

}  // namespace waybill::internal
