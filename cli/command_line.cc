#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cli/command_line.h>
#include <cli/filter_parser.h>
#include <cli/help.h>
#include <cli/query_command.h>
#include <cli/queue_command.h>
#include <cli/text.h>
#include <cli/trace_command.h>
#include <waybill/core/error.h>

namespace waybill::cli {

namespace {

Nanoseconds now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// A filter that cannot be read; the text is complete.
struct FilterSyntaxError {
  std::string text;
};

// How to write; both subcommands have it.
class OutputArguments {
 public:
  void add_to(CLI::App& command) {
    command.add_option("--color", colour_);
    command.add_flag("--ascii", ascii_);
    command.add_flag("--wide", wide_);
  }

  Terminal terminal() const {
    Terminal terminal = detect_terminal(STDOUT_FILENO, colour_mode());
    terminal.ascii = ascii_;
    terminal.fits_width = terminal.fits_width && !wide_;
    return terminal;
  }

 private:
  ColourMode colour_mode() const {
    if (colour_ == "auto") return ColourMode::kAuto;
    if (colour_ == "always") return ColourMode::kAlways;
    if (colour_ == "never") return ColourMode::kNever;
    throw Error::bad_option("--color", colour_, "auto, always or never");
  }

  std::string colour_ = "auto";
  bool ascii_ = false;
  bool wide_ = false;
};

class TraceArguments {
 public:
  void add_to(CLI::App& command) {
    command.add_option("ID", request_.id)->required();
    command.add_option("PATH", request_.paths)->required();
    command.add_flag("--json", request_.json);
    output_.add_to(command);
  }

  ExitStatus run(std::ostream& out, std::ostream& err) const {
    return run_trace(request_, output_.terminal(), out, err);
  }

 private:
  TraceRequest request_;
  OutputArguments output_;
};

class QueryArguments {
 public:
  void add_to(CLI::App& command) {
    command.add_option("PATH", positionals_);
    command.add_option("-e,--filter", filter_);
    command.add_option("--trace", request_.trace);
    command.add_option("--level", level_);
    command.add_option("--since", since_);
    command.add_option("--until", until_);
    command.add_option("--limit", limit_);
    command.add_option("--format", format_);
    command.add_flag("--sort", request_.sort);
    output_.add_to(command);
  }

  ExitStatus run(std::ostream& out, std::ostream& err) {
    take_positionals();
    request_.filter = whole_filter();
    if (format_ != "text" && format_ != "json") {
      throw Error::bad_option("--format", format_, "text or json");
    }
    request_.json = format_ == "json";
    if (limit_ && *limit_ < 1) {
      throw Error::bad_option("--limit", std::to_string(*limit_), "1 or more");
    }
    request_.limit = limit_;
    return run_query(request_, output_.terminal(), out, err);
  }

 private:
  static bool is_path(const std::string& text) {
    std::error_code error;
    return text == "-" || std::filesystem::exists(text, error);
  }

  // The first one is the filter, unless there is something to read under that name.
  void take_positionals() {
    request_.paths = positionals_;
    if (!filter_ && !request_.paths.empty() && !is_path(request_.paths.front())) {
      filter_ = request_.paths.front();
      request_.paths.erase(request_.paths.begin());
    }
    if (request_.paths.empty()) {
      throw Error("name the files or directories to search, or - for standard input");
    }
  }

  Filter whole_filter() const {
    All all;
    if (filter_) {
      auto parsed = parse_filter(*filter_, now_);
      if (const auto* error = std::get_if<FilterError>(&parsed)) {
        throw FilterSyntaxError{describe(*error, *filter_)};
      }
      all.filters.push_back(std::get<Filter>(std::move(parsed)));
    }
    if (level_) all.filters.push_back({level_comparison()});
    if (since_) all.filters.push_back({time_comparison("--since", *since_)});
    if (until_) all.filters.push_back({time_comparison("--until", *until_)});
    return {std::move(all)};
  }

