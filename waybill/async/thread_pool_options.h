// ThreadPoolOptions: what a ThreadPool may be told when it is made.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <string>

namespace waybill {

struct ThreadPoolOptions {
  // 0: as many as the machine runs at once.
  std::size_t threads = 0;
  // What top and debuggers call the threads; the first 15 bytes count.
  std::string name = "waybill";
  // How many tasks may wait for a thread; 0: any number. See ThreadPool::submit().
  std::size_t max_pending = 65536;
  // Is given what escapes from post()ed functions, on the pool's thread and under the function's
  // context. What it throws itself is lost.
  std::function<void(std::exception_ptr)> on_exception = {};
};

}  // namespace waybill
