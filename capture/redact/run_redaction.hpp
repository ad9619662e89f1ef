#pragma once
// What a run says beside its packets, without addresses and names.

#include "analysis/model/run.hpp"
#include "capture/redact/scrambler.hpp"

namespace hopblame {

/// Every address in every field is scrambled; every text is emptied, but interfaces keep a number
/// and the greeting its words. The observations are not touched: decode redacted frames instead.
void redact(Run& run, const Scrambler& scrambler);

}  // namespace hopblame
