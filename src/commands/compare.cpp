#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/analyse.hpp"
#include "analysis/compare/verdict.hpp"
#include "capture/decode.hpp"
#include "capture/file_source.hpp"
#include "capture/tunnel.hpp"
#include "src/commands/commands.hpp"
#include "src/commands/targets.hpp"
#include "src/offline/both_captures.hpp"
#include "src/offline/read_file.hpp"
#include "src/offline/spool.hpp"
#include "src/present.hpp"
#include "src/redact.hpp"
#include "src/report/target_line.hpp"
#include "src/run_file.hpp"
#include "src/say.hpp"

namespace hopblame {
namespace {

/// More packets than this of one capture are left out, and it is said.
constexpr std::size_t most_packets = 2'000'000;

struct Packets {
  std::vector<Observation> list;
  CaptureFacts facts;
  bool both_ends = false;    ///< the file has the other end's packets too
  bool cut_options = false;  ///< some SYN is not there to its end
  [[nodiscard]] compare::Side side() const {
    return {list, facts.started, facts.horizon, facts.dropped, facts.truncated, cut_options};
  }
};

std::variant<Packets, FileError> packets_of(const ReadRequest& request) {
  auto opened = open_request(request);
  if (auto* error = std::get_if<FileError>(&opened)) return *error;
  auto& source = *std::get<std::unique_ptr<FileSource>>(opened);
  Packets packets;
  StoredFrame room;
  for (;;) {
    const auto event = source.next(TimePoint::max());
    const auto* frame = std::get_if<Frame>(&event);
    if (!frame) break;
    if (packets.list.size() == most_packets) {
      complain(
          fmt::format("{}: only the first {} packets are compared", request.path, most_packets));
      break;
    }
    const auto inner = out_of_tunnel(*frame).value_or(*frame);
    packets.list.push_back(decode(shown(inner, request.scrambler, room)));
    check_data(packets.list.back(), inner);
    const auto* segment = std::get_if<TcpSegment>(&packets.list.back().message);
    const bool cut = frame->bytes.size() < frame->original_length;
    packets.cut_options = packets.cut_options || (cut && segment && segment->has(tcp_flag::syn));
  }
  packets.facts = source.facts();
  packets.both_ends = source.has_both_ends();
  if (!packets.list.empty() && packets.list.size() == most_packets)
    packets.facts.horizon = packets.list.back().at;
  return packets;
}

/// What the client's capture alone says of the target.
struct Alone {
  Run run;
  Analysis analysis;
  std::vector<std::uint32_t> leave_out;
};

Alone own_run(Recorded recorded) {
  Alone alone;
  for (const auto& send : recorded.run.sends)
    if (send.spec.question.kind == ProbeKind::syn_bad_checksum)
      alone.leave_out.push_back(send.spec.sequence);
  alone.analysis = analyse(recorded.run);
  alone.run = std::move(recorded.run);
  return alone;
}

std::set<IpAddress> addresses_in(const std::vector<Observation>& packets) {
  std::set<IpAddress> found;
  for (const auto& packet : packets)
    found.insert({packet.flow.source.address, packet.flow.destination.address});
  return found;
}

/// A client talks to many; those come first whose address the server's capture knows.
std::vector<Rank> likely_first(const offline::Rows<offline::Target>& targets,
                               const std::vector<Observation>& at_server) {
  auto order = worst_first(targets);
  const auto known = addresses_in(at_server);
  // Not of std::ranges: clang 14 does not compile what that returns.
  std::stable_partition(order.begin(), order.end(), [&](const Rank& rank) {
    return known.contains(targets[rank.index()].endpoint.address);
  });
  return order;
}

/// One target is compared at a time: which others fared ill, where the user named none.
void tell_others(const offline::Rows<offline::Target>& targets, const offline::Target& chosen) {
  constexpr std::size_t most = 3;
  std::size_t count = 0;
  std::string names;
  for (const auto& target : targets) {
    if (badness(target) <= 1 || target.endpoint == chosen.endpoint) continue;
    if (++count <= most)
      names += fmt::format("{}{}", names.empty() ? "" : ", ", endpoint_text(target.endpoint));
  }
  if (count > 0)
    complain(
        fmt::format("compared: {}; the client's capture shows {} other target{} that failed: "
                    "{}{} (--target names one)",
                    endpoint_text(chosen.endpoint), count, count == 1 ? "" : "s", names,
                    count > most ? ", ..." : ""));
}

/// The target that the user named, or the one that fares worst.
std::variant<Alone, NotWanted> foreign(const ForeignCapture& capture, const ReadRequest& request,
                                       const std::string& typed,
                                       const std::vector<Observation>& at_server) {
  std::optional<Wanted> wanted;
  if (!typed.empty()) {
    auto understood = wanted_of(typed, request.scrambler);
    if (auto* error = std::get_if<NotWanted>(&understood)) return *error;
    wanted = std::get<Wanted>(std::move(understood));
  }
  const auto& targets = capture.book.targets();
  for (const auto& rank : likely_first(targets, at_server)) {
    const auto& target = targets[rank.index()];
    if (wanted && !wanted->is(target.endpoint)) continue;
    if (!wanted) tell_others(targets, target);
    auto inspection = offline::inspect(capture.view(false), target);
    return Alone{std::move(inspection.run), std::move(inspection.analysis), {}};
  }
  return NotWanted{exit_code_of::inconclusive,
                   request.path + ": no connection attempt" + (wanted ? " to " + typed : " in it")};
}

class Comparison {
 public:
  explicit Comparison(const CompareOptions& options) : options_(options) {}

