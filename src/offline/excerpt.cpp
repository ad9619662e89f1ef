#include "src/offline/excerpt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "capture/bpf.hpp"
#include "capture/decode.hpp"
#include "capture/file_source.hpp"
#include "capture/transport.hpp"
#include "capture/trim.hpp"
#include "capture/tunnel.hpp"
#include "src/offline/spool.hpp"
#include "src/redact.hpp"
#include "src/report/untrusted.hpp"
#include "src/run_file.hpp"

namespace hopblame {
namespace {

constexpr std::size_t most_frames = 4096;
constexpr std::size_t greeting = most_text;

template <class Visit>
void each_citation(Analysis& analysis, Visit visit) {
  for (auto& explanation : analysis.verdict.explanations)
    for (auto* side : {&explanation.because, &explanation.against})
      for (auto& evidence : *side) visit(evidence.packets);
}

std::set<FrameId> cited(Analysis analysis) {
  std::set<FrameId> frames;
  if (analysis.icmp) frames.insert(analysis.icmp->frame);
  each_citation(analysis,
                [&](const auto& packets) { frames.insert(packets.begin(), packets.end()); });
  return frames;
}

/// Packets between the client and the ports of the target that the verdict compares; a walk with
/// datagrams has a port of its own for each.
class Conversation {
 public:
  explicit Conversation(const Run& run)
      : client_(run.facts.vantage.local), target_(run.goal.target), other_(run.goal.control_port) {}

  [[nodiscard]] bool operator()(const Observation& seen) const {
    const auto* error = std::get_if<IcmpError>(&seen.message);
    if (error != nullptr) return error->quote && is_question(error->quote->flow);
    return is_question(seen.flow) ||
           is_question({seen.flow.transport, seen.flow.destination, seen.flow.source});
  }

 private:
  [[nodiscard]] bool is_question(const Flow& flow) const {
    const auto port = flow.destination.port;
    const bool of_verdict =
        flow.transport == Transport::udp || port == target_.port || port == other_ || port == 0;
    return of_verdict && flow.source.address == client_ &&
           flow.destination.address == target_.address;
  }

  IpAddress client_;
  Endpoint target_;
  std::uint16_t other_;
};

StoredFrame kept(const Frame& frame, bool is_cited) {
  StoredFrame out = stored(frame);
  const auto bare = without_payload(frame);
  out.bytes.resize(std::min(out.bytes.size(), bare + (is_cited ? greeting : 0)));
  return out;
}

std::string name_of(const ReadRequest& request) {
  if (request.path == "-") return "standard input";
  if (request.scrambler) return "";
  auto name = std::filesystem::path(request.path).filename().string();
  if (const auto more = request.more.size(); more > 0)
    name += fmt::format(" and the {} file{} after it", more, more == 1 ? "" : "s");
  return name;
}

/// The second reading: takes what the ticket has to carry.
class Cutting {
 public:
  Cutting(const ReadRequest& request, std::set<FrameId> cited, Matter matter, Excerpt& excerpt)
      : scrambler_(request.scrambler),
        filter_(request.filter),
        cited_(std::move(cited)),
        matter_(std::move(matter)),
        excerpt_(excerpt) {}

  void see(const Frame& frame) {
    const bool is_cited = cited_.contains(frame.id);
    if (!is_cited && (excerpt_.frames.size() >= most_frames || !filter_.takes(frame))) return;
    const Frame seen = shown(out_of_tunnel(frame).value_or(frame), scrambler_, room_);
    if (!is_cited && !matter_(decode(seen))) return;
    excerpt_.numbers.push_back(frame.id);
    excerpt_.frames.push_back(kept(seen, is_cited));
  }

  [[nodiscard]] const PacketFilter& filter() const { return filter_; }

