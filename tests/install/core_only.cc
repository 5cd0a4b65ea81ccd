#include <waybill/core/core.h>

int main() {
  const waybill::Scope scope{waybill::Context::new_trace({.name = "abc"}).with({{"job_id", 42}})};
  return waybill::Context::current().trace_name() == "abc" ? 0 : 1;
}
