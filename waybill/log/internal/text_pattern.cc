#include <charconv>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/log/internal/text_pattern.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kWidest = 1000;

constexpr std::pair<std::string_view, TextPart> kNames[] = {
    {"time", TextPart::kTime},
    {"clock", TextPart::kClock},
    {"level", TextPart::kLevel},
    {"logger", TextPart::kLogger},
    {"service", TextPart::kService},
    {"message", TextPart::kMessage},
    {"trace_id", TextPart::kTraceId},
    {"span_id", TextPart::kSpanId},
    {"parent_span_id", TextPart::kParentSpanId},
    {"thread", TextPart::kThread},
    {"file", TextPart::kFile},
    {"line", TextPart::kLine},
    {"function", TextPart::kFunction},
    {"fields", TextPart::kFields},
};

void name_part(TextPiece& piece, std::string_view name) {
  for (const auto& [known, part] : kNames) {
    if (known == name) {
      piece.part = part;
      return;
    }
  }
  piece.part = TextPart::kField;
  piece.field = name;
}

class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) noexcept : pattern_(pattern) {}

  std::vector<TextPiece> read() {
    for (std::size_t at = 0; at < pattern_.size(); ++at) {
      const char c = pattern_[at];
      const bool doubled = at + 1 < pattern_.size() && pattern_[at + 1] == c;
      if ((c == '{' || c == '}') && doubled) {
        literal_.push_back(c);
        ++at;
      } else if (c == '{') {
        const std::size_t close = pattern_.find('}', at);
        if (close == std::string_view::npos || close == at + 1) {
          throw Error::bad_option("pattern", pattern_, "a name and '}' after each '{'");
        }
        end_piece(read_part(pattern_.substr(at + 1, close - at - 1)));
        at = close;
      } else {
        literal_.push_back(c);
      }
    }
    end_piece({});
    return std::move(pieces_);
  }

 private:
  TextPiece read_part(std::string_view text) const {
    TextPiece piece;
    const std::size_t colon = text.find(':');
    name_part(piece, text.substr(0, colon));
    if (colon == std::string_view::npos) return piece;
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data() + colon + 1, end, piece.width);
    if (result.ec != std::errc{} || result.ptr != end || piece.width > kWidest) {
      throw Error::bad_option("pattern", pattern_, "a width of 0 to 1000 after each ':'");
    }
    return piece;
  }

  void end_piece(TextPiece piece) {
    for (; literal_.size() > Literal::kMostSize; literal_.erase(0, Literal::kMostSize)) {
      pieces_.push_back({.literal = Literal(literal_.substr(0, Literal::kMostSize))});
    }
    piece.literal = Literal(std::exchange(literal_, {}));
    pieces_.push_back(std::move(piece));
  }

  std::string_view pattern_;
  std::string literal_;
  std::vector<TextPiece> pieces_;
};

}  // namespace

std::vector<TextPiece> parse_text_pattern(std::string_view pattern) {
  return PatternReader(pattern).read();
}

}  // namespace waybill::internal
