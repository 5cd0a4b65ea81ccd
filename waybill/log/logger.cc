#include <algorithm>

#include <waybill/log/internal/registry.h>
#include <waybill/log/logger.h>
#include <waybill/pipeline/consumer.h>

namespace waybill {

Logger::Logger(const internal::NamedLogger& named) noexcept
    : named_(&named), level_(&named.level) {}

Logger internal::logger_of(const NamedLogger& named) noexcept {
  return Logger(named);
}

Logger logger(std::string_view name) {
  return internal::logger_of(internal::find_or_add_logger(name));
}

std::string_view Logger::name() const noexcept {
  return named_->name;
}

Logger Logger::with(std::initializer_list<Field> fields) const {
  Logger more = *this;
  more.own_fields_ = own_fields_.with(fields);
  (void)detail::RecordedContext(more.own_fields_);  // marked, once for all calls
  return more;
}

void Logger::write_message(Level level, Fields fields, fmt::string_view format,
                           const std::source_location& where,
                           detail::MessageBuilder& message) const noexcept {
  try {
    std::vector<Field>& all = message.fields();  // what was named comes first, as in the background
    all.insert(all.end(), fields.begin(), fields.end());
    const Fields written(all.data(), std::min(all.size(), detail::kMostCallFields));
    const detail::RecordShape shape = detail::log_shape(
        sizeof(detail::LogEntry) + detail::text_size(message.text()) + detail::fields_size(written),
        level, written.size());
    const auto writer = detail::RecordWriter::begin(shape);
    if (!writer) return;
    char* out = begin_entry(writer.payload(), format, nullptr, where);
    detail::put_text(out, message.text());
    detail::put_fields(out, written);
    writer.commit(shape.size);
  } catch (...) {  // no memory for the fields
    detail::count_sink({.lost = 1});
  }
}

}  // namespace waybill
