// What holds for all formats.

#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <waybill/core/error.h>
#include <waybill/core/utf8.h>
#include <waybill/log/format.h>
#include <waybill/log/internal/escape.h>
#include <waybill/log/internal/format_samples.h>
#include <waybill/log/internal/logfmt_reader.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::attributes_of;
using test::json_formats;
using test::json_of;
using test::line_of;
using test::otel_record_of;
using test::traced;
using test::under;

// Whatever might end a line, move a cursor, end a string or be no character at all.
const std::string kAttacks[] = {"a\n{\"severity\":\"FATAL\",\"message\":\"forged\"}",
                                "a\r\nlevel=fatal msg=forged",
                                "\x1b[2J\x1b[31m\x1b]0;title\x07",
                                "\"},{\"forged\":\"yes",
                                "\" forged=\"yes",
                                "\\",
                                "\\\"",
                                std::string("a\0b", 3),
                                "\x01\x02\x1f\x7f",
                                "\xc2\x80\xc2\x85\xc2\x9b",
                                "\xff\xfe\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80",
                                "cut \xe6\x9d",
                                "\xe2\x80\xa8\xe2\x80\xa9",
                                "\xe2\x80\xae reversed",
                                "{time} %n%s {}",
                                "field.",
                                std::string(3000, '"'),
                                std::string(3000, '\n')};

// No byte that a terminal obeys: C0 and C1 controls, DEL, and U+2028 and U+2029, at which some
// readers split lines.
void expect_harmless(const std::string& line) {
  EXPECT_TRUE(is_utf8(line)) << line;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    EXPECT_GE(byte, 0x20) << line;
    EXPECT_NE(byte, 0x7f) << line;
    if (byte == 0xc2) {
      EXPECT_GE(static_cast<unsigned char>(line[i + 1]), 0xa0) << line;
    }
    if (byte == 0xe2) {
      EXPECT_NE(line.substr(i, 3), "\xe2\x80\xa8");
      EXPECT_NE(line.substr(i, 3), "\xe2\x80\xa9");
    }
  }
}

// A record with the attack in every text that can come from outside.
class Attacked {
 public:
  explicit Attacked(const std::string& attack)
      : fields_{{attack, attack},           {"plain", attack},
                {"exception.type", attack}, {"http.request.method", attack},
                {"url.path", attack},       {"job_id", attack}},
        resource_{.service_name = attack, .attributes = {{"service.version", attack}}},
        context_(Context::new_trace({.name = attack}).with(Fields(fields_, 2))),
        record_(under(context_, {.level = Level::kError,
                                 .logger = attack,
                                 .message = attack,
                                 .call_fields = Fields(fields_, 6),
                                 .where = std::source_location::current(),
                                 .resource = resource_})) {}

  const LogRecord& record() const { return record_; }

 private:
  Field fields_[6];
  Resource resource_;
  Context context_;
  LogRecord record_;
};

TEST(EveryJsonFormat, IsReadBackByAParserWhateverTheAttack) {
  for (const std::string& attack : kAttacks) {
    const Attacked attacked(attack);
    const std::string read = to_utf8(attack);
    for (const auto& [name, format] : json_formats()) {
      const std::string line = line_of(format, attacked.record());
      expect_harmless(line);
      const json parsed = test::parse_unique(line);
      if (name == "otel") {
        const json record = otel_record_of(parsed);
        EXPECT_EQ(record.at("body").at("stringValue"), read);
        EXPECT_EQ(attributes_of(record.at("attributes")).at("plain").at("stringValue"), read);
      } else {
        EXPECT_EQ(parsed.at("message"), read) << name;
        const json& fields = name == "ecs" ? parsed.at("labels") : parsed;
        EXPECT_EQ(fields.at("plain"), read) << name;
        EXPECT_FALSE(parsed.contains("forged")) << name;
      }
    }
  }
}

TEST(EveryTextFormat, IsOneHarmlessLineWhateverTheAttack) {
  constexpr std::string_view kEverything =
      "{time}{clock}{level}{logger}{service}{message}{trace_id}{span_id}{parent_span_id}{thread}"
      "{file}{line}{function}{job_id} {fields}";
  for (const std::string& attack : kAttacks) {
    const Attacked attacked(attack);
    for (const auto& format :
         {text_format(), text_format({.pattern = kEverything}), console_format(Colour::kNever)}) {
      const std::string line = line_of(format, attacked.record());
      expect_harmless(line);
      EXPECT_EQ(line.find("\xe2\x80\xae"), std::string::npos);
    }
  }
}

TEST(LogfmtFormat, IsReadBackByAParserWhateverTheAttack) {
  for (const std::string& attack : kAttacks) {
    const Attacked attacked(attack);
    const std::string line = line_of(logfmt_format({.source_location = true}), attacked.record());
    expect_harmless(line);
    const auto pairs = test::read_logfmt(line);
    const std::map<std::string, std::string> by_key(pairs.begin(), pairs.end());
    EXPECT_EQ(by_key.size(), pairs.size()) << "a key stands there twice: " << line;
    EXPECT_EQ(by_key.at("msg"), to_utf8(attack));
    EXPECT_EQ(by_key.at("plain"), to_utf8(attack));
    EXPECT_EQ(by_key.at("level"), "error");
  }
}

