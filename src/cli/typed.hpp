#pragma once
// What was typed, before it is checked as a whole.

#include <string>

#include "src/cli/options.hpp"

namespace hopblame {

struct Typed {
  std::string host, control_port, source, patience, local;
  std::optional<std::string> port, port_option;
  bool ipv4 = false, ipv6 = false, no_handshake = false, json = false;
  std::string format = "text", colour = "auto", redact_key;
  std::optional<std::string> save;
  ProbeOptions probe;
  ReadOptions read;
  CompareOptions compare;
  DemoOptions demo;
  ExplainOptions explain;
  bool redact = false, force = false;
  unsigned interval = 60, count = 0;
};

/// A command line that is wrong in a way its single options are not.
struct Wrong {
  std::string text;
};

/// The whole of it, checked; throws Wrong.
[[nodiscard]] Command checked(const std::string& command, Typed& typed);

}  // namespace hopblame
