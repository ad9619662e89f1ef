#pragma once
// What the capture shows on both sides of a machine that translates addresses or numbers: who
// answers there in the target's name, or that the answer is lost on its way back.

#include "analysis/model/verdict.hpp"
#include "analysis/offline/attempt.hpp"

namespace hopblame::offline {

/// Of attempts that end with `outcome`, by the last of that client that was passed on.
void tell_translation(Verdict& verdict, const std::vector<Attempt>& sample, Outcome outcome,
                      const IpAddress& client);

}  // namespace hopblame::offline
