#include <string>

#include <waybill/http/client.h>

namespace waybill::http {
namespace {

class ClientErrorCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "waybill.http.client"; }
  std::string message(int error) const override {
    switch (static_cast<ClientError>(error)) {
      case ClientError::kBadRequest:
        return "malformed request";
      case ClientError::kUnsupportedScheme:
        return "unsupported URL scheme";
      case ClientError::kResolve:
        return "host name not found";
      case ClientError::kConnect:
        return "cannot connect";
      case ClientError::kTimeout:
        return "timed out";
      case ClientError::kConnectionClosed:
        return "connection closed";
      case ClientError::kBadResponse:
        return "malformed response";
      case ClientError::kResponseTooLarge:
        return "response too large";
      case ClientError::kCancelled:
        return "cancelled";
      case ClientError::kInternal:
        return "internal error";
    }
    return "unknown error";
  }
};

}  // namespace

const std::error_category& client_error_category() noexcept {
  static const ClientErrorCategory category;
  return category;
}

std::error_code make_error_code(ClientError error) noexcept {
  return {static_cast<int>(error), client_error_category()};
}

}  // namespace waybill::http
