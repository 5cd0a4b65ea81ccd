// One server for all suites that do not kill theirs.
#pragma once

#include "tests/interop/kafka/kafka_server.h"

namespace waybill::test {

// Started by the first that asks for it.
inline KafkaServer& shared_kafka() {
  static KafkaServer server;
  return server;
}

}  // namespace waybill::test
