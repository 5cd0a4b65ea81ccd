#include <array>
#include <bit>
#include <cstring>

#include <cli/trace_key_search.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace waybill::cli {

namespace {

constexpr std::string_view kWord = "trace";
// What may stand between the word and the end of the key.
constexpr std::array<std::string_view, 5> kKeyEnds = {"_id", "id", ".id", "-id", ""};

char fold(char c) noexcept {
  return static_cast<char>(c | 0x20);
}

bool is_word_at(const char* text) noexcept {
  for (std::size_t i = 0; i < kWord.size(); ++i) {
    if (fold(text[i]) != kWord[i]) return false;
  }
  return true;
}

// The place of the word at or after `from`. Looks at its first and last letter in sixteen places at
// a time; few of them need a second look.
std::size_t find_word(std::string_view line, std::size_t from) noexcept {
  const std::size_t last = kWord.size() - 1;
#ifdef __SSE2__
  const __m128i first_letter = _mm_set1_epi8(kWord.front());
  const __m128i last_letter = _mm_set1_epi8(kWord.back());
  const __m128i lower = _mm_set1_epi8(0x20);
  const auto load = [&](std::size_t at) {
    return _mm_or_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(line.data() + at)), lower);
  };
  for (; from + last + 16 <= line.size(); from += 16) {
    const __m128i both = _mm_and_si128(_mm_cmpeq_epi8(load(from), first_letter),
                                       _mm_cmpeq_epi8(load(from + last), last_letter));
    for (auto hits = static_cast<unsigned>(_mm_movemask_epi8(both)); hits != 0; hits &= hits - 1) {
      const std::size_t at = from + static_cast<std::size_t>(std::countr_zero(hits));
      if (is_word_at(line.data() + at)) return at;
    }
  }
#endif
  for (; from + kWord.size() <= line.size(); ++from) {
    if (is_word_at(line.data() + from)) return from;
  }
  return std::string_view::npos;
}

std::size_t skip_space(std::string_view line, std::size_t at) noexcept {
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
  return at;
}

// The place after the key's closing quote, when what stands at `at` ends a key; npos otherwise.
std::size_t end_of_key(std::string_view line, std::size_t at) noexcept {
  for (const std::string_view end : kKeyEnds) {
    const std::size_t quote = at + end.size();
    if (quote >= line.size() || line[quote] != '"') continue;
    bool equal = true;
    for (std::size_t i = 0; i < end.size(); ++i)
      equal = equal && fold(line[at + i]) == fold(end[i]);
    if (equal) return quote + 1;
  }
  return std::string_view::npos;
}

}  // namespace

bool TraceKeySearch::next() noexcept {
  while ((at_ = find_word(line_, at_)) != std::string_view::npos) {
    at_ += kWord.size();
    const std::size_t after_key = end_of_key(line_, at_);
    if (after_key != std::string_view::npos && read_value(after_key)) return true;
  }
  at_ = line_.size();
  return false;
}

bool TraceKeySearch::read_value(std::size_t after_key) noexcept {
  const std::size_t colon = skip_space(line_, after_key);
  if (colon >= line_.size() || line_[colon] != ':') return false;
  const std::size_t start = skip_space(line_, colon + 1);
  if (start >= line_.size()) return false;
  opaque_ = line_[start] == '{';
  if (opaque_) return true;
  if (line_[start] != '"') return false;
  const std::string_view rest = line_.substr(start + 1);
  const std::size_t end = rest.find_first_of("\"\\");
  if (end == std::string_view::npos) return false;
  value_ = rest.substr(0, end);
  opaque_ = rest[end] == '\\';
  at_ = start + 1 + end;
  return true;
}

std::string_view trace_in_resource_name(std::string_view value) noexcept {
  constexpr std::string_view kTraces = "/traces/";
  const auto at = value.rfind(kTraces);
  if (at == std::string_view::npos || !value.starts_with("projects/")) return value;
  return value.substr(at + kTraces.size());
}

}  // namespace waybill::cli
