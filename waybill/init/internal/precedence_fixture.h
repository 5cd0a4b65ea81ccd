// For tests: which source of an option wins.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/init/internal/settings_fixture.h>

namespace waybill::internal {

// What the option is when all sources set it; when code does not; when only the environment does;
// when none does.
struct ByPrecedence {
  std::string code;
  std::string file;
  std::string environment;
  std::string nobody;
};

// One option, and how each source sets it: a source that cannot has nothing here.
struct PrecedenceCase {
  const char* name;
  std::function<void(InitOptions&)> set_in_code;
  const char* toml;
  Variables variables;
  std::function<std::string(const Settings&)> read;
  ByPrecedence expected;
};

inline void expect_precedence(const std::vector<PrecedenceCase>& cases) {
  for (const PrecedenceCase& option : cases) {
    const auto value = [&](bool code, bool file, bool environment) {
      SettingsSources sources;
      if (code) option.set_in_code(sources.code);
      if (file) sources.toml = option.toml;
      if (environment) sources.variables = option.variables;
      return option.read(sources.read());
    };
    EXPECT_EQ(value(false, false, false), option.expected.nobody) << option.name;
    EXPECT_EQ(value(false, false, true), option.expected.environment) << option.name;
    EXPECT_EQ(value(false, true, true), option.expected.file) << option.name;
    EXPECT_EQ(value(true, true, true), option.expected.code) << option.name;
    EXPECT_EQ(value(true, false, true), option.expected.code) << option.name;
  }
}

inline std::string text_of(bool value) {
  return value ? "true" : "false";
}
template <class T>
std::string text_of(T value) {
  return std::to_string(value);
}
template <class Rep, class Period>
std::string text_of(std::chrono::duration<Rep, Period> value) {
  return std::to_string(value.count());
}

}  // namespace waybill::internal
