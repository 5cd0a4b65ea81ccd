// What holds the queues that are put to the test.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "tests/faults/scenario.h"

namespace waybill::faults {

struct Kind {
  std::string name;
  std::function<std::unique_ptr<Broker>()> start;
  // Attempts whose number an earlier one had, of 20,000, that such a queue may have.
  int most_repeated = 0;

  friend void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }
};

// As far as they are built.
std::vector<Kind> kinds();

}  // namespace waybill::faults
