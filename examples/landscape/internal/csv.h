// A table in a text file: a line of column names, then rows of as many values, comma between them.
//
// The example's own tables hold no quoted values, so a comma always separates. Lines may end in
// CR LF. Everything that is not as it should be is a waybill::Error that names file and line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace landscape::internal {

// One row, while it is being read.
class CsvRow {
 public:
  CsvRow(const std::filesystem::path& file, std::size_t line,
         std::span<const std::string_view> values)
      : file_(file), line_(line), values_(values) {}

  std::string_view text(std::size_t column) const { return values_[column]; }

  // A number from `least` to `most`; throws otherwise.
  double number(std::size_t column, double least, double most) const;

  // "FILE:LINE: expected WHAT, found 'VALUE'"
  [[noreturn]] void reject(std::size_t column, std::string_view expected) const;

 private:
  const std::filesystem::path& file_;
  std::size_t line_;
  std::span<const std::string_view> values_;
};

// The number that is all of `text`, without regard to the locale.
std::optional<double> parse_number(std::string_view text);

// Calls `each` with every row of `file`. `header` is what the first line has to be, exactly. Throws
// when the file cannot be read, holds no row, or has a row with another number of values.
void read_csv(const std::filesystem::path& file, std::string_view header,
              const std::function<void(const CsvRow&)>& each);

}  // namespace landscape::internal
