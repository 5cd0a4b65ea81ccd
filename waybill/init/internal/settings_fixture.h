// For tests: settings of made-up sources, and files for them.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/init/internal/settings.h>

namespace waybill::internal {

using Variables = std::map<std::string, std::string>;

inline Environment environment_of(Variables variables) {
  return [variables = std::move(variables)](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

// What `f` throws; empty where it does not.
template <class F>
std::string error_of(F&& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

// A folder of one test, removed with all that is in it.
class SettingsFolder {
 public:
  SettingsFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "waybill-init-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  SettingsFolder(const SettingsFolder&) = delete;
  SettingsFolder& operator=(const SettingsFolder&) = delete;
  ~SettingsFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(*this / name, std::ios::binary) << content;
    return *this / name;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(*this / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path path_;
};

// Settings from a file with this text, and from these variables.
struct SettingsSources {
  InitOptions code = {};
  std::string toml = {};
  Variables variables = {};

  Settings read() const {
    InitOptions options = code;
    if (!toml.empty() && !options.file) options.file = folder.write("waybill.toml", toml);
    return read_settings(options, environment_of(variables));
  }
  // With the folder of the file left out: "waybill.toml:3".
  std::string error() const {
    std::string text = error_of([this] { read(); });
    const std::string path = folder / "";
    for (std::size_t at; (at = text.find(path)) != text.npos;) text.erase(at, path.size());
    return text;
  }

  SettingsFolder folder = {};
};

inline Settings from_toml(const std::string& toml) {
  return SettingsSources{.toml = toml}.read();
}
inline std::string toml_error(const std::string& toml) {
  return SettingsSources{.toml = toml}.error();
}
inline Settings from_variables(Variables variables) {
  return SettingsSources{.variables = std::move(variables)}.read();
}

}  // namespace waybill::internal
