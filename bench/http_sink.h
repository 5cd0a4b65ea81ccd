// A process that takes HTTP requests and answers 200, whatever they are: so that what a client
// costs can be told from what its server does.
#pragma once

#include <cstdint>

#include <sys/types.h>

namespace bench {

// To be made before the program has threads. Ends with this object.
class HttpSink {
 public:
  HttpSink();
  HttpSink(const HttpSink&) = delete;
  HttpSink& operator=(const HttpSink&) = delete;
  ~HttpSink();

  std::uint16_t port() const noexcept { return port_; }  // of 127.0.0.1

 private:
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace bench
