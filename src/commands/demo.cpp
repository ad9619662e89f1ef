#include "src/lab/demo.hpp"

#include <filesystem>

#include "src/commands/commands.hpp"
#include "src/present.hpp"
#include "src/progress.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

const char* word(Format format) {
  switch (format) {
    case Format::text: return "text";
    case Format::json: return "json";
    case Format::markdown: return "md";
    case Format::html: return "html";
  }
  return "text";
}

const char* word(Colour colour) {
  switch (colour) {
    case Colour::automatic: return "auto";
    case Colour::always: return "always";
    case Colour::never: return "never";
  }
  return "auto";
}

std::vector<std::string> probe_options(const OutputOptions& output) {
  std::vector<std::string> options = {"--format", word(output.format), "--color",
                                      word(output.colour)};
  if (output.save) options.insert(options.end(), {"--save", *output.save});
  if (output.redact) options.emplace_back("--redact");
  if (!output.redact_key.empty())
    options.insert(options.end(), {"--redact-key", output.redact_key});
  if (output.force) options.emplace_back("--force");
  return options;
}

void say_where(const std::string& folder) {
  const auto capture = std::filesystem::path(folder) / "trace.pcapng";
  std::error_code none;
  if (std::filesystem::exists(capture, none)) complain("the capture: " + capture.string());
}

}  // namespace

int run_command(const DemoOptions& options) {
  if (options.list)
    return print(options.output.format == Format::json ? demo_list_json() : demo_list());
  if (!room_for_ticket(options.output)) return exit_code_of::environment;
  const char family = options.family == Family::ipv6 ? '6' : '4';
  const int code = run_demo({options.scenario, family, probe_options(options.output)});
  if (options.output.save && shows_progress()) say_where(*options.output.save);
  return code;
}

}  // namespace hopblame
