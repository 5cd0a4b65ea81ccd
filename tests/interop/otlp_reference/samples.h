// Random requests, each with a description of what it was made of: by other means than the request
// itself, so that the reference can compare the two. To be called within rc::gen::exec().
#pragma once

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace waybill::test {

struct Sample {
  nlohmann::json description;
  std::string request;  // in protobuf's wire form
};

// Spans as a program begins and ends them; what comes out of the pipeline is encoded.
Sample random_spans();
Sample random_logs();
Sample random_metrics();

}  // namespace waybill::test
