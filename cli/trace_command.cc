#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <cli/log_files.h>
#include <cli/record_reader.h>
#include <cli/story.h>
#include <cli/story_printer.h>
#include <cli/text.h>
#include <cli/trace_collector.h>
#include <cli/trace_command.h>
#include <cli/trace_matcher.h>

namespace waybill::cli {

namespace {

// As UUID where the first record has it so: then that is how people know it.
std::string id_text(std::string_view in_record) {
  const TraceId id = TraceId::from_name(in_record);
  return TraceId::from_uuid(in_record) ? id.to_uuid() : id.to_hex();
}

StoryTitle title_of(const Story& story, const TraceRequest& request) {
  const auto named = std::ranges::find_if(
      story.records, [](const Record& record) { return is_trace_name(record.trace_id); });
  StoryTitle title;
  title.id = id_text(story.records.front().trace_id);
  if (named != story.records.end()) {
    title.name = named->trace_id;
  } else if (is_trace_name(request.id) &&
             TraceId::from_name(request.id) == TraceId::from_name(title.id)) {
    title.name = request.id;  // the files know it by its id alone
  }
  return title;
}

void print_json(const Story& story, std::ostream& out) {
  for (const Record& record : story.records) out << escape_json_line(record.line) << '\n';
}

void explain_ambiguous(const TraceRequest& request, const TraceCollector& collector,
                       std::ostream& err) {
  const std::vector<std::string> candidates = collector.candidates();
  const bool all = candidates.size() < TraceCollector::kMostCandidates;
  err << fmt::format("waybill: {}{} traces begin with '{}':\n", all ? "" : "at least ",
                     candidates.size(), escape(request.id));
  for (const std::string& candidate : candidates) err << "  " << escape(candidate) << '\n';
}

void explain_nothing(const TraceRequest& request, const TraceMatcher& matcher,
                     const ReadCounts& counts, std::ostream& err) {
  const std::string id = escape(request.id);
  err << fmt::format("waybill: no record of trace '{}' in {}, {}\n", id,
                     counted(counts.files, "file", "files"),
                     counted(counts.records, "record", "records"));
  if (counts.files == 0 && counts.unreadable.empty()) {
    err << "in a directory, *.log, *.json, *.jsonl and *.ndjson are read; name other files\n";
  } else if (counts.records == 0 && counts.files > 0) {
    err << "the files have to hold JSON, one object a line\n";
  } else if (matcher.lines_with_trace() == 0 && counts.records > 0) {
    err << "none of these records has a trace_id\n";
  } else if (!matcher.similar().empty()) {
    err << "did you mean:\n";
    for (const std::string& similar : matcher.similar()) err << "  " << escape(similar) << '\n';
  } else if (matcher.lines_with_trace() > 0) {
    err << fmt::format(
        "{} another trace; to look for the text in messages: waybill query '\"{}\"' ...\n",
        counted(matcher.lines_with_trace(), "record has", "records have"), id);
  }
}

}  // namespace

ExitStatus run_trace(const TraceRequest& request, const Terminal& terminal, std::ostream& out,
                     std::ostream& err) {
  ReadCounts counts;
  TraceMatcher matcher(request.id);
  TraceCollector collector(matcher);
  for (const LogFile& file : find_log_files(request.paths, counts.unreadable)) {
    RecordReader reader(file, counts,
                        [&matcher](std::string_view line) { return matcher.may_match(line); });
    for (Record record; reader.next(record);) collector.add(record);
  }

  ExitStatus status = ExitStatus::kFound;
  std::vector<Record> records = collector.take_records();
  if (!records.empty()) {
    const Story story = tell_story(std::move(records));
    if (request.json) {
      print_json(story, out);
    } else {
      print_story(story, title_of(story, request), terminal, out);
    }
    out.flush();
  } else if (collector.is_ambiguous()) {
    explain_ambiguous(request, collector, err);
    status = ExitStatus::kError;
  } else {
    explain_nothing(request, matcher, counts, err);
    status = ExitStatus::kNothing;
  }
  err << describe_skipped(counts);
  return counts.unreadable.empty() ? status : ExitStatus::kError;
}

}  // namespace waybill::cli