  int run() {
    if (!room_for_ticket(options_.output)) return exit_code_of::environment;
    if (options_.output.redact && !(request_.scrambler = scrambler_for(options_.output)))
      return exit_code_of::environment;
    hide_typed(request_.scrambler, options_.target);
    if (options_.client == "-" || options_.server == "-")
      if (const auto error = spool_standard_input(); !error.empty())
        return say(exit_code_of::environment, error);
    auto server = packets_of(from(CaptureEnd::server));
    auto client = packets_of(from(CaptureEnd::client));
    auto file = read_file(from(CaptureEnd::client));
    for (const auto* error : {std::get_if<FileError>(&client), std::get_if<FileError>(&server),
                              std::get_if<FileError>(&file)})
      if (error) return say(exit_code_of::unreadable(*error), error->text);
    if (options_.server == options_.client && !std::get<Packets>(client).both_ends)
      return say(exit_code_of::wrong_usage,
                 options_.client +
                     ": one capture only; compare takes the client's and the "
                     "server's, or the trace.pcapng that it saved itself");
    auto alone = alone_of(std::move(file), std::get<Packets>(server).list);
    if (const auto* error = std::get_if<NotWanted>(&alone))
      return say(error->exit_code, error->text);
    return tell(std::get<Alone>(alone), std::get<Packets>(client), std::get<Packets>(server));
  }

 private:
  /// A ticket of compare holds both ends: then the two are one file.
  [[nodiscard]] const std::string& path_of(CaptureEnd end) const {
    return end == CaptureEnd::server ? options_.server : options_.client;
  }

  const ReadRequest& from(CaptureEnd end) {
    request_.path = path_of(end);
    request_.end = end;
    return request_;
  }

  static int say(int exit_code, const std::string& text) {
    complain(text);
    return exit_code;
  }

  template <class File>
  std::variant<Alone, NotWanted> alone_of(File file,
                                          const std::vector<Observation>& at_server) const {
    if (auto* recorded = std::get_if<Recorded>(&file)) return own_run(std::move(*recorded));
    return foreign(*std::get<std::unique_ptr<ForeignCapture>>(file), request_, options_.target,
                   at_server);
  }

  int tell(const Alone& alone, const Packets& client, const Packets& server) const {
    const auto& target = alone.run.goal.target;
    const auto both =
        compare::compare_captures(client.side(), server.side(), {target, alone.leave_out});
    const auto analysis =
        compare::judge(both, client.side(), server.side(), target, alone.analysis);
    Run run = alone.run;
    Result result{run, analysis, "compare", {}};
    result.both = &both;
    const bool has_pictures = options_.output.save || options_.output.format == Format::html;
    const auto captures = has_pictures ? captures_of(both) : std::nullopt;
    if (has_pictures && !captures) return exit_code_of::environment;
    if (captures && run.observations.empty()) run.observations = observations_of(captures->client);
    if (captures)
      result.capture = [&](const Annotations& with) { return save_both(*captures, both, with); };
    return present(result, options_.output);
  }

  /// For the ticket; nothing, and said why, when a file cannot be read a second time.
  std::optional<BothCaptures> captures_of(const compare::Comparison& both) const {
    ReadRequest client = request_, server = request_;
    client.path = path_of(CaptureEnd::client);
    server.path = path_of(CaptureEnd::server);
    client.end = CaptureEnd::client;
    server.end = CaptureEnd::server;
    auto captures = both_captures(client, server, both);
    if (auto* error = std::get_if<FileError>(&captures)) complain(error->text);
    auto* read = std::get_if<BothCaptures>(&captures);
    return read ? std::optional(std::move(*read)) : std::nullopt;
  }

  const CompareOptions& options_;
  ReadRequest request_;
};

}  // namespace

int run_command(const CompareOptions& options) { return Comparison(options).run(); }

}  // namespace hopblame
