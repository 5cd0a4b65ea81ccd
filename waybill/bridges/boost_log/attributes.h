// Attributes whose values are what the ambient context says at the moment.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <boost/log/attributes/attribute.hpp>
#include <boost/log/attributes/attribute_value.hpp>
#include <boost/log/attributes/attribute_value_impl.hpp>
#include <boost/log/utility/type_dispatch/type_dispatcher.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <waybill/bridges/context_text.h>
#include <waybill/core/context.h>

namespace waybill::boost_log_bridge::detail {

using boost::log::attribute_value;

template <class Attribute, class... Arguments>
boost::log::attribute make(Arguments&&... arguments) {
  return boost::log::attribute(boost::intrusive_ptr<boost::log::attribute::impl>(
      new Attribute(std::forward<Arguments>(arguments)...)));
}

// Boost.Log asks of every attribute a value. This one has no type, and so nobody finds it.
class NoValue final : public attribute_value::impl {
 public:
  static attribute_value get() {
    static const attribute_value& forever = *new attribute_value(new NoValue);
    return forever;
  }

 private:
  bool dispatch(boost::log::type_dispatcher& /*dispatcher*/) override { return false; }
};

inline attribute_value text_value(std::string text) {
  return boost::log::attributes::make_attribute_value(std::move(text));
}

// The value that was made last in this thread, for an attribute of class Kind, and what it was made
// from: values never change, and the records that follow each other in a request share one.
template <class Id, class Kind>
class LastValue {
 public:
  template <class MakeText>
  static attribute_value get(const Id& id, std::string_view name, MakeText make_text) {
    if (t_ended) return text_value(make_text());
    thread_local LastValue last;
    if (last.id_ != id || last.name_ != name || !last.value_) {
      attribute_value value = text_value(make_text());
      last.value_ = {};  // should there be no memory for the name
      last.id_ = id;
      last.name_ = name;
      last.value_.swap(value);
    }
    return last.value_;
  }

 private:
  LastValue() = default;
  ~LastValue() { t_ended = true; }

  static inline constinit thread_local bool t_ended = false;

  Id id_;
  std::string name_;
  attribute_value value_;
};

class TraceIdAttribute final : public boost::log::attribute::impl {
  attribute_value get_value() override {
    const Context& context = Context::current();
    if (!context.has_trace()) return NoValue::get();
    return LastValue<TraceId, TraceIdAttribute>::get(context.trace_id(), context.trace_name(), [&] {
      std::string text;
      bridge::append_trace_id(text, context);
      return text;
    });
  }
};

template <const SpanId& (Context::*kGet)() const noexcept>
class SpanIdAttribute final : public boost::log::attribute::impl {
  attribute_value get_value() override {
    const SpanId& id = (Context::current().*kGet)();
    if (!id.is_valid()) return NoValue::get();
    return LastValue<SpanId, SpanIdAttribute>::get(id, {}, [&] { return id.to_hex(); });
  }
};

class FieldAttribute final : public boost::log::attribute::impl {
 public:
  explicit FieldAttribute(std::string name) : name_(std::move(name)) {}

 private:
  attribute_value get_value() override {
    const Field* found = Context::current().fields().find(name_);
    if (found == nullptr) return NoValue::get();
    std::string text;
    bridge::append_value(text, found->value);
    return text_value(std::move(text));
  }

  std::string name_;
};

class FieldsAttribute final : public boost::log::attribute::impl {
  attribute_value get_value() override {
    const Fields all = Context::current().fields();
    if (all.empty()) return NoValue::get();
    std::string text;
    bridge::append_fields(text, all);
    return text_value(std::move(text));
  }
};

}  // namespace waybill::boost_log_bridge::detail
