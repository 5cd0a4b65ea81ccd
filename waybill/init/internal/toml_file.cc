#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/toml_file.h>

namespace waybill::internal {
namespace {

std::string place_of(const toml::node& node, const std::string& path) {
  return path + ":" + std::to_string(node.source().begin.line);
}

SettingValue to_setting(const toml::node& node, const std::string& option, const std::string& path);

SettingValue::Data data_of(const toml::table& table, const std::string& option,
                           const std::string& path) {
  SettingValue::Table members;
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    members.emplace_back(name, to_setting(node, option.empty() ? name : option + "." + name, path));
  }
  return members;
}

SettingValue::Data data_of(const toml::array& array, const std::string& option,
                           const std::string& path) {
  SettingValue::List items;
  for (const toml::node& node : array) items.push_back(to_setting(node, option, path));
  return items;
}

SettingValue::Data data_of(const toml::node& node, const std::string& option,
                           const std::string& path) {
  if (const auto* table = node.as_table()) return data_of(*table, option, path);
  if (const auto* array = node.as_array()) return data_of(*array, option, path);
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* boolean = node.as_boolean()) return boolean->get();
  return SettingValue::DateOrTime{};
}

SettingValue to_setting(const toml::node& node, const std::string& option,
                        const std::string& path) {
  return {option, place_of(node, path), data_of(node, option, path)};
}

// Empty, and errno, where it cannot be read.
std::optional<std::string> content_of(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string content(kLargestTomlFile + 1, '\0');
  if (!file) return std::nullopt;
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (file.bad() || errno == EISDIR) return std::nullopt;
  content.resize(static_cast<std::size_t>(file.gcount()));
  return content;
}

}  // namespace

SettingValue parse_toml(std::string_view text, const std::string& path) {
  try {
    return to_setting(toml::parse(text), "", path);
  } catch (const toml::parse_error& error) {
    const toml::source_position& at = error.source().begin;
    throw Error(shown_setting(path) + ":" + std::to_string(at.line) + ":" +
                std::to_string(at.column) +
                ": not valid TOML: " + shown_setting(error.description()));
  }
}

SettingValue read_toml_file(const std::string& path, std::string_view option,
                            std::string_view place) {
  const auto content = content_of(path);
  if (!content) {
    const std::string reason = errno != 0 ? std::strerror(errno) : "it cannot be read";
    throw bad_setting(option, place, path, "a TOML file (" + reason + ")");
  }
  if (content->size() > kLargestTomlFile) {
    throw bad_setting(option, place, path, "a TOML file of at most 1 MiB");
  }
  return parse_toml(*content, path);
}

}  // namespace waybill::internal
