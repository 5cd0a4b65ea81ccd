#include <exception>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include <waybill/log/internal/registry.h>
#include <waybill/log/logger.h>
#include <waybill/log/record.h>

namespace waybill {

// A logger's own fields: a Context without a trace is just that, a set of fields that owns its
// texts.
class internal::BoundFields {
 public:
  explicit BoundFields(Context holder) noexcept : holder_(std::move(holder)) {}
  Fields fields() const noexcept { return holder_.fields(); }
  BoundFields with(std::initializer_list<Field> more) const {
    return BoundFields(holder_.with(more));
  }

 private:
  Context holder_;
};

namespace {

void format_message(std::string& out, fmt::string_view format, fmt::format_args args) {
  try {
    fmt::vformat_to(std::back_inserter(out), format, args);
  } catch (const std::exception& error) {
    out.append("[cannot format \"").append(format.data(), format.size());
    out.append("\": ").append(error.what()).append("]");
  }
}

void write_to_outputs(const LogRecord& record, const LogOptions& options) {
  std::string line;
  for (const LogOutput& output : options.outputs) {
    if (record.level < output.level) continue;
    line.clear();
    output.format->format(record, line);
    if (!output.sink->write(line)) internal::count_dropped_record();
  }
}

}  // namespace

Logger::Logger(const internal::NamedLogger& named) noexcept
    : named_(&named), level_(&named.level) {}

Logger logger(std::string_view name) {
  return Logger(internal::find_or_add_logger(name));
}

std::string_view Logger::name() const noexcept {
  return named_->name;
}

Logger Logger::with(std::initializer_list<Field> fields) const {
  Logger more = *this;
  const internal::BoundFields before = bound_ ? *bound_ : internal::BoundFields(Context{});
  more.bound_ = std::make_shared<const internal::BoundFields>(before.with(fields));
  return more;
}

void Logger::write(Level level, Fields fields, fmt::string_view format, fmt::format_args args,
                   const std::source_location& where) const noexcept {
  try {
    const LogOptions& options = internal::log_options();
    std::string message;
    format_message(message, format, args);
    const LogRecord record{.time = std::chrono::system_clock::now(),
                           .level = level,
                           .logger = named_->name,
                           .service = options.service,
                           .message = message,
                           .context = Context::current(),
                           .logger_fields = bound_ ? bound_->fields() : Fields{},
                           .call_fields = fields,
                           .where = where};
    write_to_outputs(record, options);
  } catch (...) {
    internal::count_dropped_record();
  }
}

}  // namespace waybill
