#include <string>

#include <waybill/async/async.h>

namespace {

waybill::task<std::string> name_in(waybill::ThreadPool& pool) {
  co_await pool.schedule();
  co_return std::string(waybill::Context::current().trace_name());
}

}  // namespace

int main() {
  waybill::ThreadPool pool({.threads = 2});
  const waybill::Scope scope{waybill::Context::new_trace({.name = "abc"})};
  return waybill::sync_wait(name_in(pool)) == "abc" ? 0 : 1;
}
