#include "src/present.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "src/exit_codes.hpp"
#include "src/progress.hpp"
#include "src/report/report.hpp"
#include "src/say.hpp"
#include "src/ticket.hpp"

namespace hopblame {
namespace {

bool set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

std::string render(const ReportInput& input, const OutputOptions& options) {
  switch (options.format) {
    case Format::json: return render_json(input);
    case Format::markdown: return render_markdown(input);
    case Format::html: return render_html(input);
    case Format::text: break;
  }
  return render_text(input, {wants_colour(options.colour), terminal_width()});
}

/// All of the ticket or nothing of it; what stands in the way is said.
bool save_ticket(const OutputOptions& options, const ReportInput& input, const Result& result) {
  const std::string capture = result.capture ? result.capture(annotations(input)) : "";
  std::vector<TicketFile> files{{"report.html", render_html(input, capture)},
                                {"report.md", render_markdown(input)},
                                {"report.json", render_json(input)}};
  if (result.capture) files.push_back({"trace.pcapng", capture});
  const auto folder = ticket_folder(*options.save, input.run.goal.target, input.run.started);
  const auto error = write_ticket(folder, files, options.force);
  if (error) complain(*error);
  return !error;
}

}  // namespace

bool room_for_ticket(const OutputOptions& options) {
  if (!options.save || options.force || options.save->ends_with('/')) return true;
  const auto error = ticket_in_the_way(*options.save);
  if (error) complain(*error);
  return !error;
}

bool wants_colour(Colour option) {
  if (option != Colour::automatic) return option == Colour::always;
  if (set("NO_COLOR")) return false;
  const char* force = std::getenv("CLICOLOR_FORCE");
  if (force != nullptr && *force != '\0' && std::string_view(force) != "0") return true;
  return isatty(STDOUT_FILENO) != 0 && !is_dumb_terminal();
}

unsigned terminal_width() {
  constexpr unsigned usual = 100;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return size.ws_col;
}

unsigned line_width() { return std::clamp(terminal_width(), 40u, 100u); }

bool is_for_one_only(const OutputOptions& options) {
  return options.format == Format::markdown || options.format == Format::html || options.save;
}

int present(const Result& result, const OutputOptions& options) {
  const ReportInput input{result.run,
                          result.analysis,
                          result.command,
                          HOPBLAME_VERSION,
                          options.redact || result.run.redacted,
                          result.excerpt_of,
                          result.both};
  const bool saved = !options.save || save_ticket(options, input, result);
  const bool shown = print(render(input, options)) == 0;
  return saved && shown ? exit_code(result.analysis) : exit_code_of::environment;
}

}  // namespace hopblame
