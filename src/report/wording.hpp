#pragma once
// Places, culprits and the answer as plain English. Only our own words and addresses here.

#include <string>
#include <vector>

#include "src/report/report.hpp"

namespace hopblame {

/// "hop 3", "between hop 2 and hop 3", "this machine"; empty for CulpritKind::none.
[[nodiscard]] std::string where_text(const Where& where);

/// "the router 198.51.100.77", "the destination 203.0.113.10", "this machine"; empty where no
/// single device is meant.
[[nodiscard]] std::string who_text(const Where& where);

/// What lies behind an address that passes the port on, and speaks for it, has no name for us.
[[nodiscard]] bool is_behind(const ReportInput& input, const IpAddress& address);

/// The place as something to look at: "the router 198.51.100.77 (hop 3)", "hop 2 (192.0.2.1) and
/// hop 3 (no answer)".
[[nodiscard]] std::string device_text(const Where& where, const Path& path);

/// Of what it says, in a few words.
[[nodiscard]] std::string_view title_of(const Explanation& explanation);

/// All of many attempts failed, where some fare otherwise than others; or nothing that this run
/// asked was ever let in.
[[nodiscard]] bool none_works(const ReportInput& input);

/// Packets leave this machine with too few hops to get there.
[[nodiscard]] bool have_few_hops(const Verdict& verdict);
/// They come back to it: of a circle elsewhere a router says so when the hops are spent.
[[nodiscard]] bool are_sent_back(const Verdict& verdict);
/// The answers come in from the next router, in frames for another machine.
[[nodiscard]] bool came_wrong(const Verdict& verdict);

/// The answer in one line: outcome word, who, where, how sure.
[[nodiscard]] std::string headline(const ReportInput& input);

/// The answer in whole sentences, for somebody who does not know the words.
[[nodiscard]] std::vector<std::string> summary(const ReportInput& input);

/// The peer sent its SSH identification, whole: the service itself spoke.
[[nodiscard]] bool has_identified(const Run& run);

/// A capture showed it: the place is not guessed, as it is of a greeting that never came.
[[nodiscard]] bool hangs_on_host(const ReportInput& input);

/// "one good witness; what else fits is rarer"
[[nodiscard]] std::string_view confidence_text(Confidence confidence);

/// How long a run took: "3.32 seconds", "0.4 ms".
[[nodiscard]] std::string duration_text(Duration span);

/// " (packets 12, 31)"; empty for none. At most eight numbers, then "and 3 more". `whose` comes
/// before the word: "client ".
[[nodiscard]] std::string citation(const std::vector<FrameId>& packets,
                                   std::string_view whose = {});

}  // namespace hopblame
