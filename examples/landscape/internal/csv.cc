#include "internal/csv.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <vector>

#include <waybill/core/error.h>

namespace landscape::internal {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, std::size_t line,
                       std::string_view expected, std::string_view found) {
  constexpr std::size_t kLongestExcerpt = 60;
  std::string text = file.string() + ":" + std::to_string(line) + ": expected ";
  text.append(expected).append(", found '").append(found.substr(0, kLongestExcerpt));
  throw waybill::Error(text.append(found.size() > kLongestExcerpt ? "...'" : "'"));
}

void split(std::string_view line, std::vector<std::string_view>& values) {
  values.clear();
  for (std::size_t start = 0;;) {
    const std::size_t comma = line.find(',', start);
    values.push_back(line.substr(start, comma - start));
    if (comma == std::string_view::npos) return;
    start = comma + 1;
  }
}

bool next_line(std::istream& in, std::string& line) {
  if (!std::getline(in, line)) return false;
  if (line.ends_with('\r')) line.pop_back();
  return true;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

double CsvRow::number(std::size_t column, double least, double most) const {
  const std::optional<double> number = parse_number(text(column));
  if (!number || !(*number >= least && *number <= most)) {
    std::ostringstream expected;
    expected << "a number from " << least << " to " << most;
    reject(column, expected.str());
  }
  return *number;
}

void CsvRow::reject(std::size_t column, std::string_view expected) const {
  fail(file_, line_, expected, text(column));
}

void read_csv(const std::filesystem::path& file, std::string_view header,
              const std::function<void(const CsvRow&)>& each) {
  const std::string columns = "the columns " + std::string(header);
  std::ifstream in(file, std::ios::binary);
  std::string line;
  if (!in || !std::filesystem::is_regular_file(file)) {
    throw waybill::Error(file.string() + ": cannot be read; expected a table with " + columns);
  }
  if (!next_line(in, line) || line != header) fail(file, 1, columns, line);

  const auto expected = static_cast<std::size_t>(std::ranges::count(header, ',')) + 1;
  std::vector<std::string_view> values;
  std::size_t number = 2;
  for (; next_line(in, line); ++number) {
    split(line, values);
    if (values.size() != expected) fail(file, number, columns, line);
    each(CsvRow(file, number, values));
  }
  if (in.bad()) throw waybill::Error(file.string() + ": reading failed");
  if (number == 2) fail(file, 2, "a row with " + columns, "the end of the file");
}

}  // namespace landscape::internal
