// A filter that lets everything pass, and gives each event the context of its call.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <log4cxx/appender.h>
#include <log4cxx/helpers/transcoder.h>
#include <log4cxx/mdc.h>
#include <log4cxx/spi/filter.h>
#include <log4cxx/spi/loggingevent.h>

#include <waybill/bridges/context_text.h>
#include <waybill/core/context.h>

namespace waybill::log4cxx_bridge::detail {

// Changes the thread's MDC, and restores it at the end.
class MdcEntries {
 public:
  MdcEntries() = default;
  MdcEntries(const MdcEntries&) = delete;
  MdcEntries& operator=(const MdcEntries&) = delete;
  ~MdcEntries() {
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) restore(*entry);
  }

  // Both are UTF-8.
  void put(std::string key, std::string value) {
    Entry before;
    before.key = to_log_string(std::move(key));
    before.had_value = ::log4cxx::MDC::get(before.key, before.value);
    entries_.push_back(std::move(before));
    ::log4cxx::MDC::putLS(entries_.back().key, to_log_string(std::move(value)));
  }

 private:
  struct Entry {
    ::log4cxx::LogString key;
    ::log4cxx::LogString value;
    bool had_value = false;
  };

  static ::log4cxx::LogString to_log_string(std::string text) {
    if constexpr (std::is_same_v<::log4cxx::LogString, std::string>) {
      return text;
    } else {
      ::log4cxx::LogString decoded;
      ::log4cxx::helpers::Transcoder::decodeUTF8(text, decoded);
      return decoded;
    }
  }

  static void restore(const Entry& entry) noexcept {
    try {
      ::log4cxx::LogString removed;
      ::log4cxx::MDC::remove(entry.key, removed);
      if (entry.had_value) ::log4cxx::MDC::putLS(entry.key, entry.value);
    } catch (...) {  // no memory: without an entry rather than with one of another time
    }
  }

  std::vector<Entry> entries_;
};

inline void put_context(MdcEntries& mdc, const Context& context) {
  const auto put = [&mdc](std::string_view key, auto append_value) {
    std::string shown_key;
    std::string value;
    bridge::append_text(shown_key, key);
    append_value(value);
    mdc.put(std::move(shown_key), std::move(value));
  };
  // Ids last: a field that has the name of one does not hide it.
  for (const Field& field : context.fields()) {
    put(field.key, [&](std::string& out) { bridge::append_value(out, field.value); });
  }
  if (!context.has_trace()) return;
  put("trace_id", [&](std::string& out) { bridge::append_trace_id(out, context); });
  put("span_id", [&](std::string& out) { bridge::append_span_id(out, context.span_id()); });
  const SpanId parent = context.parent_span_id();
  if (!parent.is_valid()) return;
  put("parent_span_id", [&](std::string& out) { bridge::append_span_id(out, parent); });
}

// An event copies the MDC of its thread once and for all when it is asked to, which otherwise only
// AsyncAppender does. The MDC is where this filter lets it find the context.
class ContextFilter final : public ::log4cxx::spi::Filter {
 public:
  FilterDecision decide(const ::log4cxx::spi::LoggingEventPtr& event) const override {
    const Context& context = Context::current();
    if (!context.empty()) {
      MdcEntries mdc;
      put_context(mdc, context);
      event->getMDCCopy();
    }
    return NEUTRAL;
  }
};

inline void put_filter_first(::log4cxx::Appender& appender) {
  std::vector<::log4cxx::spi::FilterPtr> filters;
  for (auto filter = appender.getFilter(); filter != nullptr; filter = filter->getNext()) {
    if (dynamic_cast<const ContextFilter*>(filter.get()) != nullptr) return;
    filters.push_back(filter);
  }
  appender.clearFilters();
  appender.addFilter(std::make_shared<ContextFilter>());
  for (const auto& filter : filters) {
    filter->setNext(nullptr);
    appender.addFilter(filter);
  }
}

}  // namespace waybill::log4cxx_bridge::detail
