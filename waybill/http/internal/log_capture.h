// LogCapture, for tests: keeps all log records while it lives, in place of the outputs.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/log/log.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill::http::internal {

struct CapturedRecord {
  std::string logger;
  Level level = Level::kInfo;
  std::string message;
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_span_id;
  std::map<std::string, std::string> fields;
};

class LogCapture {
 public:
  LogCapture() : store_(std::make_shared<Store>()) {
    configure_logging({.outputs = {{.records = store_}}});
  }
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;
  ~LogCapture() { configure_logging({}); }

  // Those of one logger, in the order in which they were written.
  std::vector<CapturedRecord> of(std::string_view logger) const {
    flush();
    const std::lock_guard lock(store_->mutex);
    std::vector<CapturedRecord> found;
    std::copy_if(store_->records.begin(), store_->records.end(), std::back_inserter(found),
                 [&](const CapturedRecord& record) { return record.logger == logger; });
    return found;
  }

 private:
  struct Store final : LogRecordSink {
    bool write(const LogRecord& record) override {
      CapturedRecord captured{std::string(record.logger),
                              record.level,
                              std::string(record.message),
                              record.trace_id,
                              record.span_id,
                              record.parent_span_id,
                              {}};
      record.for_each_field([&](const Field& field) {
        captured.fields[std::string(field.key)] = field.value.to_string();
      });
      const std::lock_guard lock(mutex);
      records.push_back(std::move(captured));
      return true;
    }
    std::mutex mutex;
    std::vector<CapturedRecord> records;
  };

  std::shared_ptr<Store> store_;
};

}  // namespace waybill::http::internal
