#include "src/offline/both_captures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

using compare::AttemptFinding;
using compare::Comparison;

/// The attempts as one end knows them.
struct OneEnd {
  std::vector<Flow> flows;
  std::map<FrameId, std::string> cited;  ///< and why

  [[nodiscard]] bool operator()(const Observation& seen) const {
    const auto* error = std::get_if<IcmpError>(&seen.message);
    // One that the capture cut may be about any of them: it has to be there to be doubted again.
    if (error != nullptr)
      return !error->quote || error->quote->flow.destination.port == 0 || has(error->quote->flow);
    return has(seen.flow);
  }
  [[nodiscard]] std::set<FrameId> frames() const {
    std::set<FrameId> frames;
    for (const auto& [frame, why] : cited) frames.insert(frame);
    return frames;
  }

 private:
  [[nodiscard]] bool has(const Flow& flow) const {
    const Flow back{flow.transport, flow.destination, flow.source};
    return std::any_of(flows.begin(), flows.end(),
                       [&](const Flow& known) { return known == flow || known == back; });
  }
};

void cite(OneEnd& end, const std::vector<FrameId>& packets, const std::string& why) {
  for (const FrameId frame : packets) end.cited.emplace(frame, why);
}

OneEnd client_end(const Comparison& comparison) {
  OneEnd end;
  for (const AttemptFinding& attempt : comparison.attempts) {
    end.flows.push_back(attempt.at_client);
    cite(end, attempt.client_packets, attempt.text);
  }
  return end;
}

OneEnd server_end(const Comparison& comparison) {
  OneEnd end;
  for (const AttemptFinding& attempt : comparison.attempts) {
    if (attempt.at_server) end.flows.push_back(*attempt.at_server);
    cite(end, attempt.server_packets, attempt.text);
  }
  return end;
}

/// Pings that compare the clocks stay in the ticket: it can be compared again.
std::set<FrameId> with(std::set<FrameId> frames, const std::vector<FrameId>& witnesses) {
  frames.insert(witnesses.begin(), witnesses.end());
  return frames;
}

std::vector<StoredFrame> commented(const Excerpt& excerpt, CaptureEnd which, const OneEnd& end) {
  const auto name = which == CaptureEnd::client ? client_interface : server_interface;
  std::vector<StoredFrame> frames = excerpt.frames;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto found = end.cited.find(excerpt.numbers[i]);
    if (found != end.cited.end())
      frames[i].comment = fmt::format("{}{}\n", comment_mark, for_terminal(found->second));
    frames[i].comment += fmt::format("{} packet {}", name, excerpt.numbers[i].value);
    frames[i].end = which;
  }
  return frames;
}

std::string section_of(const Comparison& comparison, const std::string& answer) {
  const char* clock = comparison.clock.offset
                          ? "the server's packets are timed by the client's clock"
                          : "each end's packets are timed by its own clock";
  return fmt::format("{}\n{}the attempts as both captures saw them; {}", answer, comment_mark,
                     clock);
}

}  // namespace

std::variant<BothCaptures, FileError> both_captures(const ReadRequest& client,
                                                    const ReadRequest& server,
                                                    const Comparison& comparison) {
  const OneEnd here = client_end(comparison), there = server_end(comparison);
  auto client_part = cut(client, with(here.frames(), comparison.client_witnesses), here),
       server_part = cut(server, with(there.frames(), comparison.server_witnesses), there);
  for (const auto* part : {&client_part, &server_part})
    if (const auto* error = std::get_if<FileError>(part)) return *error;
  return BothCaptures{std::get<Excerpt>(std::move(client_part)),
                      std::get<Excerpt>(std::move(server_part))};
}

std::string save_both(const BothCaptures& both, const Comparison& comparison,
                      const Annotations& with) {
  Recording recording;
  recording.section_comment = section_of(comparison, with.section);
  recording.names = with.names;
  recording.frames = commented(both.client, CaptureEnd::client, client_end(comparison));
  for (auto& frame : commented(both.server, CaptureEnd::server, server_end(comparison))) {
    frame.at -= comparison.clock.offset.value_or(Duration{});
    recording.frames.push_back(std::move(frame));
  }
  std::stable_sort(recording.frames.begin(), recording.frames.end(),
                   [](const auto& one, const auto& other) { return one.at < other.at; });
  return to_pcapng(recording);
}

}  // namespace hopblame
