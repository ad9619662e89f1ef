#include "tests/support/sim/scenario.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <map>

#include "tests/support/sim/rule_words.hpp"
#include "tests/support/sim/words.hpp"

namespace hopblame::sim {
namespace {

std::uint8_t take_ttl(Words& words) {
  const auto value = words.number("a TTL");
  if (value == 0 || value > 255) words.fail("a TTL is 1 to 255");
  return static_cast<std::uint8_t>(value);
}

/// The IPv6 stand-in of an IPv4 address; `side` tells the two interfaces of a router apart.
IpAddress in_family(const IpAddress& v4, Family family, std::uint8_t side = 0) {
  if (family == Family::ipv4) return v4;
  if (v4.is_loopback()) return *IpAddress::parse("::1");
  auto address = *IpAddress::parse("2001:db8::");
  for (std::size_t i = 0; i < 4; ++i) address.bytes[12 + i] = v4.bytes[i];
  address.bytes[7] = side;
  return address;
}

IpAddress take_address(Words& words, Family family, std::uint8_t side = 0) {
  const auto word = words.take("an address");
  const auto address = IpAddress::parse(word);
  if (!address || address->family != Family::ipv4)
    words.fail(fmt::format("'{}' is no IPv4 address", word));
  return in_family(*address, family, side);
}

void take_service(Box& box, Words& words) {
  Service service;
  service.port = words.port();
  for (bool more = true; more;) {
    if (words.take_if("banner"))
      service.greeting = words.take("a banner");
    else if (words.take_if("wait"))
      service.after = words.duration();
    else if (words.take_if("then-close"))
      service.ending = Ending::fin;
    else if (words.take_if("then-reset"))
      service.ending = Ending::reset;
    else if (words.take_if("queue-full"))
      service.queue_full = true;
    else if (words.take_if("md5"))
      service.md5 = true;
    else if (words.take_if("tarpit"))
      service.tarpit = true;
    else if (words.take_if("dies"))
      service.dies = true;
    else if (words.take_if("key-exchange"))
      service.key_exchange = words.number("bytes");
    else if (words.take_if("line-every"))
      service.line_every = words.duration();
    else
      more = false;
  }
  box.services.push_back(service);
}

void take_icmp_limit(Box& box, Words& words) {
  box.burst = words.real("a burst");
  box.refill = words.real("a rate");
  if (words.take_if("empty")) box.limit_left = 0;
}

Rule stray_eater() {
  Rule rule;
  rule.transport = Transport::tcp;
  rule.state = State::stray;
  return rule;
}

Rule drop_all() {
  Rule rule;
  rule.hook = Hook::input;
  return rule;
}

using Option = void (*)(Box&, Words&);

const std::map<std::string, Option, std::less<>> link_options{
    {"delay", [](Box& b, Words& w) { b.link.delay = w.duration(); }},
    {"jitter", [](Box& b, Words& w) { b.link.jitter = w.duration(); }},
    {"down-for", [](Box& b, Words& w) { b.link.down_for = w.duration(); }},
    {"loss", [](Box& b, Words& w) { b.link.loss = w.percent(); }},
    {"longer-return",
     [](Box& b, Words& w) { b.link.longer_return = static_cast<std::uint8_t>(w.number("hops")); }},
};

const std::map<std::string, Option, std::less<>> box_options{
    {"ttl", [](Box& b, Words& w) { b.icmp_ttl = b.reset_ttl = take_ttl(w); }},
    {"icmp-ttl", [](Box& b, Words& w) { b.icmp_ttl = take_ttl(w); }},
    {"reset-ttl", [](Box& b, Words& w) { b.reset_ttl = take_ttl(w); }},
    {"quote", [](Box& b, Words& w) { b.quote = w.number("bytes"); }},
    {"icmp-limit", take_icmp_limit},
    {"spent", [](Box& b, Words&) { b.limit_left = 0; }},  // by who asked just before
    {"spent-but", [](Box& b, Words& w) { b.limit_left = w.real("messages"); }},
    {"open", take_service},
    {"silent", [](Box& b, Words&) { b.silent = true; }},
    {"counts-first", [](Box& b, Words&) { b.counts_first = true; }},
    {"bleach", [](Box& b, Words&) { b.bleaches = true; }},
    {"ttl-rewrite", [](Box& b, Words&) { b.rewrites_ttl = true; }},
    {"loop", [](Box& b, Words&) { b.loops = true; }},
    {"mtu", [](Box& b, Words& w) { b.mtu = w.number("bytes"); }},
    {"mtu-hole", [](Box& b, Words&) { b.mtu_hole = true; }},
    {"blackhole", [](Box& b, Words&) { b.blackhole = true; }},
    {"route", [](Box& b, Words& w) { b.route = take_reason(w); }},
    {"redirect", [](Box& b, Words& w) { b.redirect = w.port(); }},
    {"port-forward", [](Box& b, Words& w) { b.port_forward = w.port(); }},
    {"syn-proxy", [](Box& b, Words& w) { b.syn_proxy = w.port(); }},
    {"user-nat", [](Box& b, Words&) { b.user_nat = FailedCall::fin; }},           // libslirp
    {"user-nat-resets", [](Box& b, Words&) { b.user_nat = FailedCall::reset; }},  // pasta
    {"nat", [](Box&, Words&) {}},  // a masquerade that restores quotes cannot be seen from inside
    {"conntrack", [](Box& b, Words&) { b.conntrack = true; }},
    {"nat-strict",
     [](Box& b, Words&) {
       b.rules.push_back(stray_eater());
       b.conntrack = true;
     }},
    {"down", [](Box& b, Words&) { b.down = true; }},
    {"drop-all", [](Box& b, Words&) { b.rules.push_back(drop_all()); }},
    {"stealth", [](Box& b, Words&) { b.stealth = true; }},
    {"no-echo", [](Box& b, Words&) { b.no_echo = true; }},
    {"no-way-back", [](Box& b, Words&) { b.no_way_back = true; }},
    {"plain-class", [](Box& b, Words&) { b.echoes_class = false; }},
};

const std::map<std::string, Option, std::less<>> injector_options{
    {"port", [](Box& b, Words& w) { b.injection.port = w.port(); }},
    {"on-data", [](Box& b, Words&) { b.injection.trigger = State::data; }},
    {"ttl", [](Box& b, Words& w) { b.injection.ttl = take_ttl(w); }},
    {"copy-ttl", [](Box& b, Words&) { b.injection.ttl.reset(); }},
    {"count", [](Box& b, Words& w) { b.injection.count = w.number("a count"); }},
    {"window",
     [](Box& b, Words& w) { b.injection.window = static_cast<std::uint16_t>(w.number("bytes")); }},
    {"wait", [](Box& b, Words& w) { b.injection.after = w.duration(); }},
    {"instead", [](Box& b, Words&) { b.injection.passes = false; }},
};

class Parser {
 public:
  explicit Parser(Family family) { scenario_.family = family; }

