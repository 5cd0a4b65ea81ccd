#include "tests/faults/brokers.h"

#ifdef WAYBILL_QUEUE_NATS
#include <waybill/queue_nats/internal/test_nats.h>
#endif
#ifdef WAYBILL_QUEUE_REDIS
#include <waybill/queue_redis/internal/test_redis.h>
#endif
#ifdef WAYBILL_FAULTS_KAFKA
#include "tests/interop/kafka/kafka_server.h"
#endif

namespace waybill::faults {
namespace {

// Nothing to kill but the workers.
class SqliteFile final : public Broker {
 public:
  std::string url() const override {
    return "sqlite:" + directory_.file("work.db") + "?queue=faults";
  }

 private:
  queue::internal::TestDirectory directory_;
};

#ifdef WAYBILL_QUEUE_REDIS
// appendonly yes, appendfsync always.
class Redis final : public Broker {
 public:
  std::string url() const override { return server_.url("faults"); }
  void kill(std::mt19937&) override { server_.kill(); }
  void restart() override { server_.restart(); }

 private:
  queue::internal::TestRedis server_;
};
#endif

#ifdef WAYBILL_QUEUE_NATS
// Three servers, each of which has everything.
class Nats final : public Broker {
 public:
  std::string url() const override { return cluster_.url("faults"); }
  void kill(std::mt19937& random) override {
    killed_ = random() % queue::internal::TestNatsCluster::kServers;
    cluster_.server(killed_).kill();
  }
  void restart() override { cluster_.server(killed_).restart(); }

 private:
  queue::internal::TestNatsCluster cluster_;
  std::size_t killed_ = 0;
};
#endif

#ifdef WAYBILL_FAULTS_KAFKA
// So many partitions that both workers have some.
class Kafka final : public Broker {
 public:
  std::string url() const override { return server_.url("faults", "&partitions=4"); }
  void kill(std::mt19937&) override { server_.kill(); }
  void restart() override { server_.restart(); }

 private:
  test::KafkaServer server_;
};
#endif

template <class Kept>
Kind kind(std::string name, int most_repeated = 0) {
  return {std::move(name), [] { return std::make_unique<Kept>(); }, most_repeated};
}

}  // namespace

std::vector<Kind> kinds() {
  std::vector<Kind> all{kind<SqliteFile>("sqlite")};
#ifdef WAYBILL_QUEUE_REDIS
  all.push_back(kind<Redis>("redis"));
#endif
#ifdef WAYBILL_QUEUE_NATS
  // A leader that is killed takes with it what it had not told the others of its last deliveries.
  all.push_back(kind<Nats>("nats", 200));
#endif
#ifdef WAYBILL_FAULTS_KAFKA
  all.push_back(kind<Kafka>("kafka"));
#endif
  return all;
}

}  // namespace waybill::faults