  Comparison level_comparison() const {
    Comparison comparison;
    comparison.subject = Comparison::Subject::kSeverity;
    comparison.op = Comparison::Operator::kGreaterOrEqual;
    comparison.severity = parse_severity(*level_);
    if (!comparison.severity) {
      throw Error::bad_option("--level", *level_, "TRACE, DEBUG, INFO, WARN, ERROR or FATAL");
    }
    return comparison;
  }

  Comparison time_comparison(std::string_view option, const std::string& value) const {
    const auto time = parse_moment(value, now_);
    if (!time) {
      throw Error::bad_option(option, value,
                              "a time such as 2026-11-20T23:58:00Z, or how long ago, such as 15m");
    }
    Comparison comparison;
    comparison.subject = Comparison::Subject::kTime;
    comparison.op =
        option == "--since" ? Comparison::Operator::kGreaterOrEqual : Comparison::Operator::kLess;
    comparison.time = *time;
    return comparison;
  }

  std::vector<std::string> positionals_;
  std::optional<std::string> filter_;
  std::optional<std::string> level_;
  std::optional<std::string> since_;
  std::optional<std::string> until_;
  std::optional<std::int64_t> limit_;
  std::string format_ = "text";
  QueryRequest request_;
  OutputArguments output_;
  Nanoseconds now_ = now();
};

class QueueArguments {
 public:
  void add_to(CLI::App& command) {
    command.add_option("ACTION", request_.action)->required();
    command.add_option("URL", request_.url)->required();
    command.add_option("ID", request_.ids);
    command.add_flag("--all", request_.all);
    command.add_option("--trace", request_.trace);
    command.add_option("--limit", request_.limit);
    command.add_flag("--json", request_.json);
  }

  ExitStatus run(std::ostream& out, std::ostream& err) const {
    return run_queue(request_, out, err);
  }

 private:
  QueueRequest request_;
};

CLI::App* add_command(CLI::App& app, const std::string& name, std::string_view help) {
  CLI::App* const command = app.add_subcommand(name);
  command->formatter_fn([help](const CLI::App*, std::string, CLI::AppFormatMode) {  // NOLINT
    return std::string(help);
  });
  return command;
}

int fail(std::ostream& err, std::string_view why, std::string_view help = {}) {
  err << "waybill: " << escape(why) << '\n';
  if (!help.empty()) err << "see waybill " << help << '\n';
  return static_cast<int>(ExitStatus::kError);
}

// What CLI11 says, without its advice on where the help is.
int fail_parsing(const CLI::App& app, const CLI::ParseError& error, std::ostream& err) {
  for (const CLI::App* command : app.get_subcommands()) {
    return fail(err, error.what(), command->get_name() + " --help");
  }
  return fail(err, error.what(), "--help");
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments, std::ostream& out,
                     std::ostream& err) {
  CLI::App app;
  app.name("waybill");
  app.set_version_flag("--version", "waybill " WAYBILL_VERSION);
  app.formatter_fn([](const CLI::App*, std::string, CLI::AppFormatMode) {  // NOLINT
    return std::string(kHelp);
  });
  TraceArguments trace_arguments;
  QueryArguments query_arguments;
  CLI::App* const trace = add_command(app, "trace", kTraceHelp);
  CLI::App* const query = add_command(app, "query", kQueryHelp);
  trace_arguments.add_to(*trace);
  query_arguments.add_to(*query);
  QueueArguments queue_arguments;
  CLI::App* const queue = add_command(app, "queue", kQueueHelp);
  queue_arguments.add_to(*queue);

  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    if (trace->parsed()) return static_cast<int>(trace_arguments.run(out, err));
    if (query->parsed()) return static_cast<int>(query_arguments.run(out, err));
    if (queue->parsed()) return static_cast<int>(queue_arguments.run(out, err));
    out << kHelp;
  } catch (const CLI::Success& done) {
    app.exit(done, out, err);
  } catch (const CLI::ParseError& error) {
    return fail_parsing(app, error, err);
  } catch (const FilterSyntaxError& error) {
    err << "waybill: the filter cannot be read\n" << error.text;
    return static_cast<int>(ExitStatus::kError);
  } catch (const Error& error) {
    return fail(err, error.what());
  }
  return static_cast<int>(ExitStatus::kFound);
}

}  // namespace waybill::cli
