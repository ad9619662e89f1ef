#include "analysis/model/words.hpp"

#include <array>
#include <utility>

namespace hopblame {
namespace {

template <class Value>
struct Entry {
  Value value;
  std::string_view word;
};
template <class Value>  // clang 14 deduces nothing for aggregates
Entry(Value, const char*)->Entry<Value>;

constexpr std::array outcomes{
    Entry{Outcome::open, "open"},
    Entry{Outcome::refused, "refused"},
    Entry{Outcome::rejected, "rejected"},
    Entry{Outcome::unreachable, "unreachable"},
    Entry{Outcome::dropped, "dropped"},
    Entry{Outcome::closed_early, "closed-early"},
    Entry{Outcome::silent_service, "silent-service"},
    Entry{Outcome::intermittent, "intermittent"},
    Entry{Outcome::local, "local"},
    Entry{Outcome::inconclusive, "inconclusive"},
};

constexpr std::array culprit_kinds{
    Entry{CulpritKind::destination, "destination"},
    Entry{CulpritKind::router, "router"},
    Entry{CulpritKind::between, "between"},
    Entry{CulpritKind::this_host, "this-host"},
    Entry{CulpritKind::none, "none"},
    Entry{CulpritKind::unknown, "unknown"},
};

constexpr std::array confidences{
    Entry{Confidence::weak, "weak"},
    Entry{Confidence::strong, "strong"},
    Entry{Confidence::certain, "certain"},
};

constexpr std::array mechanisms{
    Entry{Mechanism::closed_port, "closed-port"},
    Entry{Mechanism::host_firewall_reset, "host-firewall-reset"},
    Entry{Mechanism::middlebox_reset, "middlebox-reset"},
    Entry{Mechanism::injected_reset, "injected-reset"},
    Entry{Mechanism::icmp_reject_host, "icmp-reject-host"},
    Entry{Mechanism::icmp_reject_router, "icmp-reject-router"},
    Entry{Mechanism::no_route, "no-route"},
    Entry{Mechanism::route_prohibited, "route-prohibited"},
    Entry{Mechanism::routing_loop, "routing-loop"},
    Entry{Mechanism::host_down, "host-down"},
    Entry{Mechanism::filter_drop, "filter-drop"},
    Entry{Mechanism::syn_filter, "syn-filter"},
    Entry{Mechanism::accept_queue_full, "accept-queue-full"},
    Entry{Mechanism::answer_lost, "answer-lost"},
    Entry{Mechanism::blackhole, "blackhole"},
    Entry{Mechanism::host_silent, "host-silent"},
    Entry{Mechanism::syn_proxy, "syn-proxy"},
    Entry{Mechanism::transparent_proxy, "transparent-proxy"},
    Entry{Mechanism::port_forward, "port-forward"},
    Entry{Mechanism::tarpit, "tarpit"},
    Entry{Mechanism::accept_then_close, "accept-then-close"},
    Entry{Mechanism::connection_limit, "connection-limit"},
    Entry{Mechanism::data_blocked, "data-blocked"},
    Entry{Mechanism::rate_limit, "rate-limit"},
    Entry{Mechanism::probe_ban, "probe-ban"},
    Entry{Mechanism::path_loss, "path-loss"},
    Entry{Mechanism::local_output_filter, "local-output-filter"},
    Entry{Mechanism::local_input_filter, "local-input-filter"},
    Entry{Mechanism::local_route, "local-route"},
    Entry{Mechanism::local_neighbour, "local-neighbour"},
    Entry{Mechanism::local_interface, "local-interface"},
    Entry{Mechanism::listening, "listening"},
};

constexpr std::array caveats{
    Entry{CaveatId::icmp_rate_limited, "icmp-rate-limited"},
    Entry{CaveatId::no_icmp, "no-icmp"},
    Entry{CaveatId::path_loss, "path-loss"},
    Entry{CaveatId::unexpected_service, "unexpected-service"},
    Entry{CaveatId::no_handshake, "no-handshake"},
    Entry{CaveatId::control_silent, "control-silent"},
    Entry{CaveatId::control_open, "control-open"},
    Entry{CaveatId::class_not_echoed, "class-not-echoed"},
    Entry{CaveatId::capture_drops, "capture-drops"},
    Entry{CaveatId::capture_truncated, "capture-truncated"},
    Entry{CaveatId::clock_stepped, "clock-stepped"},
    Entry{CaveatId::interrupted, "interrupted"},
    Entry{CaveatId::interface_lost, "interface-lost"},
    Entry{CaveatId::forged_replies, "forged-replies"},
    Entry{CaveatId::answers_elsewhere, "answers-elsewhere"},
    Entry{CaveatId::several_paths, "several-paths"},
    Entry{CaveatId::asymmetric_return, "asymmetric-return"},
    Entry{CaveatId::quote_rewritten, "quote-rewritten"},
    Entry{CaveatId::behind_forward, "behind-forward"},
    Entry{CaveatId::transparent_proxy, "transparent-proxy"},
    Entry{CaveatId::other_address_open, "other-address-open"},
    Entry{CaveatId::silent_hops, "silent-hops"},
    Entry{CaveatId::not_sent, "not-sent"},
    Entry{CaveatId::unverified, "unverified"},
    Entry{CaveatId::hop_limit_rewritten, "hop-limit-rewritten"},
    Entry{CaveatId::small_mtu, "small-mtu"},
    Entry{CaveatId::by_form, "by-form"},
    Entry{CaveatId::one_direction, "one-direction"},
    Entry{CaveatId::short_run, "short-run"},
    Entry{CaveatId::client_inferred, "client-inferred"},
    Entry{CaveatId::captured_midway, "captured-midway"},
    Entry{CaveatId::snap_length, "snap-length"},
    Entry{CaveatId::no_walk, "no-walk"},
    Entry{CaveatId::given_up_early, "given-up-early"},
    Entry{CaveatId::not_covered, "not-covered"},
    Entry{CaveatId::clocks_not_compared, "clocks-not-compared"},
    Entry{CaveatId::captures_swapped, "captures-swapped"},
    Entry{CaveatId::captures_of_one_place, "captures-of-one-place"},
    Entry{CaveatId::unmatched, "unmatched"},
    Entry{CaveatId::unprivileged, "unprivileged"},
    Entry{CaveatId::two_owners, "two-owners"},
};

/// Every table has its words in the order of the enumeration.
template <class Table>
constexpr bool is_in_order(const Table& table) {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].value) != i) return false;
  return true;
}
static_assert(is_in_order(outcomes) && is_in_order(culprit_kinds) && is_in_order(confidences) &&
              is_in_order(mechanisms) && is_in_order(caveats));