  void line(std::string_view text, unsigned number) {
    Words words(text, number);
    if (words.empty()) return;
    const bool continues = text.front() == ' ' || text.front() == '\t';
    if (!continues)
      head_ = words.take("a device");
    else if (head_.empty())
      words.fail("nothing to continue");
    statement(words, continues);
    if (!words.empty()) words.fail(fmt::format("'{}' is not a word for {}", words.peek(), head_));
  }

  Scenario finish(std::string_view text) {
    if (scenario_.path.empty() || scenario_.path.back().kind != BoxKind::host)
      throw ScenarioError("the last device must be a host");
    scenario_.target = {target_address(), port_};
    scenario_.text = text;
    return scenario_;
  }

 private:
  void statement(Words& words, bool continues) {
    if (head_ == "client") return client(words, continues);
    if (head_ == "target-port") return void(port_ = words.port());
    if (head_ == "no-icmp") return void(scenario_.no_icmp = true);
    if (head_ == "truth") return truth(words);
    if (!continues) begin_box(words);
    options(scenario_.path.back(), words);
  }

  void begin_box(Words& words) {
    static const std::map<std::string, BoxKind, std::less<>> kinds{
        {"hop", BoxKind::router},        {"or", BoxKind::router}, {"bridge", BoxKind::bridge},
        {"injector", BoxKind::injector}, {"host", BoxKind::host},
    };
    const auto kind = kinds.find(head_);
    if (kind == kinds.end())
      words.fail(fmt::format("'{}' is not a device such as hop or host", head_));
    Box box;
    box.kind = kind->second;
    box.alternative = head_ == "or";
    if (box.alternative &&
        (scenario_.path.empty() || scenario_.path.back().kind != BoxKind::router))
      words.fail("'or' follows a hop");
    box.name = box.kind == BoxKind::host ? "host" : words.take("a name");
    if (box.kind == BoxKind::router || box.kind == BoxKind::host) address(box, words);
    if (box.kind == BoxKind::bridge && words.take_if("address")) {
      address(box, words);
      box.has_address = true;
    }
    scenario_.path.push_back(box);
  }

