#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <cli/record_text.h>
#include <cli/service_colours.h>
#include <cli/story_layout.h>
#include <cli/story_path.h>
#include <cli/story_printer.h>
#include <cli/styled_line.h>
#include <cli/text.h>

namespace waybill::cli {

namespace {

constexpr std::size_t kMostMessageLines = 8;
constexpr std::size_t kLeastTextWidth = 24;
constexpr std::string_view kFieldGap = "   ";

std::vector<std::string_view> services_of(const Story& story) {
  std::vector<std::string_view> services;
  services.reserve(story.records.size());
  for (const Record& record : story.records) services.push_back(record.service);
  return services;
}

class Printer {
 public:
  Printer(const Story& story, const Terminal& terminal, std::ostream& out)
      : story_(story),
        terminal_(terminal),
        glyphs_(story_glyphs(terminal.ascii)),
        layout_(story, terminal),
        colours_(services_of(story)),
        line_(Paint(terminal.colour)),
        out_(out),
        path_(story) {}

  void print(const StoryTitle& title) {
    print_head(title);
    while (const StoryItem* item = path_.next()) {
      if (item->kind == StoryItem::Kind::kRecord) {
        print_record(story_.records[item->index], path_.innermost().hop);
      } else {
        print_hop(story_.hops[item->index]);
      }
    }
  }

 private:
  void print_head(const StoryTitle& title);
  void print_hop(const Hop& hop);
  void print_record(const Record& record, const Hop* hop);
  void print_message(const Record& record, const Hop* hop);
  void print_fields(const std::vector<std::string>& fields, std::size_t first_column);

  void add_gutter(Nanoseconds time);
  void add_trunks(std::size_t depth);
  void start_continuation();
  void end_line() { out_ << line_.take(); }
  std::size_t room() const noexcept;

  std::vector<std::string> fields_to_show(const Record& record, const Hop* hop) const;
  std::string note_on_parent(const Hop& hop) const;

