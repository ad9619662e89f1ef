#pragma once
// --redact: a run that tells the same story of other addresses. The verdict is made from the
// redacted packets, so nothing of the original can reach a report.

#include "capture/redact/scrambler.hpp"
#include "src/cli/options.hpp"
#include "src/recorded.hpp"

namespace hopblame {

/// The key in the file that --redact-key names, or one of this moment, which is then forgotten.
/// Nothing, and said why, when the file holds no key or the program was built without AES.
[[nodiscard]] std::optional<Scrambler> scrambler_for(const OutputOptions& output);

/// 64 hexadecimal digits, with white space around them.
[[nodiscard]] std::optional<CryptoPan::Key> key_of(std::string_view text);

/// Hides the labels of a name typed as HOST[:PORT].
void hide_typed(std::optional<Scrambler>& scrambler, const std::string& typed);

/// Packets, journal, names; the packets are numbered anew from 1.
void redact(Recorded& recorded, const Scrambler& scrambler);

/// `frame` as it may be shown: itself without a scrambler, else its redacted copy in `room`.
[[nodiscard]] Frame shown(const Frame& frame, const std::optional<Scrambler>& scrambler,
                          StoredFrame& room);

/// The one who asks and the one asked, for what is planned and not yet recorded.
void redact(Goal& goal, Vantage& vantage, const Scrambler& scrambler);

}  // namespace hopblame
