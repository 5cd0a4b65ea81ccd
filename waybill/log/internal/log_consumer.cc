#include <waybill/log/internal/call_fields.h>
#include <waybill/log/internal/log_consumer.h>
#include <waybill/log/internal/registry.h>
#include <waybill/log/log_entry.h>

namespace waybill::internal {

LogOutputs::LogOutputs(const LogOptions& options)
    : resource_{.service_name = options.service, .attributes = options.resource_attributes} {
  for (const LogOutput& output : options.outputs) {
    if (output.records != nullptr) {
      records_.push_back({output.level, output.records, OutageReport(output.records->name())});
    } else {
      lines_.push_back(
          std::unique_ptr<Lines>(new Lines{output.level, output.format, LineOutput(output.sink)}));
    }
  }
}

void LogOutputs::write(const LogRecord& record) noexcept {
  for (const auto& lines : lines_) {
    if (record.level < lines->level) continue;
    std::string& buffer = lines->output.buffer();
    const std::size_t before = buffer.size();
    try {
      lines->format->format(record, buffer);
      lines->output.line_added();
    } catch (...) {
      buffer.resize(before);
      detail::count_sink({.lost = 1});
    }
  }
  for (Records& records : records_) {
    if (record.level >= records.level) write_to(records, record);
  }
}

void LogOutputs::write_to(Records& records, const LogRecord& record) noexcept {
  bool written = false;
  try {
    written = records.sink->write(record);
  } catch (...) {  // what cannot take a record has no other way to say so
  }
  if (written) return records.report.recovered();
  detail::count_sink({.lost = 1, .failures = 1});
  records.report.failed(std::make_error_code(std::errc::io_error),
                        std::chrono::steady_clock::now());
  records.report.lost();
}

void LogOutputs::end_of_batch(bool flushing) noexcept {
  if (!lines_.empty()) {
    const auto now = std::chrono::steady_clock::now();
    for (const auto& lines : lines_) {
      if (flushing) lines->output.spare_no_longer();
      lines->output.write_out(now);
    }
  }
  for (const Records& records : records_) {
    if (!records.sink->flush()) detail::count_sink({.failures = 1});
  }
}

void LogOutputs::forget_pending() noexcept {
  for (const auto& lines : lines_) lines->output.forget_pending();
}

void LogConsumer::consume(const detail::RecordHeader& header, const detail::RecordOrigin& origin,
                          std::chrono::system_clock::time_point time) noexcept {
  try {
    const auto& entry = *reinterpret_cast<const detail::LogEntry*>(&header + 1);
    const fmt::string_view format(entry.format, entry.format_size);
    const auto* in = reinterpret_cast<const char*>(&entry + 1);
    message_.clear();
    message_.set_context(header.context);
    if (entry.decode != nullptr) {
      in = entry.decode(in, format, message_);
    } else {
      message_.set_text(detail::take_text(in));
    }
    take_fields(in, detail::field_count_of(header.shape), message_.fields());
    const std::vector<Field>& fields = message_.fields();
    outputs_->write({.time = time,
                     .level = detail::level_of(header.shape),
                     .logger = entry.logger->name,
                     .message = message_.text(),
                     .message_template = {format.data(), format.size()},
                     .trace_id = header.context.trace_id(),
                     .span_id = header.context.span_id(),
                     .parent_span_id = header.context.parent_span_id(),
                     .flags = header.context.flags(),
                     .trace_name = header.context.trace_name(),
                     .context_fields = header.context.fields(),
                     .logger_fields = entry.logger_fields.fields(),
                     .call_fields = Fields(fields.data(), fields.size()),
                     .where = entry.where,
                     .thread_id = origin.thread_id,
                     .resource = outputs_->resource()});
  } catch (...) {  // no memory for the message
    detail::count_sink({.lost = 1});
  }
}

}  // namespace waybill::internal
