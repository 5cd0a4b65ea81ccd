// Processes that share a queue file and are killed in the midst of it: nothing is lost, nothing is
// acknowledged twice.
//
// Each round, a producer sends batches and two consumers receive batches and ack message by
// message. At a random moment the producer and one consumer are killed (SIGKILL); the other
// consumer is asked to end and does so between two messages. Every process writes what it is about
// to do, and what came of it, to a log of its own with one write() each, which a kill cannot take
// back.
//
// Why the count is exact: when no process runs any more, the file tells what the logs leave open.
// A killed consumer leaves at most one ack without a result. If that message is still in the file,
// the ack had not happened; if it is not, and nobody else reports to have acked it, the ack had
// happened, since only an ack removes a message here. So after each round every message is known to
// be in the queue or acked, and an ack that is reported for a message which is there, or which was
// accounted for in an earlier round, is an error.

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/queue/internal/sqlite.h>
#include <waybill/queue/internal/test_directory.h>
#include <waybill/queue/queue.h>

namespace waybill::queue {
namespace {

using namespace std::chrono_literals;

constexpr int kRounds = 12;
constexpr int kBatch = 5;
constexpr Options kOptions{.visibility_timeout = 150ms};

class Log {
 public:
  enum Event : char { kTry = 'T', kDone = 'D', kRefused = 'R' };

  explicit Log(const std::string& path)
      : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600)) {}
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log() { close(file_); }

  void write(Event event, int message) {
    const std::string line = static_cast<char>(event) + std::to_string(message) + "\n";
    if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(9);
  }

  // What is known of each message: how often an event is there.
  using Events = std::map<int, std::map<char, int>>;
  static Events read(const std::string& path) {
    Events events;
    std::ifstream file(path);
    char event;
    int message;
    while (file >> event >> message) ++events[message][event];
    return events;
  }

 private:
  int file_;
};

volatile sig_atomic_t asked_to_end = 0;

// Runs until it is killed.
void produce(const std::string& url, const std::string& log_path, int first) {
  Log log(log_path);
  const auto queue = open(url, kOptions);
  for (int message = first;; message += kBatch) {
    std::vector<Message> batch;
    for (int i = message; i < message + kBatch; ++i) batch.push_back({.body = std::to_string(i)});
    log.write(Log::kTry, message);
    queue->send(std::move(batch));
    log.write(Log::kDone, message);
  }
}

// Runs until it is killed or asked to end.
void consume(const std::string& url, const std::string& log_path) {
  signal(SIGTERM, [](int) { asked_to_end = 1; });
  Log log(log_path);
  const auto queue = open(url, kOptions);
  while (asked_to_end == 0) {
    for (Delivery& delivery : queue->receive(10, 10ms)) {
      if (asked_to_end != 0) break;
      const int message = std::stoi(delivery.body());
      log.write(Log::kTry, message);
      log.write(delivery.ack() ? Log::kDone : Log::kRefused, message);
    }
  }
}

pid_t start(const std::function<void()>& role) {
  const pid_t child = fork();
  if (child != 0) return child;
  try {
    role();
    _exit(0);
  } catch (...) {
    _exit(1);
  }
}

void end(pid_t child, int signal_number) {
  int status = 0;
  ASSERT_EQ(kill(child, signal_number), 0);
  ASSERT_EQ(waitpid(child, &status, 0), child);
  if (signal_number == SIGKILL) {
    EXPECT_TRUE(WIFSIGNALED(status)) << "ended by itself, with status " << status;
  } else {
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
  }
}

class SqliteCrash : public ::testing::Test {
 protected:
  std::string log(const std::string& role, int round) {
    return directory_.file(role + std::to_string(round));
  }

