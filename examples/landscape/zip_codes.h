// ZipCodes: the table that says where a United States ZIP code is.
//
//   ZipCodes zips = ZipCodes::load("data/zipcodes.csv");
//   if (std::optional<Location> place = zips.find("98101")) ...     // Seattle, WA
//
// Loading reads some 42,000 rows once; afterwards the table never changes, and any number of
// threads may look things up in it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "location.h"

namespace landscape {

class ZipCodes {
 public:
  // Throws waybill::Error when the file cannot be read or is no such table; the text names the
  // file, the line and what was expected there.
  static ZipCodes load(const std::filesystem::path& file);

  // Nothing for a code that is not in the table, text that is no ZIP code included.
  std::optional<Location> find(std::string_view zip) const;

  std::size_t size() const noexcept { return by_zip_.size(); }

 private:
  std::vector<Location> by_zip_;
};

}  // namespace landscape
