// What was asked, from where, when and with what: the small print of a ticket.
#include <fmt/format.h>

#include "src/report/document.hpp"
#include "src/report/timestamp.hpp"
#include "src/report/untrusted.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

std::string counts_text(const PacketCounts& counts) {
  std::string text = fmt::format("{} sent, {} received", counts.sent, counts.received);
  if (counts.rejected_as_forged > 0)
    text += fmt::format(", {} answers ignored as forged", counts.rejected_as_forged);
  if (counts.capture_drops > 0)
    text += fmt::format(", {} packets lost by the capture", counts.capture_drops);
  return text;
}

/// "2026-11-20 11:20:00 UTC"
std::string second_text(TimePoint at) {
  std::string text = timestamp(at).substr(0, 19);
  text[10] = ' ';
  return text + " UTC";
}

std::string numbers_text(const std::string& source) {
  return fmt::format(
      "those of trace.pcapng, an excerpt of {}",
      source.empty() ? std::string("the capture read") : Untrusted(source).printable(255));
}

}  // namespace

std::vector<Fact> run_facts(const ReportInput& input) {
  const Run& run = input.run;
  std::vector<Fact> facts{
      {"Target", target_title(run.goal)},
      {"Seen from", source_title(run.facts.vantage)},
      {"Began", second_text(run.started)},
      {"Took", duration_text(run.ended - run.started)},
      {"Packets", run.connect_only ? "not seen: only connect() was asked"
                                   : counts_text(input.analysis.packets)},
  };
  if (run.goal.control_port != 0)
    facts.push_back(
        {"Comparison port", fmt::format("{}, of the same address", run.goal.control_port)});
  if (input.excerpt_of) facts.push_back({"Packet numbers", numbers_text(*input.excerpt_of)});
  if (input.both)
    facts.push_back(
        {"Packet numbers",
         "those of the two captures read; trace.pcapng of a ticket holds the packets of "
         "both and tells them in its comments"});
  if (input.redacted) facts.push_back({"Addresses", "anonymised, names left out"});
  facts.push_back({"Told by", fmt::format("hopblame {} {}", input.version, input.command)});
  return facts;
}

}  // namespace hopblame
