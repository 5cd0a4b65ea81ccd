// Lines of JSON from spdlog's records, for programs that are to be read by machines, the command
// waybill among them.
//
//   waybill::spdlog_bridge::install(waybill::spdlog_bridge::json_formatter({.service = "shop"}));
//
//   {"time":"2026-11-20T23:58:01.000042Z","severity":"INFO","message":"Fetched 98101",
//    "logger":"weather","service":"shop","trace_id":"4bf9…","span_id":"00f0…","job_id":"J-7"}
//
// The members are those of Waybill's own JSON format. What a record does not have is left out. A
// field whose key is one of theirs has "field." in front of it.
#pragma once

#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/formatter.h>

#include <waybill/bridges/spdlog/records.h>
#include <waybill/bridges/spdlog/wanted_fields.h>
#include <waybill/core/ids.h>
#include <waybill/core/json_escape.h>

namespace waybill::spdlog_bridge {

struct JsonOptions {
  std::string service = {};  // of the member "service"; empty: none
  TraceIdSpelling trace_id = TraceIdSpelling::kHex;
};

namespace detail {

class JsonFormatter final : public spdlog::formatter {
 public:
  explicit JsonFormatter(JsonOptions options) : options_(std::move(options)) { want_all_fields(); }

  void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& out) override {
    const NamedRecord record = read_record(msg);
    line_.clear();
    add_time(msg.time);
    add_text("severity", severity(msg.level));
    add_text("message", {msg.payload.data(), msg.payload.size()});
    if (record.name.size() != 0) add_text("logger", {record.name.data(), record.name.size()});
    if (!options_.service.empty()) add_text("service", options_.service);
    add_ids(record.context);
    record.context.for_each_field([this](const Field& field) { add_field(field); });
    line_ += "}\n";
    out.append(line_.data(), line_.data() + line_.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>(options_);
  }

 private:
  static std::string_view severity(spdlog::level::level_enum level) noexcept {
    constexpr std::array<std::string_view, 7> kNames{"TRACE", "DEBUG", "INFO", "WARN",
                                                     "ERROR", "FATAL", "INFO"};
    return kNames[static_cast<std::size_t>(level) % kNames.size()];
  }

  static bool is_own_key(std::string_view key) noexcept {
    constexpr std::array<std::string_view, 8> kOwn{"time",    "severity",      "message",
                                                   "logger",  "service",       "trace_id",
                                                   "span_id", "parent_span_id"};
    for (const std::string_view own : kOwn) {
      if (key == own) return true;
    }
    return false;
  }

  void add_time(spdlog::log_clock::time_point time) {
    using std::chrono::microseconds;
    const auto since = std::chrono::floor<microseconds>(time.time_since_epoch());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    const std::time_t whole = seconds.count();
    std::tm utc{};
    gmtime_r(&whole, &utc);
    std::array<char, 32> text;
    line_ += R"({"time":")";
    line_.append(text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &utc));
    const std::string micros = std::to_string((since - seconds).count());
    line_.append(6 - micros.size(), '0');
    line_ += micros;
    line_ += "Z\"";
  }

  void add_ids(const RecordContext& context) {
    if (!context.has_trace()) return;
    if (!context.trace_name().empty()) {
      add_text("trace_id", context.trace_name());
    } else if (options_.trace_id == TraceIdSpelling::kUuid) {
      add_text("trace_id", context.trace_id().to_uuid());
    } else {
      add_text("trace_id", context.trace_id().to_hex());
    }
    if (context.span_id().is_valid()) add_text("span_id", context.span_id().to_hex());
    if (context.parent_span_id().is_valid()) {
      add_text("parent_span_id", context.parent_span_id().to_hex());
    }
  }

  void add_field(const Field& field) {
    const std::string value = field.value.to_string();
    // Only finite numbers are JSON's: those end in a digit.
    const bool is_text = field.value.type() == FieldValue::Type::kString ||
                         (field.value.type() == FieldValue::Type::kDouble &&
                          (value.back() < '0' || value.back() > '9'));
    add_key(is_own_key(field.key) ? "field." + std::string(field.key) : std::string(field.key));
    if (is_text) {
      append_json_string(line_, value);
    } else {
      line_ += value;
    }
  }

  void add_text(std::string_view key, std::string_view text) {
    add_key(key);
    append_json_string(line_, text);
  }

  void add_key(std::string_view key) {
    line_ += ',';
    append_json_string(line_, key);
    line_ += ':';
  }

  JsonOptions options_;
  std::string line_;  // used by one thread at a time, as a sink's formatter is
};

}  // namespace detail

// For install(), or for the set_formatter() of a logger or sink.
inline std::unique_ptr<spdlog::formatter> json_formatter(JsonOptions options = {}) {
  return std::make_unique<detail::JsonFormatter>(std::move(options));
}

}  // namespace waybill::spdlog_bridge