template <class Table, class Value>
constexpr std::string_view word_of(const Table& table, Value value) {
  const auto index = static_cast<std::size_t>(value);
  return index < table.size() ? table[index].word : "?";
}

template <class Value, class Table>
std::optional<Value> value_of(const Table& table, std::string_view word) {
  for (const auto& entry : table)
    if (entry.word == word) return entry.value;
  return {};
}

template <class Value, std::size_t size>
constexpr std::array<Value, size> values_of(const std::array<Entry<Value>, size>& table) {
  std::array<Value, size> values{};
  for (std::size_t i = 0; i < size; ++i) values[i] = table[i].value;
  return values;
}

constexpr auto outcome_values = values_of(outcomes);
constexpr auto mechanism_values = values_of(mechanisms);
constexpr auto caveat_values = values_of(caveats);

}  // namespace

std::string_view to_string(Outcome value) { return word_of(outcomes, value); }
std::string_view to_string(CulpritKind value) { return word_of(culprit_kinds, value); }
std::string_view to_string(Confidence value) { return word_of(confidences, value); }
std::string_view to_string(Mechanism value) { return word_of(mechanisms, value); }
std::string_view to_string(CaveatId value) { return word_of(caveats, value); }

std::span<const Outcome> all_outcomes() { return outcome_values; }
std::span<const Mechanism> all_mechanisms() { return mechanism_values; }
std::span<const CaveatId> all_caveats() { return caveat_values; }

std::optional<Outcome> outcome(std::string_view word) { return value_of<Outcome>(outcomes, word); }
std::optional<Mechanism> mechanism(std::string_view word) {
  return value_of<Mechanism>(mechanisms, word);
}
std::optional<CaveatId> caveat(std::string_view word) { return value_of<CaveatId>(caveats, word); }

}  // namespace hopblame
