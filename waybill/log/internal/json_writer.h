// JsonWriter: a line of JSON (RFC 8259), member by member. Commas come by themselves; what is
// opened is to be closed.
//
//   JsonWriter line(out);
//   line.open('{');
//   line.text(message_key, record.message);    // a JsonKey, made once
//   line.key("zip").value(field.value);
//   line.close('}').end_line();
#pragma once

#include <cstddef>
#include <source_location>
#include <string>
#include <string_view>

#include <waybill/core/field.h>
#include <waybill/core/json_escape.h>
#include <waybill/log/internal/key_table.h>
#include <waybill/log/internal/line_writer.h>

namespace waybill::internal {

// The key of a member that is in every line, ready to be copied. An empty one: the member is left
// out.
class JsonKey {
 public:
  JsonKey() noexcept = default;
  explicit JsonKey(std::string_view name) {
    if (name.empty()) return;
    std::string text = ",\"";
    append_json_escaped(text, name);
    text_ = Literal(text.append("\":\""));
  }
  // Under the name that the format's own key `key` has.
  JsonKey(const KeyTable& keys, std::string_view key) : JsonKey(keys.own(key)) {}

  explicit operator bool() const noexcept { return !text_.empty(); }

 private:
  friend class JsonWriter;
  friend Literal json_member(const JsonKey& key, std::string_view value);
  Literal text_;  // ,"name":" up to the quote of a text
};

// ,"name":"value", to be copied; empty where the key is.
Literal json_member(const JsonKey& key, std::string_view value);

class JsonWriter : private LineWriter {
 public:
  using LineWriter::LineWriter;

  JsonWriter& open(char bracket) {
    put(bracket);
    at_first_ = true;
    return *this;
  }
  JsonWriter& close(char bracket) {
    put(bracket);
    at_first_ = false;
    return *this;
  }
  // Ends the line and hands it over.
  void end_line() {
    put('\n');
    flush();
  }

  // A key, whose value is to follow. JsonKeys must not be empty here.
  JsonWriter& key(const JsonKey& key) { return begin(key, 1); }
  JsonWriter& key(std::string_view name) {
    element();
    return string(name).punctuation(':');
  }
  // A member that is the same in many lines, as json_member() makes it.
  JsonWriter& member(const Literal& member) {
    if (!member.empty()) put_member(member, 0);
    return *this;
  }
  // As it is. What comes next is as if nothing had been written.
  template <std::size_t kSize>
  JsonWriter& raw(const char (&text)[kSize]) {
    put(text);
    return *this;
  }
  // Goes before each value of an array.
  JsonWriter& element() {
    if (!at_first_) put(',');
    at_first_ = false;
    return *this;
  }

  // Values.
  JsonWriter& string(std::string_view text) {
    put('"');
    put_escaped(text, escape_json);
    return punctuation('"');
  }
  JsonWriter& value(const FieldValue& value);
  // The value's text, as a JSON string.
  JsonWriter& value_as_string(const FieldValue& value);

  // Whole members; nothing for an empty key.
  JsonWriter& text(const JsonKey& key, std::string_view text) {
    if (!key) return *this;
    begin(key, 0).put_escaped(text, escape_json);
    return punctuation('"');
  }
  JsonWriter& number(const JsonKey& member, std::uint64_t number) {
    if (member) key(member).put_number(number);
    return *this;
  }
  JsonWriter& number_as_string(const JsonKey& key, std::uint64_t number) {
    if (!key) return *this;
    begin(key, 0).put_number(number);
    return punctuation('"');
  }
  JsonWriter& boolean(const JsonKey& member, bool value) {
    if (member) key(member).put_bool(value);
    return *this;
  }
  JsonWriter& null(const JsonKey& member) {
    if (member) key(member).put("null");
    return *this;
  }
  JsonWriter& time(const JsonKey& key, std::chrono::system_clock::time_point time) {
    if (!key) return *this;
    begin(key, 0).put_time(time);
    return punctuation('"');
  }
  template <class Id>
  JsonWriter& id(const JsonKey& key, const Id& id, std::string_view before = {}) {
    if (!key) return *this;
    begin(key, 0).put_escaped(before, escape_json).put_id(id);
    return punctuation('"');
  }
  JsonWriter& trace(const JsonKey& key, const LogRecord& record, TraceIdSpelling spelling) {
    if (!key) return *this;
    begin(key, 0).put_trace(record, spelling, escape_json);
    return punctuation('"');
  }

 private:
  // Up to where the value begins; `less` characters less.
  JsonWriter& begin(const JsonKey& key, std::size_t less) { return put_member(key.text_, less); }
  JsonWriter& put_member(const Literal& text, std::size_t less) {
    if (at_first_) {
      put_without_first(text);
    } else {
      put(text);
    }
    set_end(at() - less);
    at_first_ = false;
    return *this;
  }
  JsonWriter& punctuation(char c) {
    put(c);
    return *this;
  }

  bool at_first_ = false;  // behind an opening bracket
};

}  // namespace waybill::internal
