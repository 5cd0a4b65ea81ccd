// spdlog's pattern_formatter with named parts, over the record's own context.
#pragma once

#include <memory>
#include <utility>

#include <spdlog/formatter.h>
#include <spdlog/pattern_formatter.h>

#include <waybill/bridges/spdlog/parts_flag.h>
#include <waybill/bridges/spdlog/records.h>

namespace waybill::spdlog_bridge::detail {

class ContextFormatter final : public spdlog::formatter {
 public:
  // `inner` may have PartsFlags, which must not be used elsewhere.
  explicit ContextFormatter(std::unique_ptr<spdlog::formatter> inner) : inner_(std::move(inner)) {}

  void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& out) override {
    const NamedRecord record = read_record(msg);
    const Formatting formatting(record.context);
    if (record.name.size() == msg.logger_name.size()) return inner_->format(msg, out);

    spdlog::details::log_msg clean(msg);
    clean.logger_name = record.name;
    inner_->format(clean, out);
    msg.color_range_start = clean.color_range_start;
    msg.color_range_end = clean.color_range_end;
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<ContextFormatter>(inner_->clone());
  }

 private:
  std::unique_ptr<spdlog::formatter> inner_;
};

}  // namespace waybill::spdlog_bridge::detail