  void address(Box& box, Words& words) const {
    Words again = words;
    box.address = take_address(words, scenario_.family);
    box.far_address = take_address(again, scenario_.family, 0xff);
  }

  void options(Box& box, Words& words) const {
    const auto& own = box.kind == BoxKind::injector ? injector_options : box_options;
    while (!words.empty()) {
      if (auto rule = take_rule(words, scenario_.family)) {
        box.rules.push_back(*rule);
        continue;
      }
      auto option = link_options.find(words.peek());
      if (option == link_options.end()) option = own.find(words.peek());
      if (option == own.end()) return;
      (void)words.take("an option");
      option->second(box, words);
    }
  }

  void client(Words& words, bool continues) {
    auto& client = scenario_.client;
    if (!continues) client.address = take_address(words, scenario_.family);
    while (!words.empty()) {
      if (auto rule = take_rule(words, scenario_.family)) {
        rule->back = rule->hook == Hook::input;
        client.rules.push_back(*rule);
      } else if (words.take_if("no-route"))
        client.route_error = ENETUNREACH;
      else if (words.take_if("route-unreachable"))
        client.route_error = EHOSTUNREACH;
      else if (words.take_if("route-prohibit"))
        client.route_error = EACCES;
      else if (words.take_if("route-blackhole"))
        client.route_error = EINVAL;
      else if (words.take_if("gateway-dead"))
        client.gateway_dead = true;
      else if (words.take_if("link-down"))
        client.link_down = true;
      else if (words.take_if("loopback"))
        client.loopback = true;
      else
        return;
    }
  }

  void truth(Words& words) {
    Truth truth;
    while (const auto name = mechanism(words.peek())) {
      truth.mechanisms.push_back(*name);
      (void)words.take("a mechanism");
    }
    if (truth.mechanisms.empty()) words.fail(fmt::format("'{}' is not a mechanism", words.peek()));
    truth.hop = static_cast<std::uint8_t>(words.number("the hop of blame"));
    scenario_.truth = truth;
  }

  [[nodiscard]] IpAddress target_address() const {
    for (const auto& box : scenario_.path)
      if (box.port_forward) return box.address;
    return scenario_.path.back().address;
  }

  Scenario scenario_;
  std::string head_;
  std::uint16_t port_ = 22;
};

}  // namespace

Scenario parse_scenario(std::string_view text, Family family) {
  Parser parser(family);
  unsigned number = 0;
  for (auto rest = text; !rest.empty();) {
    const auto end = rest.find('\n');
    parser.line(rest.substr(0, end), ++number);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return parser.finish(text);
}

Duration round_trip(const Scenario& scenario) {
  Duration way{};
  for (const auto& box : scenario.path)
    if (!box.alternative) way += box.link.delay;
  return 2 * way;
}

std::uint8_t host_distance(const Scenario& scenario) {
  std::uint8_t hops = 1;
  for (const auto& box : scenario.path)
    if (box.kind == BoxKind::router && !box.alternative) ++hops;
  return hops;
}

}  // namespace hopblame::sim
