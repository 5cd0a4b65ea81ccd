#include "zip_codes.h"

#include <algorithm>
#include <functional>
#include <string>

#include "internal/csv.h"

namespace landscape {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

Location read_location(const internal::CsvRow& row) {
  const std::string_view zip = row.text(0);
  const std::string_view city = row.text(3);
  const std::string_view state = row.text(4);
  if (zip.size() != 5 || !std::ranges::all_of(zip, is_digit)) row.reject(0, "a ZIP code");
  if (city.empty()) row.reject(3, "the name of a city");
  if (state.size() != 2 || !std::ranges::all_of(state, is_capital)) {
    row.reject(4, "a state's two letters");
  }
  return {std::string(zip), std::string(city), std::string(state), row.number(1, -90, 90),
          row.number(2, -180, 180)};
}

}  // namespace

ZipCodes ZipCodes::load(const std::filesystem::path& file) {
  ZipCodes zips;
  internal::read_csv(file, "zip_code,latitude,longitude,city,state",
                     [&zips](const internal::CsvRow& row) {
                       Location location = read_location(row);
                       if (!zips.by_zip_.empty() && location.zip <= zips.by_zip_.back().zip) {
                         row.reject(0, "ZIP codes in rising order, each once");
                       }
                       zips.by_zip_.push_back(std::move(location));
                     });
  return zips;
}

std::optional<Location> ZipCodes::find(std::string_view zip) const {
  const auto found = std::ranges::lower_bound(
      by_zip_, zip, std::less<>{}, [](const Location& at) { return std::string_view(at.zip); });
  if (found == by_zip_.end() || found->zip != zip) return std::nullopt;
  return *found;
}

}  // namespace landscape