  void run_round(int round) {
    const pid_t producer =
        start([&] { produce(url_, log("producer", round), 1'000'000 * (round + 1)); });
    const pid_t survivor = start([&] { consume(url_, log("survivor", round)); });
    const pid_t victim = start([&] { consume(url_, log("victim", round)); });
    // Some acks, and then at any point of the next one.
    const std::size_t events = 4 + random_() % 24;
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (Log::read(log("victim", round)).size() < events / 2 &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::microseconds(100 + random_() % 3000));
    }
    end(victim, SIGKILL);
    end(producer, SIGKILL);
    end(survivor, SIGTERM);
  }

  // What the file holds. Its connection is closed again: it must not be there at the next fork().
  std::set<int> in_queue() {
    internal::Database database(path_, 5s);
    internal::Statement bodies(database, "SELECT body FROM payloads JOIN messages USING(id)");
    std::set<int> messages;
    internal::Rows rows = bodies.query();
    while (rows.next()) {
      const int message = std::stoi(std::string(rows.bytes(0)));
      EXPECT_TRUE(messages.insert(message).second) << message << " is there twice";
    }
    return messages;
  }

  void account_for_sends(int round, const std::set<int>& present) {
    for (const auto& [first, events] : Log::read(log("producer", round))) {
      std::set<int> stored;
      for (int i = first; i < first + kBatch; ++i) {
        if (present.contains(i) || acked_.contains(i)) stored.insert(i);
      }
      if (events.contains(Log::kDone)) {
        EXPECT_EQ(stored.size(), kBatch) << "lost from the batch of " << first;
      } else {
        EXPECT_TRUE(stored.empty() || stored.size() == kBatch) << "half a batch: " << first;
      }
      sent_.insert(stored.begin(), stored.end());
    }
  }

  void account_for_acks(const std::string& role, int round, const std::set<int>& present) {
    for (const auto& [message, events] : Log::read(log(role, round))) {
      if (!events.contains(Log::kDone)) continue;
      EXPECT_EQ(events.at(Log::kDone), 1) << message;
      EXPECT_FALSE(present.contains(message)) << message << " is acked and still there";
      EXPECT_TRUE(acked_.insert(message).second) << message << " is acked twice";
    }
  }

  void account_for_the_open_ack(int round, const std::set<int>& present) {
    int open_acks = 0;
    for (const auto& [message, events] : Log::read(log("victim", round))) {
      int tried = events.at(Log::kTry);
      for (const auto result : {Log::kDone, Log::kRefused}) {
        if (events.contains(result)) tried -= events.at(result);
      }
      open_acks += tried;
      if (tried > 0 && !present.contains(message)) acked_.insert(message);
    }
    EXPECT_LE(open_acks, 1);
  }

  internal::TestDirectory directory_;
  std::string path_ = directory_.file("queue.db");
  std::string url_ = "sqlite:" + path_ + "?queue=work";
  std::mt19937 random_{20251021};
  std::set<int> sent_;
  std::set<int> acked_;
};

TEST_F(SqliteCrash, KilledProcessesLoseNothingAndAckNothingTwice) {
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    run_round(round);
    const std::set<int> present = in_queue();
    account_for_acks("survivor", round, present);
    account_for_acks("victim", round, present);
    account_for_the_open_ack(round, present);
    account_for_sends(round, present);
  }
  EXPECT_FALSE(acked_.empty());

  // What is left comes to whoever asks, what the killed had in hand included.
  const auto queue = open(url_);
  int redelivered = 0;
  while (queue->counts().ready + queue->counts().in_flight > 0) {
    std::vector<Delivery> deliveries = queue->receive(100, 60s);
    ASSERT_FALSE(deliveries.empty());
    for (const Delivery& delivery : deliveries) {
      ASSERT_TRUE(acked_.insert(std::stoi(delivery.body())).second) << delivery.body();
      if (delivery.attempt() > 1) ++redelivered;
    }
    EXPECT_EQ(queue->ack(deliveries), deliveries.size());
  }
  EXPECT_EQ(acked_, sent_);
  EXPECT_GT(redelivered, 0);
  EXPECT_EQ(queue->counts().dead, 0u);
}

}  // namespace
}  // namespace waybill::queue
