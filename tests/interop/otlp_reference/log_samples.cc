#include <source_location>
#include <string>
#include <vector>

#include <waybill/otlp/log_encoder.h>

#include "tests/interop/otlp_reference/random_values.h"
#include "tests/interop/otlp_reference/samples.h"

namespace waybill::test {
namespace {

using nlohmann::json;

Fields view_of(const std::vector<Field>& fields) {
  return {fields.data(), fields.size()};
}

json random_record(LogEncoder& encoder, const Resource& resource) {
  Storage storage;
  const std::string logger = *rc::gen::element<std::string>("", "weather", "w\xff");
  const std::string message = random_text();
  const std::vector<Field> context = random_fields(storage);
  const std::vector<Field> of_logger = random_fields(storage);
  const std::vector<Field> call = random_fields(storage);
  const bool has_trace = *rc::gen::arbitrary<bool>();
  const std::string trace_name = *rc::gen::element<std::string>("", "batch-job-7");
  const bool has_location = *rc::gen::arbitrary<bool>();
  const LogRecord record{
      .time = random_time(),
      .level = static_cast<Level>(*rc::gen::inRange(0, 7)),
      .logger = logger,
      .message = message,
      .trace_id = has_trace ? random_id<TraceId>() : TraceId(),
      .span_id = has_trace && *rc::gen::arbitrary<bool>() ? random_id<SpanId>() : SpanId(),
      .flags = TraceFlags(*rc::gen::arbitrary<std::uint8_t>()),
      .trace_name = trace_name,
      .context_fields = view_of(context),
      .logger_fields = view_of(of_logger),
      .call_fields = view_of(call),
      .where = has_location ? std::source_location::current() : std::source_location(),
      .resource = resource};
  RC_ASSERT(encoder.add(record));
  return {{"time", nanoseconds_of(record.time)},
          {"level", level_name(record.level)},
          {"logger", hex_of(logger)},
          {"message", hex_of(message)},
          {"trace_id", id_of(record.trace_id)},
          {"span_id", id_of(record.span_id)},
          {"flags", record.flags.byte()},
          {"trace_name", hex_of(trace_name)},
          {"fields", {describe_all(context), describe_all(of_logger), describe_all(call)}},
          {"file", hex_of(has_location ? record.where.file_name() : "")},
          {"line", record.where.line()},
          {"function", hex_of(has_location ? record.where.function_name() : "")}};
}

}  // namespace

Sample random_logs() {
  LogEncoder encoder;
  const Resource resource = random_resource();
  json records = json::array();
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
    records.push_back(random_record(encoder, resource));
  }
  return {
      .description = {{"signal", "logs"}, {"resource", describe(resource)}, {"records", records}},
      .request = std::string(encoder.finish())};
}

}  // namespace waybill::test
