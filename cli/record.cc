#include <cli/record.h>

namespace waybill::cli {

void Record::clear() noexcept {
  time.reset();
  order_time = kNoTime;
  severity = Severity::kNone;
  for (std::string_view* text :
       {&message, &logger, &service, &trace_id, &span_id, &parent_span_id, &line}) {
    *text = {};
  }
  fields.clear();
  texts.clear();
}

}  // namespace waybill::cli
