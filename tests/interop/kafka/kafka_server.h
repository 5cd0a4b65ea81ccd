// KafkaServer: a Kafka broker of a test's own, its own controller (KRaft), on free ports of
// loopback, with a folder of its own; gone when its object is, and when the test is.
//
// KAFKA_JARS, JAVA and SETPRIV are defined by this folder's CMakeLists.txt.
#pragma once

#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <librdkafka/rdkafka.h>
#include <signal.h>

#include <waybill/queue/internal/test_directory.h>

#include "tests/support/port.h"
#include "tests/support/process.h"

namespace waybill::test {

class KafkaServer {
 public:
  KafkaServer() {
    constexpr int kAttempts = 5;  // to find free ports
    for (int i = 0; i < kAttempts; ++i) {
      port_ = some_port();
      login_port_ = some_port();
      controller_port_ = some_port();
      configure();
      if (start()) return;
    }
    throw std::runtime_error("Kafka does not run: " + log());
  }

  std::uint16_t port() const noexcept { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string url(const std::string& queue, const std::string& more = "") const {
    return "kafka://" + address() + "?queue=" + queue + more;
  }
  // Where one has to log in, as "me" with the password "secret".
  std::string login_url(const std::string& user_and_password, const std::string& queue) const {
    return "kafka://" + user_and_password + "@127.0.0.1:" + std::to_string(login_port_) +
           "?queue=" + queue;
  }

  // As a crash does it; what it has written stays.
  void kill() {
    process_->send_signal(SIGKILL);
    process_->wait();
  }
  void send_signal(int signal) { process_->send_signal(signal); }
  void restart() {
    if (!start()) throw std::runtime_error("Kafka does not run again: " + log());
  }

 private:
  std::string log() const {
    return (std::ostringstream() << std::ifstream(directory_.file("log")).rdbuf()).str();
  }

  void configure() {
    const std::string controller = "127.0.0.1:" + std::to_string(controller_port_);
    data_ = "data-" + std::to_string(port_);
    std::ofstream(directory_.file("server.properties"))
        << "process.roles=broker,controller\n"
           "node.id=1\n"
        << "listeners=PLAINTEXT://" << address() << ",SASL_PLAINTEXT://127.0.0.1:" << login_port_
        << ",CONTROLLER://" << controller << '\n'
        << "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,"
           "SASL_PLAINTEXT:SASL_PLAINTEXT\n"
           "inter.broker.listener.name=PLAINTEXT\n"
           "sasl.enabled.mechanisms=PLAIN\n"
           "listener.name.sasl_plaintext.plain.sasl.jaas.config="
           "org.apache.kafka.common.security.plain.PlainLoginModule required "
           "user_me=\"secret\";\n"
        << "controller.listener.names=CONTROLLER\n"
        << "controller.quorum.voters=1@" << controller << '\n'
        << "log.dirs=" << directory_.file(data_)
        << "\n"
           "auto.create.topics.enable=false\n"
           "offsets.topic.replication.factor=1\n"
           "offsets.topic.num.partitions=4\n"
           "transaction.state.log.replication.factor=1\n"
           "transaction.state.log.min.isr=1\n"
           "transaction.state.log.num.partitions=4\n"
           "transaction.abort.timed.out.transaction.cleanup.interval.ms=500\n"
           "group.initial.rebalance.delay.ms=0\n"
           "log.cleaner.dedupe.buffer.size=20000000\n";
  }

  std::vector<std::string> java(std::vector<std::string> arguments) const {
    std::vector<std::string> command{SETPRIV,
                                     "--pdeathsig",
                                     "KILL",
                                     JAVA,
                                     "-Xmx512m",
                                     "-XX:+UseSerialGC",
                                     "-XX:TieredStopAtLevel=1",
                                     "-cp",
                                     KAFKA_JARS "/*"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
  }

  bool start() {
    const std::string configuration = directory_.file("server.properties");
    Process format(java({"kafka.tools.StorageTool", "format", "--ignore-formatted", "-t",
                         "MkU3OEVBNTcwNTJENDM2Qk", "-c", configuration}),
                   directory_.file("log"));
    if (format.wait() != 0) return false;
    process_.emplace(java({"kafka.Kafka", configuration}), directory_.file("log"));
    constexpr int kSeconds = 120;
    eventually([&] { return answers() || !process_->running(); }, kSeconds);
    return process_->running();
  }

  // It answers once it has recovered what it had.
  bool answers() const {
    char reason[256];
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", address().c_str(), reason, sizeof reason);
    rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
    rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    if (client == nullptr) return false;
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto code = rd_kafka_metadata(client, 0, nullptr, &metadata, 1000);
    if (metadata != nullptr) rd_kafka_metadata_destroy(metadata);
    rd_kafka_destroy(client);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR;
  }

  queue::internal::TestDirectory directory_;
  std::string data_;
  std::uint16_t port_ = 0;
  std::uint16_t login_port_ = 0;
  std::uint16_t controller_port_ = 0;
  std::optional<Process> process_;
};

}  // namespace waybill::test
