#include "tests/analysis/trace_builder.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <stdexcept>
#include <tuple>

#include "tests/analysis/trace_packets.hpp"

namespace hopblame::trace {
namespace {

constexpr std::uint32_t kernel_sequence = 0xc0ffee00, label = 0x5f3a1;
constexpr std::uint32_t elsewhere = 7;  ///< number of the interface of that fact
constexpr LinkAddress our_link{{2, 0, 0, 0, 0, 1}}, gateway_link{{2, 0, 0, 0, 0, 2}},
    another_link{{2, 0, 0, 0, 0, 9}};
constexpr TimePoint start{std::chrono::hours(24 * 365 * 50)};

template <class Number>
Number as(double value) {
  return static_cast<Number>(std::lround(value));
}

Duration span(double seconds) { return Duration(std::llround(seconds * 1e9)); }
TimePoint moment(double seconds) { return start + span(seconds); }

ProbeKind kind_of(const std::string& word) {
  if (word == "bad-syn") return ProbeKind::syn_bad_checksum;
  const auto kind = probe_kind(word.c_str());
  if (!kind) throw std::invalid_argument("no probe: " + word);
  return *kind;
}

Aim aim_of(ProbeKind kind, Words& words) {
  if (kind == ProbeKind::echo) return Aim::none;
  return *probe_aim(words.next().c_str());
}

void rewrite(Quote& quote, Words& words, Family family) {
  if (const auto limit = words.number("q")) quote.hop_limit = {as<std::uint8_t>(*limit)};
  if (const auto name = words.value("quoted-source"))
    quote.flow.source.address = address_of(*name, family);
  if (const auto name = words.value("quoted-destination"))
    quote.flow.destination.address = address_of(*name, family);
  if (const auto port = words.number("quoted-source-port"))
    quote.flow.source.port = as<std::uint16_t>(*port);
  if (const auto port = words.number("quoted-destination-port"))
    quote.flow.destination.port = as<std::uint16_t>(*port);
  if (const auto tos = words.number("quoted-tos")) quote.traffic_class = as<std::uint8_t>(*tos);
  quote.bad_checksum = words.take("quote-changed");
  if (words.value("quoted-seq")) quote.tcp_sequence = *quote.tcp_sequence + 99;
}

}  // namespace

Builder::Builder(Family family)
    : family_(family),
      run_([&] {
        Run run;
        run.goal.host = "server";
        run.goal.target = {address_of("server", family), 22};
        run.goal.control_port = 47801;
        run.facts.vantage.local = address_of("client", family);
        run.facts.vantage.interface = "eth0";
        run.facts.vantage.gateway = address_of("r1", family);
        run.started = run.facts.started = start;
        return run;
      }()),
      factory_(new_factory()) {}

ProbeFactory Builder::new_factory() {
  return {run_.goal, run_.facts.vantage.local, [this] { return ++port_; },
          [this] { return random_ = random_ * 1664525 + 1013904223; }};
}

Observation Builder::packet(const Flow& flow, TimePoint at, std::uint8_t hop_limit) const {
  Observation observation;
  observation.at = at;
  observation.flow = flow;
  observation.hop_limit = {hop_limit};
  return observation;
}

void Builder::sees(Observation observation) {
  last_ = std::max(last_, observation.at);
  run_.observations.push_back(std::move(observation));
}

void Builder::leaves(const ProbeSpec& spec, TimePoint at, std::uint8_t hop_limit) {
  auto observation = packet(spec.flow, at, hop_limit);
  observation.traffic_class = spec.traffic_class;
  observation.ip_id_or_flow_label = family_ == Family::ipv4 ? spec.ip_id : 0;
  observation.message = message_of(spec);
  observation.link = {our_link, gateway_link};
  sees(std::move(observation));
}

void Builder::probe(double at, const std::string& kind_word, Words& words,
                    const std::vector<std::string>& replies) {
  Question question;
  question.kind = kind_of(kind_word);
  question.aim = aim_of(question.kind, words);
  if (const auto hops = words.prefixed('@'))
    question.hop_limit = {static_cast<std::uint8_t>(std::stoi(*hops))};
  if (const auto lane = words.number("lane")) question.lane = as<std::uint8_t>(*lane);
  const auto tries = std::stoi(words.prefixed('x').value_or("1"));
  const auto spacing = words.number("every").value_or(1.1);
  const auto left_with = words.number("left-with").value_or(question.hop_limit.value);
  const bool unsent = words.take("unsent");
  const auto error = errno_of(words.value("error").value_or("0"));
  words.finish();
  for (int index = 0; index < tries; ++index) {
    const auto when = moment(at + spacing * index);
    const auto spec = factory_.make(question);
    run_.sends.push_back({spec, when, error});
    last_ = std::max(last_, when);
    if (unsent || error != 0) continue;
    leaves(spec, when, as<std::uint8_t>(left_with));
    for (const auto& text : replies) {
      Words reply_words(text);
      const auto only = reply_words.number("only");
      if (!only || as<int>(*only) == index + 1) reply(spec, when, reply_words);
    }
  }
}

void Builder::reply(const ProbeSpec& asked, TimePoint left, Words& words) {
  const auto at = left + span(words.number("after").value_or(0.001));
  if (const auto code = words.value("icmp"))
    icmp_reply(asked, at, *code, words);
  else if (words.take("te"))
    icmp_reply(asked, at, "te", words);
  else
    segment_reply(asked, at, words.next(), words);
  words.finish();
}

void Builder::segment_reply(const ProbeSpec& asked, TimePoint at, const std::string& kind,
                            Words& words) {
  auto observation =
      packet(asked.flow.reversed(), at, as<std::uint8_t>(words.number("ttl").value()));
  observation.dont_fragment = family_ == Family::ipv4;
  if (words.take("marked")) {
    observation.traffic_class = probe_traffic_class;
    if (family_ == Family::ipv6) observation.ip_id_or_flow_label = label;
  }
  if (words.take("elsewhere")) observation.interface_index = elsewhere;
  observation.link = {gateway_link, words.take("for-another") ? another_link : our_link};
  if (const auto tos = words.number("tos")) observation.traffic_class = as<std::uint8_t>(*tos);
  if (const auto value = words.number("label"))
    observation.ip_id_or_flow_label = as<std::uint32_t>(*value);
  if (const auto id = words.number("id")) observation.ip_id_or_flow_label = as<std::uint32_t>(*id);
  if (const auto name = words.value("from"))
    observation.flow.source.address = address_of(*name, family_);
  if (kind == "echo-reply") {
    observation.message = IcmpEcho{true, asked.echo_identifier, asked.echo_sequence};
    return sees(std::move(observation));
  }
  if (kind == "udp-reply") {
    observation.message = UdpDatagram{20, 0x7777};
    return sees(std::move(observation));
  }
  auto segment = answer_to(asked, kind);
  if (const auto window = words.number("win")) segment.window = as<std::uint16_t>(*window);
  segment.bad_checksum = words.take("bad-checksum");
  segment.is_signed = words.take("signed");
  if (const auto said = words.value("text")) {
    segment.text = {said->begin(), said->end()};
    std::ranges::replace(segment.text, '_', ' ');
    segment.payload = static_cast<std::uint32_t>(segment.text.size());
  }
  if (words.value("ack")) segment.acknowledgment += 99;
  if (words.take("uncounted")) segment.acknowledgment -= 1;
  if (words.value("seq")) segment.sequence += 99;
  if (words.take("bare")) {
    segment.mss.reset();
    segment.option_bytes = 0;
    segment.timestamps = segment.sack_permitted = segment.window_scale = false;
  }
  observation.message = segment;
  const bool heard =
      words.take("stack-resets") ||
      (!words.take("stack-silent") && kind == "syn-ack" && asked.sequence != kernel_sequence);
  sees(std::move(observation));
  if (!heard) return;
  auto own = packet(asked.flow, at + std::chrono::microseconds(50), 64);
  TcpSegment reset;
  reset.flags = tcp_flag::rst;
  reset.sequence = asked.sequence + 1;
  own.message = reset;
  sees(std::move(own));
}

void Builder::icmp_reply(const ProbeSpec& asked, TimePoint at, const std::string& word,
                         Words& words) {
  const auto transport = family_ == Family::ipv4 ? Transport::icmp : Transport::icmp6;
  const auto from = address_of(words.value("from").value_or("server"), family_);
  const Flow flow{transport, {from, 0}, {asked.flow.source.address, 0}};
  auto observation = packet(flow, at, as<std::uint8_t>(words.number("ttl").value()));
  observation.link = {gateway_link, words.take("for-another") ? another_link : our_link};
  const bool forged = words.take("forged");
  if (forged)
    observation.dont_fragment = family_ == Family::ipv4;
  else if (family_ == Family::ipv4)
    observation.traffic_class = 0xc8;
  if (!forged) observation.ip_id_or_flow_label = label;
  IcmpError error;
  std::tie(error.type, error.code) = icmp_of(word, family_);
  if (const auto mtu = words.number("mtu")) error.mtu = as<std::uint32_t>(*mtu);
  auto quote = quote_of(asked);
  rewrite(quote, words, family_);
  const auto length = words.value("quote").value_or("whole");
  if (length == "8") {
    quote.tcp_flags.reset();
    quote.bytes = family_ == Family::ipv4 ? 28 : 48;
  }
  if (length != "none") error.quote = quote;
  observation.message = error;
  sees(std::move(observation));
}

void Builder::connect(double at, Words& words, const std::vector<std::string>& replies) {
  ProbeSpec syn;
  syn.flow = {Transport::tcp, {run_.facts.vantage.local, 50022}, run_.goal.target};
  syn.sequence = kernel_sequence;
  syn.traffic_class = 0;
  const auto syns = as<int>(words.number("syns").value_or(1));
  const bool ecn = words.take("ecn"), usual = words.take("usual-options");
  const auto hops = words.number("hops").value_or(full_hop_limit.value);
  const auto first_seen = run_.observations.size();
  run_.connect = ConnectRecord{};
  if (!words.take("hidden"))
    for (int i = 0; i < syns; ++i) leaves(syn, moment(at + i), as<std::uint8_t>(hops));
  for (auto seen = run_.observations.begin() + static_cast<std::ptrdiff_t>(first_seen);
       usual && seen != run_.observations.end(); ++seen) {
    auto& segment = std::get<TcpSegment>(seen->message);
    segment.timestamps = segment.sack_permitted = segment.window_scale = true;
  }
  if (ecn) std::get<TcpSegment>(run_.observations.at(first_seen).message).flags |= tcp_flag::ecn;
  for (const auto& text : replies) {
    Words reply_words(text);
    const auto only = as<int>(reply_words.number("only").value_or(1));
    reply(syn, moment(at + only - 1), reply_words);
  }
  auto& record = *run_.connect;
  record.flow = syn.flow;
  record.at = moment(at);
  if (const auto error = words.value("returns")) {
    record.error = errno_of(*error);
    const bool answered = run_.observations.size() > first_seen && !replies.empty();
    const auto soon = (answered ? last_ : record.at) + std::chrono::microseconds(100);
    const auto took = words.number("took");
    record.ended = took ? record.at + span(*took) : soon;
  }
  conversation(syn, record, words);
  words.finish();
}

void Builder::conversation(const ProbeSpec& syn, ConnectRecord& record, Words& words) {
  const auto ttl = words.value("ttl").value_or("61");
  const auto spoke = words.number("spoke").value_or(0.005);
  const auto closes = words.number("closes").value_or(0.02);
  if (auto says = words.value("says")) {
    std::ranges::replace(*says, '_', ' ');
    record.greeting = *says;
    record.spoke = *record.ended + span(spoke);
    Words phrase("data ttl=" + ttl);
    reply(syn, *record.spoke - std::chrono::milliseconds(1), phrase);
  }
  if (const auto manner = words.value("closed")) {
    record.closed = *record.ended + span(closes);
    record.close_error = *manner == "fin" ? 0 : ECONNRESET;
    auto observation =
        packet(syn.flow.reversed(), *record.closed, static_cast<std::uint8_t>(std::stoi(ttl)));
    auto end = answer_to(syn, "fin");
    end.sequence += record.greeting.empty() ? 0u : 20u;
    if (*manner == "rst") end.flags = tcp_flag::rst;
    if (*manner == "rst-ack") end.flags = tcp_flag::rst | tcp_flag::ack;
    observation.message = end;
    sees(std::move(observation));
  }
}

void Builder::neighbour(double at, Words& words) {
  const auto target = address_of(words.next(), family_);
  const bool answered = words.take("answered");
  words.finish();
  auto observation = packet({}, moment(at), 255);
  observation.message = NeighbourMessage{false, target};
  sees(observation);
  if (!answered) return;
  observation.at += std::chrono::microseconds(200);
  observation.message = NeighbourMessage{true, target};
  sees(observation);
}

void Builder::fact(Words& words) {
  auto& facts = run_.facts;
  auto& vantage = facts.vantage;
  if (const auto name = words.value("gateway")) vantage.gateway = address_of(*name, family_);
  if (words.take("on-link")) vantage.gateway.reset();
  if (words.take("off-network")) vantage.off_network = true;
  if (words.take("source-loopback"))
    vantage.local = address_of(family_ == Family::ipv4 ? "127.0.0.1" : "::1", family_);
  if (const auto name = words.value("source")) vantage.local = address_of(*name, family_);
  if (const auto error = words.value("route-error")) vantage.route_error = errno_of(*error);
  if (const auto name = words.value("down")) vantage.down_interfaces.push_back(*name);
  if (words.take("interface-down")) vantage.interface_up = false;
  if (words.take("on-other-links")) vantage.on_other_links = true;
  if (words.take("local-target")) vantage.target_is_local = true;
  if (const auto count = words.number("dropped")) facts.dropped = as<std::uint64_t>(*count);
  if (words.take("interrupted")) facts.interrupted = true;
  if (words.take("truncated")) facts.truncated = true;
  if (words.take("clock-stepped")) facts.clock_stepped = true;
  if (words.take("interface-lost")) facts.interface_lost = true;
  if (words.take("blind-outbound")) facts.sees_outbound = false;
  if (words.take("no-handshake")) run_.goal.handshake = false;
  if (const auto seconds = words.number("patience"))
    run_.goal.patience =
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*seconds));
  if (const auto port = words.number("port")) {
    run_.goal.target.port = as<std::uint16_t>(*port);
    factory_ = new_factory();
  }
  if (const auto name = words.value("other-open"))
    run_.others.push_back({address_of(*name, family_), 0});
  if (const auto name = words.value("elsewhere")) vantage.elsewhere = {{elsewhere, *name}};
  if (const auto ends = words.number("ends")) ends_ = *ends;
  if (const auto at = words.number("hung-up")) run_.connect->hung_up = moment(*at);
  words.finish();
}

Run Builder::finish() {
  std::ranges::stable_sort(run_.observations, {}, &Observation::at);
  std::ranges::stable_sort(run_.sends, {}, &SendRecord::at);
  std::uint64_t frame = 0;
  for (auto& observation : run_.observations) observation.frame = {++frame};
  run_.ended = ends_ ? moment(*ends_) : std::max(last_, start) + std::chrono::milliseconds(500);
  run_.facts.horizon = run_.ended;
  return std::move(run_);
}

}  // namespace hopblame::trace
