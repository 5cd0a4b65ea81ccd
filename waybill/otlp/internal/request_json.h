// Requests as tests look at them.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/otlp/otlp_json.h>

namespace waybill::test {

inline nlohmann::json json_of(OtlpSignal signal, std::string_view request) {
  std::string text = "before";
  EXPECT_TRUE(append_otlp_json(text, signal, request));
  EXPECT_EQ(text.substr(0, 6), "before") << "JSON is appended";
  return nlohmann::json::parse(text.substr(6));
}

// {"key": {"stringValue": …}, …}
inline nlohmann::json attributes_of(const nlohmann::json& message,
                                    const char* name = "attributes") {
  nlohmann::json attributes = nlohmann::json::object();
  for (const nlohmann::json& attribute : message.value(name, nlohmann::json::array())) {
    const auto key = attribute.at("key").get<std::string>();
    EXPECT_FALSE(attributes.contains(key)) << "twice: " << key;
    attributes[key] = attribute.at("value");
  }
  return attributes;
}

}  // namespace waybill::test
