// The command line that the four programs share; each takes only what it uses.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <waybill/queue/queue.h>

#include "scene.h"

namespace landscape {

struct Options {
  std::string queues = "landscape-queues.db";  // one SQLite file holds all three queues
  std::string log;                             // JSON lines; empty: text to standard error
  std::string data = LANDSCAPE_DATA_DIR;
  std::string pictures = "pictures";
  std::vector<std::string> formats = {"rgb_light", "rgb_dark", "bw", "eink"};
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: a free one
  std::string port_file;      // where to write the port, once the server listens
  std::uint32_t max_attempts = 3;
  std::uint32_t retry_delay_ms = 300;
};

inline constexpr const char* kFetchJobs = "fetch-jobs";
inline constexpr const char* kWeatherReady = "weather-ready";
inline constexpr const char* kLandscapeJobs = "landscape-jobs";

// Parses the command line of the program `service` and sets up its logging. Ends the process, with
// a message, for --help (status 0) and for a mistake (status 2).
Options start(const std::string& service, int argc, char** argv);

std::unique_ptr<waybill::queue::Queue> open_queue(const Options& options, const std::string& name);

// The formats to draw. Throws waybill::Error for a name that draw() does not know.
std::vector<Format> formats_of(const Options& options);

// Runs the body of a main(): an Error or any other exception becomes a log record and status 1.
int guarded(int (*body)(int argc, char** argv), int argc, char** argv);

}  // namespace landscape
