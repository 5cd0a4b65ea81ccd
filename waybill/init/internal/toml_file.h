// TOML (v1.0.0) as a tree of settings.
#pragma once

#include <string>
#include <string_view>

#include <waybill/init/internal/setting_value.h>

namespace waybill::internal {

inline constexpr std::size_t kLargestTomlFile = 1024 * 1024;

// The places in the tree are "path:line". Throws Error, which says path, line and column, for what
// is no TOML.
SettingValue parse_toml(std::string_view text, const std::string& path);

// The same of a file. `option` and `place` say who has named it, for the Error that it cannot be
// read or is larger than kLargestTomlFile.
SettingValue read_toml_file(const std::string& path, std::string_view option,
                            std::string_view place);

}  // namespace waybill::internal
