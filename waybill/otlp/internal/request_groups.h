// RequestGroups: the two messages that each record of a request is in: ResourceSpans and
// ScopeSpans, and their likes for logs and metrics, whose fields have the same numbers. A run of
// records of the same resource and scope shares them.
//
//   groups.open(request, resource, {scope.name, scope.version});
//   ... the record is appended to `request` as a field kRecord ...
//   groups.close(request);              // the request can be sent; more may be appended
//
// Sizes that are not known before are written as varints of five bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <waybill/otlp/wire_buffer.h>
#include <waybill/pipeline/resource.h>

namespace waybill::internal {

class RequestGroups {
 public:
  // The field of ScopeSpans that a span is, of ScopeLogs that a log record is, of ScopeMetrics that
  // a metric is.
  static constexpr std::uint32_t kRecord = 2;

  struct Scope {
    std::string_view name;
    std::string_view version;
  };

  // What is appended next belongs to these. False: there is no memory, and nothing is appended.
  bool open(WireBuffer& request, const Resource& resource, const Scope& scope) noexcept;

  // Enters the sizes of what is open.
  void close(WireBuffer& request) noexcept;

  // Resources are not known by their addresses any more.
  void forget_addresses() noexcept { address_ = nullptr; }

  // The next request begins; nothing is open in it.
  void clear() noexcept {
    resource_at_ = scope_at_ = 0;
    address_ = nullptr;
  }

 private:
  // What they have appended when they return false or throw is open()'s to take back.
  bool begin_resource(WireBuffer& request, const Resource& resource);
  bool begin_scope(WireBuffer& request, const Scope& scope);

  // Where the content of what is open begins; 0: nothing is.
  std::size_t resource_at_ = 0;
  std::size_t scope_at_ = 0;
  const Resource* address_ = nullptr;  // of what is open, if it is known
  // What is open, or was last.
  Resource resource_;
  std::string scope_name_;
  std::string scope_version_;
};

}  // namespace waybill::internal
