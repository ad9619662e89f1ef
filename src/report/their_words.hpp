#pragma once
// Our texts speak of "this machine", where the probes came from. A capture that somebody else made
// is about another machine: the client that asks in it.

#include "src/report/document.hpp"

namespace hopblame {

/// "this machine" becomes "the client ADDRESS" in all of it; a run of ours stays as it is.
void in_their_words(Document& document, const Run& run);
void in_their_words(Verdict& verdict, const Run& run);
void in_their_words(std::vector<NextStep>& steps, const Run& run);

}  // namespace hopblame
