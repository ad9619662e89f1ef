#include "analysis/compare/comparison.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "analysis/compare/after_handshake.hpp"
#include "analysis/compare/begun_before.hpp"
#include "analysis/compare/challenges.hpp"
#include "analysis/compare/clock.hpp"
#include "analysis/compare/crossing.hpp"
#include "analysis/compare/decisive.hpp"
#include "analysis/compare/finding.hpp"
#include "analysis/compare/half_made.hpp"
#include "analysis/compare/machine.hpp"
#include "analysis/compare/matched.hpp"
#include "analysis/compare/meanwhile.hpp"
#include "analysis/compare/midway.hpp"
#include "analysis/compare/missed.hpp"
#include "analysis/compare/moved.hpp"
#include "analysis/compare/rewrite.hpp"
#include "analysis/compare/rewritten.hpp"
#include "analysis/compare/seen_again.hpp"
#include "analysis/compare/select.hpp"
#include "analysis/compare/sight.hpp"
#include "analysis/compare/standpoint.hpp"
#include "analysis/compare/witnesses.hpp"

namespace hopblame::compare {
namespace {

/// Packets between a client and the target that are the same at both ends beyond doubt.
std::vector<Journey> all_met(const std::vector<SeenTwice>& datagrams,
                             const std::vector<CallPair>& pairs, const IpAddress& target) {
  auto packets = met_datagrams(datagrams, target);
  for (const auto& pair : pairs) {
    const auto found = met(pair);
    packets.insert(packets.end(), found.begin(), found.end());
  }
  return packets;
}

class Comparer {
 public:
  Comparer(const Matched& captures, const Wanted& wanted)
      : captures_(captures),
        wanted_(wanted),
        pairs_(captures.pairs_to(wanted.target.address)),
        of_target_at_client_(captures.client.packets.of({wanted.target.address})) {
    compare_clocks();
    const auto more = pair_rewritten(captures.pairing, result_.clock);
    if (more) pair_anew(*more);
    strangers_.emplace(more ? more->extra : captures.pairing.extra, wanted.target.port,
                       result_.clock);
    names_at_server_ = names_at_server(pairs_, machine_, wanted.target);
    result_.at_client = sight_of(captures.client, names_at_client_);
    result_.at_server = sight_of(captures.server, names_at_server_);
    tell_filters(result_.at_client, result_.at_server);
    windows_ = windows_of(client_, server_, result_.clock);
    watched_ = watched_by(windows_, met_, result_.clock);
    watched_.server.what = result_.at_server;
    watched_.client.what = result_.at_client;
  }

  Comparison compare() {
    overlap();
    for (const auto& journey : machine_) look(journey);
    see_all();
    result_.rewrites = rewrites_of(of_target_);
    result_.paired =
        static_cast<std::size_t>(std::ranges::count(of_target_, Fate::arrived, &Journey::fate));
    result_.swapped = are_swapped(met_);
    result_.turned = wanted_.turned;
    result_.one_place = are_of_one_place(met_);
    if (result_.one_place) return of_one_place();
    if (const auto routers = routers_between(machine_))
      result_.distance = static_cast<std::uint8_t>(*routers + 1);
    // Of captures that change places a hop limit tells nothing.
    if (!result_.swapped) look_for_forwarding();
    if (result_.swapped)
      std::erase_if(result_.rewrites,
                    [](const Rewrite& rewrite) { return rewrite.field == Field::hop_limit; });
    // The server would say so under the address that was asked.
    result_.midway = result_.midway || std::ranges::any_of(found_, [](const Found& found) {
                       return found.finding.rejected_beyond;
                     });
    // What becomes of it beyond is not seen there.
    if (result_.midway)
      std::erase_if(found_, [](const Found& found) {
        return found.finding.limited && found.finding.finding == Finding::unanswered;
      });
    if (result_.midway)
      for (auto& found : found_) tell_midway(found.finding, forwarding_, captures_.passed_on);
    const auto when = [](const Found& found) { return found.finding.at; };
    if (!std::ranges::is_sorted(found_, {}, when)) std::ranges::stable_sort(found_, {}, when);
    result_.attempts.reserve(found_.size());
    for (auto& found : found_) result_.attempts.push_back(std::move(found.finding));
    draw();
    if (client_.cut_options || server_.cut_options) forget_options();
    keep_witnesses(result_, wanted_.target.address,
                   {of_target_at_client_, captures_.datagrams, forwarding_, doubtful_});
    return std::move(result_);
  }

