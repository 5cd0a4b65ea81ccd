// Exceptions as OpenTelemetry's semantic conventions have them ("Recording exceptions").
#include <array>
#include <string>

#include <waybill/core/error_chain.h>
#include <waybill/trace/span.h>

namespace waybill {
namespace {

// What is known of where it comes from: the errors that caused it, and where the first was raised.
std::string origin_of(const ErrorChain& chain) {
  std::string text;
  const auto links = chain.links();
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (i != 0) text += "\nCaused by: ";
    text += readable_type_name(links[i].type);
    text += ": ";
    text += links[i].message;
  }
  const std::source_location& where = chain.raised_at();
  if (where.line() != 0) {
    text += "\n    at ";
    text += where.function_name();
    text += " (";
    text += where.file_name();
    text += ':' + std::to_string(where.line()) + ')';
  }
  return text;
}

void record(Span& span, const ErrorChain& chain) {
  const auto links = chain.links();
  if (links.empty()) return;
  const std::string type = readable_type_name(links[0].type);
  const std::string_view message = links[0].message;
  const bool has_origin = links.size() > 1 || chain.raised_at().line() != 0;
  const std::string origin = has_origin ? origin_of(chain) : std::string();
  if (has_origin) {
    span.add_event("exception", {{"exception.type", type},
                                 {"exception.message", message},
                                 {"exception.stacktrace", origin}});
  } else {
    span.add_event("exception", {{"exception.type", type}, {"exception.message", message}});
  }
  span.set_error(message);
}

}  // namespace

Span& Span::record_exception(const std::exception& exception) noexcept {
  if (active_ == nullptr) return *this;
  try {
    record(*this, ErrorChain(exception));
  } catch (...) {  // no memory
    set_error();
  }
  return *this;
}

Span& Span::record_exception(std::exception_ptr exception) noexcept {
  if (active_ == nullptr || exception == nullptr) return *this;
  try {
    record(*this, ErrorChain(std::move(exception)));
  } catch (...) {
    set_error();
  }
  return *this;
}

}  // namespace waybill
