#include <cstdint>
#include <cstring>
#include <new>
#include <string>

#include <waybill/otlp/internal/append_attribute.h>
#include <waybill/otlp/internal/context_attributes.h>
#include <waybill/otlp/internal/padded_size.h>
#include <waybill/otlp/internal/request_groups.h>
#include <waybill/otlp/internal/valid_text.h>
#include <waybill/otlp/log_encoder.h>
#include <waybill/trace/wire.h>

namespace waybill {
namespace {

// Of message LogRecord (opentelemetry/proto/logs/v1/logs.proto).
constexpr std::uint32_t kTime = 1;
constexpr std::uint32_t kSeverityNumber = 2;
constexpr std::uint32_t kSeverityText = 3;
constexpr std::uint32_t kBody = 5;
constexpr std::uint32_t kAttributes = 6;
constexpr std::uint32_t kFlags = 8;
constexpr std::uint32_t kTraceId = 9;
constexpr std::uint32_t kSpanId = 10;
constexpr std::uint32_t kObservedTime = 11;

// Semantic conventions, "Code Attributes".
constexpr std::string_view kFilePath = "code.file.path";
constexpr std::string_view kLineNumber = "code.line.number";
constexpr std::string_view kFunctionName = "code.function.name";
constexpr std::string_view kTraceName = internal::ContextAttributes::kTraceName;
constexpr std::string_view kFieldPrefix = "field.";

// What a record takes beside its message and attributes: with the tag and size of each.
constexpr std::size_t kFixed = 128;

char* put_head(char* out, const LogRecord& record, std::string_view message) noexcept {
  using namespace detail;
  const std::uint64_t time = detail::unix_nanoseconds(record.time);
  out = put_fixed64(out, kTime, time);
  out = put_fixed64(out, kObservedTime, time);
  if (record.level != Level::kOff) {
    out =
        put_number(out, kSeverityNumber, static_cast<std::uint64_t>(severity_number(record.level)));
    out = put_bytes(out, kSeverityText, level_name(record.level));
  }
  if (record.has_trace()) {
    const auto bytes_of = [](const auto& id) {
      return std::string_view(reinterpret_cast<const char*>(id.bytes()), id.kSize);
    };
    out = put_fixed32(out, kFlags, record.flags.byte());
    out = put_bytes(out, kTraceId, bytes_of(record.trace_id));
    if (record.span_id.is_valid()) out = put_bytes(out, kSpanId, bytes_of(record.span_id));
  }
  const std::size_t body = bytes_field_size(message.size());
  out = put_varint(put_tag(out, kBody, WireType::kBytes), body);
  return put_bytes(out, field::any_value::kString, message);
}

// Appends a record's attributes.
class AttributeList {
 public:
  AttributeList(WireBuffer& out, const LogRecord& record, bool source_location) noexcept
      : out_(out),
        record_(record),
        has_name_(record.has_trace() && !record.trace_name.empty()),
        has_location_(source_location && record.where.line() != 0) {}

  void append_all() {
    if (has_name_) append(kTraceName, record_.trace_name);
    if (has_location_) {
      append(kFilePath, record_.where.file_name());
      append(kLineNumber, record_.where.line());
      append(kFunctionName, record_.where.function_name());
    }
    record_.for_each_field([this](const Field& field) {
      if (is_own(field.key)) {
        append(std::string(kFieldPrefix).append(field.key), field.value);
      } else {
        append(field.key, field.value);
      }
    });
  }

 private:
  void append(std::string_view key, const FieldValue& value) {
    if (!internal::append_attribute(out_, kAttributes, key, value)) throw std::bad_alloc();
  }

  // Whether a field cannot have this key: it is one of the record's own, or what a field gets that
  // is called so.
  bool is_own(std::string_view key) const noexcept {
    while (key.starts_with(kFieldPrefix)) key.remove_prefix(kFieldPrefix.size());
    return (has_name_ && key == kTraceName) ||
           (has_location_ && (key == kFilePath || key == kLineNumber || key == kFunctionName));
  }

  WireBuffer& out_;
  const LogRecord& record_;
  bool has_name_;
  bool has_location_;
};

}  // namespace

struct LogEncoder::State {
  bool add(const LogRecord& record);
  bool add_content(const LogRecord& record);

  LogEncoderOptions options;
  WireBuffer request;
  std::size_t count = 0;
  internal::RequestGroups groups;
};

bool LogEncoder::State::add(const LogRecord& record) {
  if (!groups.open(request, record.resource, {.name = record.logger, .version = {}})) return false;
  const std::size_t before = request.size();
  try {
    if (add_content(record)) return true;
  } catch (...) {  // without memory
  }
  request.set_end(request.data() + before);
  return false;
}

bool LogEncoder::State::add_content(const LogRecord& record) {
  std::string mended;
  const std::string_view message = internal::valid_text(record.message, mended);
  if (!internal::begin_message(request, internal::RequestGroups::kRecord)) return false;
  const std::size_t content_at = request.size();
  char* const at = request.room(kFixed + message.size());
  if (at == nullptr) return false;
  request.set_end(put_head(at, record, message));
  AttributeList(request, record, options.source_location).append_all();
  internal::end_message(request, content_at);
  return true;
}

LogEncoder::LogEncoder(const LogEncoderOptions& options) : state_(std::make_unique<State>()) {
  state_->options = options;
}
LogEncoder::LogEncoder(LogEncoder&&) noexcept = default;
LogEncoder& LogEncoder::operator=(LogEncoder&&) noexcept = default;
LogEncoder::~LogEncoder() = default;

bool LogEncoder::add(const LogRecord& record) noexcept {
  const bool added = state_->add(record);
  state_->count += added ? 1 : 0;
  return added;
}

void LogEncoder::end_of_batch() noexcept {
  state_->groups.forget_addresses();
}

std::size_t LogEncoder::count() const noexcept {
  return state_->count;
}
std::size_t LogEncoder::size() const noexcept {
  return state_->request.size();
}

std::string_view LogEncoder::finish() noexcept {
  state_->groups.close(state_->request);
  return state_->request.view();
}

void LogEncoder::take(WireBuffer& request) noexcept {
  finish();
  state_->request.swap(request);
  clear();
}

void LogEncoder::clear() noexcept {
  state_->request.clear();
  state_->groups.clear();
  state_->count = 0;
}

}  // namespace waybill