  const Story& story_;
  const Terminal& terminal_;
  const StoryGlyphs& glyphs_;
  StoryLayout layout_;
  ServiceColours colours_;
  StyledLine line_;
  std::ostream& out_;
  StoryPath path_;
};

void Printer::print_head(const StoryTitle& title) {
  line_.add(style::kBold, "trace ");
  line_.add(style::kBold, escape(title.name.empty() ? title.id : title.name));
  if (!title.name.empty()) line_.add(style::kDim, "  " + title.id);
  end_line();

  line_.add({}, story_.has_times ? format_time(story_.start) + " UTC" : "without times");
  line_.add({}, glyphs_.dot);
  line_.add({}, format_duration(story_.end - story_.start, terminal_.ascii));
  line_.add({}, glyphs_.dot);
  line_.add({}, fmt::format("{}, {}, {}, ", counted(story_.services, "service", "services"),
                            counted(story_.hops.size(), "hop", "hops"),
                            counted(story_.records.size(), "record", "records")));
  if (story_.warnings > 0) {
    line_.add(style::kYellow, counted(story_.warnings, "warning", "warnings"));
    line_.add({}, ", ");
  }
  line_.add(story_.errors > 0 ? style::kBoldRed : std::string_view(),
            counted(story_.errors, "error", "errors"));
  end_line();

  std::vector<std::string> fields;
  fields.reserve(story_.common.size());
  for (const RecordField& field : story_.common) fields.push_back(field_text(field));
  print_fields(fields, 0);
  if (line_.width() > 0) end_line();
  out_ << '\n';
}

void Printer::add_gutter(Nanoseconds time) {
  const std::string offset = layout_.offset(time);
  line_.pad_to(layout_.offset_width() - std::min(layout_.offset_width(), display_width(offset)));
  line_.add(style::kDim, offset);
  line_.pad_to(layout_.level_column());
}

// The trunks of the outermost `depth` hops that are open.
void Printer::add_trunks(std::size_t depth) {
  std::size_t i = 1;
  if (depth > layout_.deepest_shown()) {
    line_.add(style::kDim, glyphs_.ellipsis);
    i = depth - layout_.deepest_shown() + 1;
  }
  for (; i <= depth; ++i) {
    line_.add(colours_.of(path_.level(i).hop->service),
              path_.level(i).has_more() ? glyphs_.trunk : glyphs_.gap);
  }
}

void Printer::print_hop(const Hop& hop) {
  add_gutter(hop.start);
  line_.pad_to(layout_.tree_column());
  const std::size_t depth = path_.depth();
  if (depth > 0) {
    add_trunks(depth - 1);
    line_.add(colours_.of(path_.innermost().hop->service),
              path_.innermost().has_more() ? glyphs_.branch : glyphs_.last_branch);
  }
  const std::size_t label_end = layout_.bar_column() - layout_.duration_width() - 4;
  const auto add_label = [&](std::string_view sgr, const std::string& text) {
    const std::size_t rest = label_end > line_.width() ? label_end - line_.width() : 0;
    line_.add_cut(sgr, text, terminal_.fits_width ? rest : text.size(), glyphs_.ellipsis);
  };
  const std::string colour = fmt::format("{};{}", style::kBold, colours_.of(hop.service));
  add_label(colour, escape(hop.service));
  add_label(style::kDim, "  " + escape(hop.span_id) + note_on_parent(hop));
  const std::string duration =
      hop.end > hop.start ? format_duration(hop.end - hop.start, terminal_.ascii) : "";
  line_.add({}, duration.empty() ? "" : "  ");  // apart even from a label that is too long
  line_.pad_to(layout_.bar_column() - 2 - display_width(duration));
  line_.add({}, duration);
  if (line_.width() >= layout_.bar_column()) line_.add({}, "  ");
  line_.pad_to(layout_.bar_column());
  line_.add(hop.errors > 0 ? style::kRed : colours_.of(hop.service), layout_.bar(hop));
  end_line();

  std::vector<std::string> fields;
  for (const RecordField& field : hop.common) {
    if (!path_.is_known(field)) fields.push_back(field_text(field));
  }
  path_.open(hop);
  if (!fields.empty()) {
    start_continuation();
    print_fields(fields, line_.width());
    end_line();
  }
}

std::string Printer::note_on_parent(const Hop& hop) const {
  const std::string parent = escape(hop.parent_span_id);
  switch (hop.parent) {
    case Hop::Parent::kMissing:
      return fmt::format("  (parent {}{} not in these files)", fit(parent, 8),
                         parent.size() > 8 ? glyphs_.ellipsis : "");
    case Hop::Parent::kCycle:
      return "  (its parent is below it)";
    case Hop::Parent::kNone:
    case Hop::Parent::kKnown:
      break;
  }
  return {};
}

// The next line of the same record or hop: nothing in the columns on the left.
void Printer::start_continuation() {
  line_.pad_to(layout_.tree_column());
  add_trunks(path_.depth());
}

std::size_t Printer::room() const noexcept {
  const std::size_t rest = terminal_.width - std::min(terminal_.width, line_.width());
  return terminal_.fits_width ? std::max(rest, kLeastTextWidth) : std::string_view::npos;
}

void Printer::print_record(const Record& record, const Hop* hop) {
  add_gutter(record.order_time);
  add_severity(line_, record.severity);
  line_.pad_to(layout_.tree_column());
  const std::size_t depth = path_.depth();
  if (depth > 0) {
    add_trunks(depth - 1);
    // Beside the last record, too: it is still the hop's.
    line_.add(colours_.of(path_.innermost().hop->service), glyphs_.trunk);
  }
  const std::size_t text_column = line_.width();
  print_message(record, hop);
  print_fields(fields_to_show(record, hop), text_column);
  end_line();
}

void Printer::print_message(const Record& record, const Hop* hop) {
  const bool foreign = hop == nullptr || record.span_id.empty() || record.service != hop->service;
  if (foreign) {
    line_.add(colours_.of(record.service), escape(record.service));
    line_.add({}, "  ");
  }
  const std::string message = escape(record.message);
  const std::string_view sgr = record.severity >= Severity::kError ? style::kBold : "";
  if (!terminal_.fits_width) {
    line_.add(sgr, message);
    return;
  }
  std::vector<std::string_view> lines = wrap(message, room());
  const bool cut = lines.size() > kMostMessageLines;
  if (cut) lines.resize(kMostMessageLines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) {
      end_line();
      start_continuation();
    }
    line_.add(sgr, lines[i]);
  }
  if (cut) line_.add(style::kDim, glyphs_.ellipsis);
}

// On what is left of the line, or on the next one where that has more room; what does not fit there
// is left out with an ellipsis.
void Printer::print_fields(const std::vector<std::string>& fields, std::size_t first_column) {
  if (fields.empty()) return;
  std::string text = fmt::format("{}", fmt::join(fields, " "));
  if (line_.width() > first_column) {
    const std::size_t rest = terminal_.width - std::min(terminal_.width, line_.width());
    const std::size_t needed = kFieldGap.size() + display_width(text);
    if (terminal_.fits_width && needed > rest && rest < terminal_.width / 3) {
      end_line();
      start_continuation();
    } else {
      line_.add({}, kFieldGap);
    }
  }
  line_.add_cut(style::kDim, text, room(), glyphs_.ellipsis);
}

std::vector<std::string> Printer::fields_to_show(const Record& record, const Hop* hop) const {
  std::vector<std::string> fields;
  const std::string_view usual = hop != nullptr ? hop->logger : record.service;
  if (!record.logger.empty() && record.logger != usual && record.logger != record.service) {
    fields.push_back(
        field_text({.key = "logger", .text = record.logger, .kind = RecordField::Kind::kString}));
  }
  for (const RecordField& field : record.fields) {
    if (!path_.is_known(field)) fields.push_back(field_text(field));
  }
  return fields;
}

}  // namespace

void print_story(const Story& story, const StoryTitle& title, const Terminal& terminal,
                 std::ostream& out) {
  Printer(story, terminal, out).print(title);
}

}  // namespace waybill::cli
