#include <algorithm>
#include <utility>

#include <unistd.h>

#include <waybill/propagation/environment_carrier.h>
#include <waybill/propagation/propagation.h>

namespace waybill {
namespace {

std::string variable_name(std::string_view key) {
  std::string name;
  if (!key.empty() && key[0] >= '0' && key[0] <= '9') name += '_';
  for (const char c : key) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool as_it_is = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += lower ? static_cast<char>(c - 'a' + 'A') : as_it_is ? c : '_';
  }
  return name;
}

// Whether "NAME=value" is a variable of this name.
bool is_named(std::string_view variable, std::string_view name) noexcept {
  return variable.size() > name.size() && variable[name.size()] == '=' &&
         variable.starts_with(name);
}

std::vector<std::string> environment_of_process() {
  std::vector<std::string> variables;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  return variables;
}

}  // namespace

EnvironmentCarrier::EnvironmentCarrier() : EnvironmentCarrier(environment_of_process()) {}

std::optional<std::string_view> EnvironmentCarrier::get(std::string_view key) const {
  const std::string name = variable_name(key);
  for (const std::string& variable : variables_) {
    if (is_named(variable, name)) return std::string_view(variable).substr(name.size() + 1);
  }
  return std::nullopt;
}

void EnvironmentCarrier::set(std::string_view key, std::string_view value) {
  remove(key);
  if (value.find('\0') != std::string_view::npos) return;
  variables_.push_back(variable_name(key) + '=' + std::string(value));
}

void EnvironmentCarrier::remove(std::string_view key) {
  const std::string name = variable_name(key);
  std::erase_if(variables_, [&](const std::string& variable) { return is_named(variable, name); });
}

char* const* EnvironmentCarrier::envp() {
  pointers_.clear();
  for (std::string& variable : variables_) pointers_.push_back(variable.data());
  pointers_.push_back(nullptr);
  return pointers_.data();
}

Context context_from_environment(const ExtractOptions& options) {
  return extract(EnvironmentCarrier(), options);
}

}  // namespace waybill
