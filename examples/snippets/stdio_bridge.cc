// A program that prints: each line becomes a record under the context of the thread that printed
// it.
#include <cstdio>
#include <iostream>
#include <thread>

#include <waybill/bridges/stdio.h>
#include <waybill/core/core.h>

namespace {

void fetch_weather(const char* job, int zip) {
  const waybill::Scope scope{waybill::Context::new_trace({.name = job})};
  std::clog << "Fetching weather for ZIP " << zip << '\n';
  std::printf("%d stations\n", zip % 10);
}

}  // namespace

int main() {
  const waybill::StdioCapture capture;

  std::thread other([] { fetch_weather("job-1", 98101); });
  fetch_weather("job-2", 98102);
  other.join();
}

// Prints
//   [job-1] WARN - Fetching weather for ZIP 98101
//   [job-1] INFO - 1 stations
//   [job-2] WARN - Fetching weather for ZIP 98102
//   [job-2] INFO - 2 stations
