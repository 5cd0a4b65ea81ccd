// docs/propagation.md says, of each test vector on which sources disagree, what was decided.
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/vectors.h"

namespace waybill {
namespace {

TEST(Choices, AreAllDocumented) {
  std::ifstream file(WAYBILL_DOCS "/propagation.md");
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  int disputed = 0;
  for (const char* format :
       {"tracecontext", "tracestate", "baggage", "b3", "jaeger", "xray", "gcp"}) {
    const auto table = test::load_json(std::string(format) + ".json");
    for (const auto& vector : table.at("vectors")) {
      if (vector.at("agreed").get<bool>()) continue;
      ++disputed;
      const std::string id = test::text_of(vector, "id");
      EXPECT_NE(page.find(id), std::string::npos) << id << " is not in docs/propagation.md";
    }
  }
  EXPECT_GT(disputed, 100);
}

}  // namespace
}  // namespace waybill