 private:
  void compare_clocks() {
    met_ = all_met(captures_.datagrams, pairs_, wanted_.target.address);
    machine_ = of_machine(met_, pairs_, wanted_.target);
    result_.clock = clock_of(met_, client_.started, client_.horizon);
  }

  void pair_anew(const Pairing& pairing) {
    pairs_.clear();
    std::ranges::copy_if(pairing.pairs, std::back_inserter(pairs_), [&](const CallPair& pair) {
      return pair.client->flow.destination.address == wanted_.target.address;
    });
    compare_clocks();
  }

  /// Nothing lies between the two captures, so nothing is said of it.
  Comparison of_one_place() {
    for (auto& [finding, begin, count] : found_) {
      finding.finding = Finding::not_shown;
      finding.text = "Both captures were taken at one place: the second adds nothing.";
      finding.lost = 0;
      finding.server_packets.clear();
      result_.attempts.push_back(finding);
    }
    result_.rewrites.clear();
    result_.lost_there = result_.lost_back = 0;
    result_.decisive = decisive(result_.attempts);
    return std::move(result_);
  }

  static void tell_filters(Sight& client, Sight& server) {
    client.only_syns = has_only_syns(client, server.there.plain);
    server.only_syns = has_only_syns(server, client.back.plain);
  }

  void look_for_forwarding() {
    forwarding_ = forwarding_in(captures_.server, names_at_server_);
    result_.forwards = forwarding_.there || forwarding_.back;
    const auto at_client = forwarding_in(captures_.client, names_at_client_);
    result_.client_forwards = at_client.there || at_client.back || captures_.is_passed_on_at_client;
    result_.midway = result_.forwards || are_midway(machine_);
    result_.client_midway = result_.client_forwards || is_client_midway(machine_);
  }

  void overlap() {
    const auto &far = windows_.server, &here = windows_.client;
    if (!far || !here) return;
    const auto from = std::max(far->from, here->from);
    const auto until = std::min(far->until, here->until);
    if (from > until) return;
    result_.from = from;
    result_.until = until;
  }

  [[nodiscard]] bool is_wanted(const Call& call) const {
    if (call.flow.destination != wanted_.target) return false;
    if (!call.isn) return true;
    return call.syn() && std::ranges::find(wanted_.leave_out, *call.isn) == wanted_.leave_out.end();
  }

  void see_all() {
    result_.elsewhere = may_lead_elsewhere(pairs_, wanted_.target);
    std::vector<CallPair> pairs;
    std::ranges::copy_if(pairs_, std::back_inserter(pairs),
                         [&](const CallPair& pair) { return is_wanted(*pair.client); });
    std::vector<Journeys> journeys;
    for (const auto& pair : pairs) journeys.push_back(journeys_of(pair, result_.clock, watched_));
    give_challenges(pairs, journeys, result_.clock);
    std::ranges::for_each(journeys, prove_lost);
    for (std::size_t i = 0; i < pairs.size(); ++i) note_missed(pairs[i], journeys[i]);
    for (std::size_t i = 0; i < pairs.size(); ++i) see(pairs[i], std::exchange(journeys[i], {}));
  }

  void see(const CallPair& pair, const Journeys& journeys) {
    const auto* extra = rewritten(pair);
    if (extra) doubtful_ = extra;
    auto limit = result_.server_limit;
    // If that is the client's, so many routers at least lie between.
    if (extra && !limit) limit = extra->syn()->hop_limit;
    const Attempt attempt{pair,
                          journeys,
                          client_.horizon,
                          result_.clock.at_client(server_.horizon),
                          result_.at_server.back,
                          result_.at_client.back,
                          limit,
                          result_.at_client.cut,
                          extra != nullptr,
                          speaks_of_another(pair),
                          captures_.client.torn,
                          captures_.server.torn,
                          result_.at_client.there.plain || result_.at_client.there.ends};
    auto finding =
        pair.client->isn ? finding_of(attempt) : died(attempt, may_be_other(*pair.client));
    if (!finding) return;
    finding->hasty = is_hasty(attempt);
    finding->last = pair.client->ended();
    finding->syns_lost = static_cast<unsigned>(std::ranges::count_if(journeys, is_lost_syn));
    if (result_.elsewhere) tell_elsewhere(*finding);
    note_passed_on(*finding, pair.server);
    result_.unsure = result_.unsure || finding->finding == Finding::unclear;
    found_.push_back({*finding, of_target_.size(), journeys.size()});
    for (const auto& journey : journeys)
      if (journey.fate == Fate::lost)
        ++(journey.way == Way::there ? result_.lost_there : result_.lost_back);
    of_target_.insert(of_target_.end(), journeys.begin(), journeys.end());
  }

