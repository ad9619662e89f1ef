#include <fmt/format.h>

#include <algorithm>

#include "src/report/document.hpp"
#include "src/report/untrusted.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

std::string name_of(const Run& run, const IpAddress& address) {
  for (const auto& [named, name] : run.names)
    if (named == address) return Untrusted(name).printable(255);
  return {};
}

bool inside(const Where& where, unsigned hop) {
  const bool places = where.kind == CulpritKind::destination || where.kind == CulpritKind::router ||
                      where.kind == CulpritKind::between || where.kind == CulpritKind::this_host;
  return places && where.first_hop && where.last_hop && hop >= *where.first_hop &&
         hop <= *where.last_hop;
}

std::string round_trip_text(const std::optional<Duration>& span) {
  if (!span) return {};
  const double ms = milliseconds(*span);
  return fmt::format("{:.{}f} ms", ms, ms < 10 ? 2 : ms < 100 ? 1 : 0);
}

Row row_of_this_machine(const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  const IpAddress& local = input.run.facts.vantage.local;
  Row row;
  row.addresses.push_back(local.is_unspecified() ? "-" : to_string(local));
  row.names.emplace_back("this machine");
  row.blamed = where.kind == CulpritKind::this_host || inside(where, 0);
  return row;
}

/// Whose place it is, by its distance: that of the one who is to blame, or the target's.
std::optional<IpAddress> known_address(const ReportInput& input, const Hop& hop) {
  const Where& where = input.analysis.verdict.culprit.where;
  const bool blamed = where.first_hop == where.last_hop && where.first_hop == hop.distance;
  if (blamed && where.address) return where.address;
  if (hop.distance == input.analysis.path.distance.destination)
    return input.run.goal.target.address;
  return {};
}

/// A host that never answers still has its address; the brackets say that it was not heard.
std::string address_text(const ReportInput& input, const IpAddress& address) {
  const bool heard = input.analysis.icmp && input.analysis.icmp->from == address;
  return heard ? to_string(address) : fmt::format("({})", to_string(address));
}

/// Of several that share the hop the one that is blamed comes first.
std::vector<IpAddress> addresses_of(const Hop& hop, const std::optional<IpAddress>& known) {
  auto addresses = hop.responders;
  const auto blamed = known ? std::ranges::find(addresses, *known) : addresses.end();
  if (blamed != addresses.end()) std::rotate(addresses.begin(), blamed, blamed + 1);
  return addresses;
}

Row row_of(const ReportInput& input, const Hop& hop) {
  Row row;
  row.first = row.last = hop.distance;
  const auto known = known_address(input, hop);
  for (const auto& address : addresses_of(hop, known)) {
    row.addresses.push_back(to_string(address));
    row.names.push_back(name_of(input.run, address));
  }
  if (const auto& address = known; address && row.addresses.empty()) {
    row.addresses.push_back(address_text(input, *address));
    row.names.push_back(name_of(input.run, *address));
  }
  row.round_trip = round_trip_text(hop.round_trip);
  row.target = hop.target_flow;
  row.control = hop.control_flow;
  row.blamed = inside(input.analysis.verdict.culprit.where, hop.distance);
  return row;
}

/// Neighbouring hops about which there is nothing to say, and the same nothing.
bool can_fold(const Row& above, const Row& below) {
  return above.first > 0 && above.addresses.empty() && below.addresses.empty() && !above.blamed &&
         !below.blamed && above.target == below.target && above.control == below.control &&
         above.last + 1 == below.first;
}

std::string unheard_text(const ReportInput& input, const IpAddress& address) {
  return is_behind(input, address) ? fmt::format("(behind {})", to_string(address))
                                   : address_text(input, address);
}

/// The culprit may never have answered, so that no row of the path shows it (a dead gateway).
void add_unheard_culprit(std::vector<Row>& rows, const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  if (!where.address || !where.first_hop || where.first_hop != where.last_hop) return;
  if (*where.first_hop <= rows.back().last) return;
  Row row;
  row.first = row.last = *where.first_hop;
  row.addresses.push_back(unheard_text(input, *where.address));
  row.names.emplace_back();
  row.blamed = true;
  rows.push_back(std::move(row));
}

/// Devices of which a distance is all that is known, and the target where it is the last of them.
void add_unseen_interval(std::vector<Row>& rows, const ReportInput& input) {
  const Where& where = input.analysis.verdict.culprit.where;
  const bool between = where.kind == CulpritKind::between && where.first_hop && where.last_hop;
  if (!between || *where.last_hop <= rows.back().last) return;
  const bool ends_at_target = input.analysis.path.distance.destination == where.last_hop;
  const auto add = [&](unsigned first, unsigned last, std::string address) {
    if (first > last) return;
    Row row;
    row.first = first;
    row.last = last;
    row.addresses.push_back(std::move(address));
    row.names.emplace_back();
    row.blamed = true;
    rows.push_back(std::move(row));
  };
  add(std::max<unsigned>(*where.first_hop, rows.back().last + 1),
      ends_at_target ? *where.last_hop - 1u : *where.last_hop, "(address not known)");
  if (ends_at_target)
    add(*where.last_hop, *where.last_hop, address_text(input, input.run.goal.target.address));
}

}  // namespace

std::vector<Row> path_rows(const ReportInput& input) {
  std::vector<Row> rows{row_of_this_machine(input)};
  for (const Hop& hop : input.analysis.path.hops) {
    Row row = row_of(input, hop);
    if (can_fold(rows.back(), row))
      rows.back().last = row.last;
    else
      rows.push_back(std::move(row));
  }
  add_unheard_culprit(rows, input);
  add_unseen_interval(rows, input);
  // Of what lies between this machine and a place that no row shows, neither end is to blame.
  const bool between = input.analysis.verdict.culprit.where.kind == CulpritKind::between;
  if (between && std::ranges::count(rows, true, &Row::blamed) == 1) rows.front().blamed = false;
  return rows;
}

std::string_view state_text(FlowState state) {
  return state == FlowState::not_asked ? "not asked" : to_string(state);
}

}  // namespace hopblame
