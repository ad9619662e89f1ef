#pragma once
// The port is open, and of its answers this machine's stack did not hear all: a rule here drops
// some as they come in.

#include "analysis/verdict/case.hpp"

namespace hopblame {

/// Adds it to a finding that says open.
void tell_partly_heard(const Case& the_case, Finding& finding);

}  // namespace hopblame