  static void tell_elsewhere(AttemptFinding& finding) {
    finding.finding = Finding::not_shown;
    finding.lost = 0;
    finding.text = "Nothing shows that this port leads to the machine of the second capture.";
  }

  static void note_passed_on(AttemptFinding& finding, const Call* at_server) {
    if (!at_server || !at_server->passed_on) return;
    const auto& to = at_server->passed_on->destination;
    if (to != at_server->flow.destination) finding.passed_to = to;
  }

  /// What this call may be at the server, where it is not known again. Null: nothing.
  [[nodiscard]] const Call* rewritten(const CallPair& pair) const {
    return pair.server || !pair.client->isn ? nullptr : strangers_->may_be(*pair.client);
  }

  /// What the server's capture shows of the port and no client's does, or of the same ports: a
  /// connection that was made before may be one of those, rewritten.
  [[nodiscard]] bool may_be_other(const Call& made_before) const {
    return !captures_.of_flow_at_server(made_before.flow).empty() || strangers_->are_begun_before();
  }

  /// Of an older connection on the same ports.
  [[nodiscard]] bool speaks_of_another(const CallPair& pair) const {
    if (!pair.server) return false;
    const auto begun = pair.server->begun();
    return std::ranges::any_of(
        captures_.of_flow_at_server(pair.server->flow), [&](const Call* other) {
          return other != pair.server && !other->back.empty() && other->back.back()->at > begun;
        });
  }

  /// The attempt that counts, packet by packet.
  void draw() {
    result_.decisive = decisive(result_.attempts);
    if (!result_.decisive) return;
    const auto& found = found_[*result_.decisive];
    const auto packets = std::span(of_target_).subspan(found.begin, found.count);
    result_.crossings = crossings_of(packets, result_.clock, result_.left_out);
    result_.meanwhile =
        meanwhile(packets, met_, of_target_at_client_, wanted_.target, windows_.server);
  }

  /// Options that a capture did not keep look as if they were taken out on the way.
  void forget_options() {
    std::erase_if(result_.rewrites,
                  [](const Rewrite& rewrite) { return rewrite.field == Field::options; });
    for (auto& crossing : result_.crossings) std::erase(crossing.changed, Field::options);
  }

  void look(const Journey& journey) {
    auto& first = journey.way == Way::there ? result_.first_there : result_.first_back;
    if (!first) first = met_of(journey);
    if (journey.way == Way::back && !result_.server_limit)
      result_.server_limit = journey.client->hop_limit;
  }

  const Matched& captures_;
  const Side &client_ = captures_.client.side, &server_ = captures_.server.side;
  const Wanted& wanted_;
  std::vector<CallPair> pairs_;  ///< of the target's address
  const Packets of_target_at_client_;
  std::optional<Strangers> strangers_;
  const Names names_at_client_{{wanted_.target.address}, {wanted_.target.port}};
  Names names_at_server_;
  Windows windows_;
  Watched watched_;
  Forwarding forwarding_;
  const Call* doubtful_ = nullptr;  ///< at the server: it may be one of the attempts
  Comparison result_;
  std::vector<Journey> met_, machine_, of_target_;
  struct Found {
    AttemptFinding finding;
    std::size_t begin, count;  ///< of its packets in `of_target_`
  };
  std::vector<Found> found_;
};

}  // namespace

Comparison compare_captures(const Matched& captures, const Wanted& wanted) {
  return Comparer(captures, wanted).compare();
}

}  // namespace hopblame::compare