 private:
  const std::optional<Scrambler>& scrambler_;
  PacketFilter filter_;
  std::set<FrameId> cited_;
  Matter matter_;
  Excerpt& excerpt_;
  StoredFrame room_;
};

/// From the numbers of the file read to those of the excerpt.
class Numbers {
 public:
  explicit Numbers(const Excerpt& excerpt) {
    for (std::size_t i = 0; i < excerpt.numbers.size(); ++i)
      places_[excerpt.numbers[i]] = FrameId{i + 1};
  }
  [[nodiscard]] std::optional<FrameId> of(FrameId number) const {
    const auto found = places_.find(number);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }
  void renew(std::vector<FrameId>& packets) const {
    std::vector<FrameId> renewed;
    for (const FrameId number : packets)
      if (const auto place = of(number)) renewed.push_back(*place);
    packets = std::move(renewed);
  }

 private:
  std::map<FrameId, FrameId> places_;
};

std::string origin(const Excerpt& excerpt) {
  return excerpt.source.empty() ? "the capture read" : for_terminal(excerpt.source);
}

std::string section_of(const Excerpt& excerpt, const std::string& answer) {
  return fmt::format("{}\n{}an excerpt of {}; a comment at each packet tells its number there",
                     answer, comment_mark, origin(excerpt));
}

std::vector<Observation> observed(const Excerpt& excerpt, bool anew) {
  std::vector<Observation> seen;
  for (std::size_t i = 0; i < excerpt.frames.size(); ++i) {
    const auto& frame = excerpt.frames[i];
    const FrameId id = anew ? FrameId{i + 1} : excerpt.numbers[i];
    seen.push_back(decode({id, frame.at, frame.link_type, frame.original_length, frame.bytes}));
  }
  return seen;
}

}  // namespace

std::variant<Excerpt, FileError> cut(const ReadRequest& request, std::set<FrameId> cited,
                                     Matter matter) {
  if (request.path == "-" && !rewind_standard_input())
    return FileError{
        "standard input cannot be read a second time for the ticket's trace.pcapng; save it to a "
        "file first"};
  auto opened = open_request(request);
  if (auto* error = std::get_if<FileError>(&opened)) return *error;
  Excerpt excerpt{name_of(request), {}, {}};
  Cutting cutting(request, std::move(cited), std::move(matter), excerpt);
  auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
  for (auto event = source.next(TimePoint::max()); !std::holds_alternative<End>(event);
       event = source.next(TimePoint::max()))
    if (const auto* frame = std::get_if<Frame>(&event)) cutting.see(*frame);
  if (!cutting.filter().error().empty()) return unfit_filter(request.path, cutting.filter());
  return excerpt;
}

std::variant<Excerpt, FileError> excerpt_of(const ReadRequest& request,
                                            const offline::Inspection& inspection) {
  return cut(request, cited(inspection.analysis), Conversation(inspection.run));
}

std::vector<Observation> observations_of(const Excerpt& excerpt) {
  return observed(excerpt, false);
}

void adopt(offline::Inspection& inspection, const Excerpt& excerpt) {
  inspection.run.observations = observed(excerpt, true);
  auto& analysis = inspection.analysis;
  const Numbers numbers(excerpt);
  each_citation(analysis, [&](auto& packets) { numbers.renew(packets); });
  if (analysis.icmp) analysis.icmp->frame = numbers.of(analysis.icmp->frame).value_or(FrameId{});
}

std::string save_excerpt(const Excerpt& excerpt, const Annotations& with) {
  Recording recording{{}, excerpt.frames, {}, section_of(excerpt, with.section), with.names};
  for (std::size_t i = 0; i < recording.frames.size(); ++i) {
    const auto found = with.packets.find(FrameId{i + 1});
    std::string& comment = recording.frames[i].comment;
    if (found != with.packets.end()) comment = found->second + "\n";
    comment += fmt::format("packet {} of {}", excerpt.numbers[i].value, origin(excerpt));
  }
  return to_pcapng(recording);
}

}  // namespace hopblame
