#pragma once
// `hopblame demo`: a network of namespaces on this machine with one fault in it, probed live.

#include <string>
#include <vector>

namespace hopblame {

struct Demo {
  std::string scenario;
  char family = '4';  ///< '4' or '6': which of the target's addresses, where there are both
  std::vector<std::string> probe_options;  ///< handed to `hopblame probe TARGET`
};

/// One scenario per line: its name, the fault, what it must be found to be.
[[nodiscard]] std::string demo_list();
[[nodiscard]] std::string demo_list_json();  ///< the same as one object

/// Exits as the probe does; 2 for an unknown scenario, 4 when a program is missing (named), 5
/// without the right to make namespaces. Nothing it made outlives it, even when it is killed.
[[nodiscard]] int run_demo(const Demo& demo);

}  // namespace hopblame