// The place of a format's fields.
json fields_in(const std::string& name, const json& line) {
  if (name == "otel") return attributes_of(otel_record_of(line).at("attributes"));
  return name == "ecs" ? line.value("labels", json::object()) : line;
}

TEST(EveryJsonFormat, RenamesFieldsAndLeavesThemOut) {
  const Field fields[] = {{"zip", "a"}, {"secret", "b"}, {"postcode", "c"}, {"other", "d"}};
  const LogRecord record{.call_fields = Fields(fields, 4)};
  for (const auto& [name, format] : json_formats({{"zip", "postcode"}, {"secret", ""}})) {
    const json written = fields_in(name, json_of(format, record));
    const auto text = [&written, &name = name](const char* key) {
      return name == "otel" ? written.at(key).at("stringValue") : written.at(key);
    };
    EXPECT_EQ(text("postcode"), "a") << name;
    EXPECT_EQ(text("field.postcode"), "c") << name << ": what has the name already gives way";
    EXPECT_EQ(text("other"), "d") << name;
    EXPECT_FALSE(written.contains("secret")) << name;
    EXPECT_FALSE(written.contains("zip")) << name;
  }
}

TEST(EveryJsonFormat, RenamesItsOwnKeys) {
  const LogRecord record = under(traced(), {.message = "m"});
  for (const auto& [name, format] : json_formats({{"message", "msg"}})) {
    if (name == "otel") continue;  // OTLP's names are not ours to change
    const json line = json_of(format, record);
    EXPECT_EQ(line.at("msg"), "m") << name;
    EXPECT_FALSE(line.contains("message")) << name;
  }
}

TEST(EveryJsonFormat, RefusesNamesThatClash) {
  const KeyNames clashes[] = {{{"a", "b"}, {"c", "b"}}, {{"a", "b"}, {"a", "c"}},
                              {{"a", "field.b"}},       {{"a", "b\n"}},
                              {{"a", "\xff"}},          {{"a", std::string(201, 'x')}}};
  for (const KeyNames& names : clashes) {
    EXPECT_THROW(json_format({.rename = names}), Error) << names[0].second;
    EXPECT_THROW(google_cloud_format({.rename = names}), Error) << names[0].second;
    EXPECT_THROW(ecs_format({.rename = names}), Error) << names[0].second;
    EXPECT_THROW(datadog_format({.rename = names}), Error) << names[0].second;
    EXPECT_THROW(logfmt_format({.rename = names}), Error) << names[0].second;
    EXPECT_THROW(otel_json_format({.rename = names}), Error) << names[0].second;
  }
  EXPECT_THROW(json_format({.rename = {{"zip", "message"}}}), Error);
  EXPECT_THROW(json_format({.rename = {{"span_id", "trace_id"}}}), Error);
  EXPECT_NO_THROW(json_format({.rename = {{"span_id", "trace_id"}, {"trace_id", "span_id"}}}));
}

// Keys from few letters, some of them malformed: clashes of all kinds.
rc::Gen<std::string> clashing_key() {
  return rc::gen::map(
      rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
          "field.", "message", "a", "\xff", "\xfe", "\xef\xbf\xbd", " ", "=", "_", ".1", "\n")),
      [](const std::vector<std::string>& parts) {
        std::string key;
        for (const std::string& part : parts) key += part;
        return key;
      });
}

RC_GTEST_PROP(EveryFormat, WritesNoKeyTwiceAndLosesNoField, ()) {
  const auto keys = *rc::gen::unique<std::vector<std::string>>(clashing_key());
  std::vector<Field> fields;
  for (const std::string& key : keys) fields.push_back({key, 1});
  const LogRecord record{.message = "m", .call_fields = Fields(fields.data(), fields.size())};
  for (const auto& [name, format] : json_formats({{"a", "b"}, {"b", "a"}})) {
    const json written = fields_in(name, json_of(format, record));
    std::size_t found = 0;
    for (const auto& value : written) {
      found += value == 1 || value == "1" || value == json({{"intValue", "1"}});
    }
    const bool without_empty = name == "otel" && record.find("") != nullptr;
    RC_ASSERT(found == fields.size() - without_empty);
  }
  const auto pairs = test::read_logfmt(line_of(logfmt_format(), record));
  const std::map<std::string, std::string> by_key(pairs.begin(), pairs.end());
  RC_ASSERT(by_key.size() == pairs.size());
  RC_ASSERT(pairs.size() == fields.size() + 3);
}

RC_GTEST_PROP(EveryJsonFormat, IsReadBackByAParserWhateverTheBytes,
              (const std::string& message, const std::string& key, const std::string& value)) {
  const Field field{key, value};
  const LogRecord record = under(traced(), {.message = message, .call_fields = Fields(&field, 1)});
  for (const auto& [name, format] : json_formats()) {
    const json line = json_of(format, record);
    const json read =
        name == "otel" ? otel_record_of(line).at("body").at("stringValue") : line.at("message");
    RC_ASSERT(read == to_utf8(message));
  }
}

}  // namespace
}  // namespace waybill
