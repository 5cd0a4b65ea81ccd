// Boost.Log: records carry the ids and fields of the context that is current at the call.
//
//   #include <waybill/bridges/boost_log.h>
//   waybill::boost_log_bridge::add_attributes();
//
//   BOOST_LOG_TRIVIAL(info) << "Fetching weather for ZIP " << zip;     // as before
//
// Formatters and filters find them as attributes, all of type std::string:
//
//   TraceId                the trace's name where it has one, else its id, 32 hex digits
//   SpanId, ParentSpanId   16 hex digits
//   Fields                 all fields, as key=value with a blank between
//
//   expr::stream << '[' << expr::attr<std::string>("TraceId") << "] " << expr::smessage
//   boost::log::parse_formatter("[%TraceId%] %Message% %Fields%")
//
// A record without a trace, or without the field, has no such value, as if the attribute were not
// there: has_attr<std::string>("TraceId") is false, or_default(std::string("-")) applies. Values
// are taken when the record is opened, in the thread that logs: they are right behind asynchronous
// sinks. Control characters and the like are escaped in them.
//
// For programs that use Boost.Log 1.81 (CMake: find_package(Boost COMPONENTS log), Boost::log).
// Uses core alone. All functions are thread-safe.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <boost/log/attributes/attribute.hpp>
#include <boost/log/core/core.hpp>

#include <waybill/bridges/boost_log/attributes.h>
#include <waybill/core/context.h>

namespace waybill::boost_log_bridge {

// The attributes by themselves, for one logger (add_attribute()), or to be had under other names.
inline boost::log::attribute trace_id() {
  return detail::make<detail::TraceIdAttribute>();
}
inline boost::log::attribute span_id() {
  return detail::make<detail::SpanIdAttribute<&Context::span_id>>();
}
inline boost::log::attribute parent_span_id() {
  return detail::make<detail::SpanIdAttribute<&Context::parent_span_id>>();
}

// The context's field of this name, whatever its type, as text.
inline boost::log::attribute field(std::string_view name) {
  return detail::make<detail::FieldAttribute>(std::string(name));
}

// All fields: "job_id=42 name=\"a b\"".
inline boost::log::attribute fields() {
  return detail::make<detail::FieldsAttribute>();
}

// Adds the four attributes above to all records of the process, and those fields under their own
// names that are given here: add_attributes({"job_id", "account_id"}). An attribute that is there
// already stays as it is.
inline void add_attributes(std::initializer_list<std::string_view> field_names = {}) {
  const auto core = boost::log::core::get();
  core->add_global_attribute("TraceId", trace_id());
  core->add_global_attribute("SpanId", span_id());
  core->add_global_attribute("ParentSpanId", parent_span_id());
  core->add_global_attribute("Fields", fields());
  for (const std::string_view name : field_names) {
    core->add_global_attribute(std::string(name), field(name));
  }
}

}  // namespace waybill::boost_log_bridge
