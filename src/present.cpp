#include "src/present.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "capture/pcapng/recorder.hpp"
#include "src/commands/commands.hpp"
#include "src/report/report.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

bool set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

std::string render(const ReportInput& input, const OutputOptions& options) {
  switch (options.format) {
    case Format::json: return render_json(input) + "\n";
    case Format::markdown: return render_markdown(input);
    case Format::html: return render_html(input);
    case Format::text: break;
  }
  return render_text(input, {wants_colour(options.colour), terminal_width()});
}

bool save_file(const std::filesystem::path& path, std::string_view bytes) {
  const int error = write_whole(path.string(), bytes);
  if (error != 0) complain("cannot write " + path.string() + ": " + error_text(error));
  return error == 0;
}

/// Every file is tried, whatever became of the others.
bool save_ticket(const std::string& folder, const ReportInput& input, const Result& result) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    complain("cannot make the folder " + folder + ": " + error_text(error.value()));
    return false;
  }
  const std::filesystem::path place(folder);
  bool all = save_file(place / "report.html", render_html(input));
  all = save_file(place / "report.md", render_markdown(input)) && all;
  all = save_file(place / "report.json", render_json(input) + "\n") && all;
  if (result.capture) all = save_file(place / "trace.pcapng", result.capture()) && all;
  return all;
}

}  // namespace

bool wants_colour(Colour option) {
  if (option != Colour::automatic) return option == Colour::always;
  if (set("NO_COLOR")) return false;
  const char* force = std::getenv("CLICOLOR_FORCE");
  if (force != nullptr && *force != '\0' && std::string_view(force) != "0") return true;
  const char* term = std::getenv("TERM");
  return isatty(STDOUT_FILENO) != 0 && (term == nullptr || std::string_view(term) != "dumb");
}

unsigned terminal_width() {
  constexpr unsigned usual = 100;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return size.ws_col;
}

int present(const Result& result, const OutputOptions& options) {
  const ReportInput input{result.run, result.analysis, result.command, HOPBLAME_VERSION};
  const bool saved = !options.save || save_ticket(*options.save, input, result);
  const int error = write_out(render(input, options));
  if (error != 0) complain("cannot write to standard output: " + error_text(error));
  return saved && error == 0 ? exit_code(result.analysis) : exit_code_of::environment;
}

}  // namespace hopblame
