// Prints what one handler costs, for async_bench: built with handler tracking, which is for all of
// a program or for none of it.
#include <cstdio>
#include <future>
#include <thread>

#include "bench/asio_chain.h"

int main() {
  std::promise<void> done;
  std::thread second([future = done.get_future()] { future.wait(); });
  std::printf("%.3f\n", bench::asio_chain_ns());
  done.set_value();
  second.join();
}
