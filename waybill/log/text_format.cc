#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/core/hex.h>
#include <waybill/core/utf8.h>
#include <waybill/log/format.h>
#include <waybill/log/internal/timestamp.h>

namespace waybill {
namespace {

// Control characters and bytes that are not UTF-8 appear as \n, \t, \x1b: a message is one line and
// moves no cursor.
void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto byte = static_cast<std::uint8_t>(text[0]);
    const auto [length, valid] = utf8_step(text.data(), text.data() + text.size());
    const bool c1_control =
        length == 2 && byte == 0xc2 && static_cast<std::uint8_t>(text[1]) < 0xa0;
    if (valid && byte >= 0x20 && byte != 0x7f && !c1_control) {
      out.append(text.substr(0, length));
      text.remove_prefix(length);
      continue;
    }
    if (byte == '\n' || byte == '\r' || byte == '\t') {
      out.append(byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : "\\t");
    } else {
      char code[4] = {'\\', 'x'};
      hex::encode_byte(byte, code + 2);
      out.append(code, sizeof code);
    }
    text.remove_prefix(1);
  }
}

void append_span_id(std::string& out, SpanId id) {
  if (!id.is_valid()) return;
  char digits[SpanId::kHexSize];
  id.write_hex(digits);
  out.append(digits, sizeof digits);
}

// A value with blanks or quotes in it is put in quotes, so that key=value pairs can be told apart.
void append_pair(std::string& out, const Field& field) {
  append_escaped(out, field.key);
  out.push_back('=');
  const std::string value = field.value.to_string();
  const bool quoted = value.empty() || value.find_first_of(" \"=\\") != std::string::npos;
  if (!quoted) return append_escaped(out, value);
  out.push_back('"');
  for (std::string_view rest = value;;) {
    const std::size_t special = rest.find_first_of("\"\\");
    append_escaped(out, rest.substr(0, special));
    if (special == std::string_view::npos) break;
    out.push_back('\\');
    out.push_back(rest[special]);
    rest.remove_prefix(special + 1);
  }
  out.push_back('"');
}

using Append = void (*)(std::string& out, const LogRecord& record, TraceIdSpelling spelling);

constexpr std::pair<std::string_view, Append> kNamedParts[] = {
    {"time", [](auto& out, auto& r, auto) { internal::append_timestamp(out, r.time); }},
    {"level", [](auto& out, auto& r, auto) { out.append(level_name(r.level)); }},
    {"logger", [](auto& out, auto& r, auto) { append_escaped(out, r.logger); }},
    {"service", [](auto& out, auto& r, auto) { append_escaped(out, r.service); }},
    {"message", [](auto& out, auto& r, auto) { append_escaped(out, r.message); }},
    {"trace_id",
     [](auto& out, auto& r, auto spelling) {
       std::string id;
       append_trace_id(id, r.context, spelling);
       append_escaped(out, id);
     }},
    {"span_id", [](auto& out, auto& r, auto) { append_span_id(out, r.context.span_id()); }},
    {"parent_span_id",
     [](auto& out, auto& r, auto) { append_span_id(out, r.context.parent_span_id()); }},
    {"thread", [](auto& out, auto&, auto) { out.append(std::to_string(gettid())); }},
    {"file", [](auto& out, auto& r, auto) { out.append(r.where.file_name()); }},
    {"line", [](auto& out, auto& r, auto) { out.append(std::to_string(r.where.line())); }},
    {"function", [](auto& out, auto& r, auto) { out.append(r.where.function_name()); }},
};

class TextFormat final : public LogFormat {
 public:
  explicit TextFormat(const TextFormatOptions& options) : spelling_(options.trace_id) {
    parse(options.pattern);
  }

  void format(const LogRecord& record, std::string& out) const override {
    for (const Part& part : parts_) {
      out.append(part.literal);
      const std::size_t start = out.size();
      append_part(part, record, out);
      if (part.absent_is_dash && out.size() == start) out.push_back('-');
      if (out.size() - start < part.width) out.append(part.width - (out.size() - start), ' ');
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out.push_back('\n');
  }

 private:
  // Text to copy, then something of the record.
  struct Part {
    std::string literal;
    std::string name;
    Append append = nullptr;
    std::size_t width = 0;
    bool absent_is_dash = false;
  };

  void append_part(const Part& part, const LogRecord& record, std::string& out) const {
    if (part.append != nullptr) {
      part.append(out, record, spelling_);
    } else if (part.name == "fields") {
      append_other_fields(record, out);
    } else if (const Field* field = record.find(part.name)) {
      append_escaped(out, field->value.to_string());
    }
  }

  void append_other_fields(const LogRecord& record, std::string& out) const {
    bool first = true;
    record.for_each_field([&](const Field& field) {
      const bool named = std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) {
        return part.append == nullptr && part.name == field.key;
      });
      if (named) return;
      if (!std::exchange(first, false)) out.push_back(' ');
      append_pair(out, field);
    });
  }

  void parse(std::string_view pattern) {
    Part part;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
      const char c = pattern[at];
      const bool doubled = at + 1 < pattern.size() && pattern[at + 1] == c;
      if ((c == '{' || c == '}') && doubled) {
        part.literal.push_back(c);
        ++at;
      } else if (c == '{') {
        const std::size_t close = pattern.find('}', at);
        if (close == std::string_view::npos || close == at + 1) {
          throw Error::bad_option("pattern", pattern, "a name and '}' after each '{'");
        }
        set_name(part, pattern.substr(at + 1, close - at - 1), pattern);
        parts_.push_back(std::exchange(part, {}));
        at = close;
      } else {
        part.literal.push_back(c);
      }
    }
    parts_.push_back(std::move(part));
  }

  static void set_name(Part& part, std::string_view spec, std::string_view pattern) {
    const std::size_t colon = spec.find(':');
    part.name = spec.substr(0, colon);
    if (colon != std::string_view::npos) {
      const char* end = spec.data() + spec.size();
      const auto result = std::from_chars(spec.data() + colon + 1, end, part.width);
      if (result.ec != std::errc{} || result.ptr != end || part.width > 1000) {
        throw Error::bad_option("pattern", pattern, "a width of 0 to 1000 after each ':'");
      }
    }
    for (const auto& [name, append] : kNamedParts) {
      if (name == part.name) part.append = append;
    }
    part.absent_is_dash = part.name != "fields" && part.name != "message";
  }

  std::vector<Part> parts_;
  TraceIdSpelling spelling_;
};

}  // namespace

std::shared_ptr<const LogFormat> text_format(const TextFormatOptions& options) {
  return std::make_shared<TextFormat>(options);
}

}  // namespace waybill
