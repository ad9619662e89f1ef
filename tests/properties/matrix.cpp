#include "tests/properties/matrix.hpp"

#include <fmt/format.h>

namespace hopblame::properties {
namespace {

using Kind = CulpritKind;
using Outcomes = std::vector<Outcome>;
using Mechanisms = std::vector<Mechanism>;

const std::string open = "open 22 banner \"SSH-2.0-x\\r\\n\"";

Chain with_host(const std::string& host) {
  Chain chain;
  chain.host = host;
  return chain;
}

Chain with_router(const std::string& fault, const std::string& host = open) {
  Chain chain;
  chain.fault = fault;
  chain.host = host;
  return chain;
}

Place destination(unsigned n) { return {Kind::destination, n, n}; }
Place router(unsigned f) { return {Kind::router, f, f}; }
Place between(unsigned first, unsigned last) { return {Kind::between, first, last}; }
Place here() { return {Kind::this_host, 0, 0}; }

const Mechanisms syn_silent{Mechanism::syn_filter, Mechanism::accept_queue_full};
const Mechanisms all_silent{Mechanism::host_silent, Mechanism::filter_drop, Mechanism::blackhole};

/// A row whose fault is on the host.
MatrixRow at_host(std::string id, std::string host, Outcome outcome, Mechanisms best,
                  std::vector<CaveatId> caveats = {}) {
  return {
      std::move(id), 1, false, [host](unsigned, unsigned) { return with_host(host); },
      [=](unsigned n, unsigned) {
        const auto culprit = outcome == Outcome::open ? Place{Kind::none, 0, 0} : destination(n);
        return Expected{{outcome}, culprit, best, {}, caveats, n};
      }};
}

/// Silence that begins at the host: nobody can tell it from the segment before it.
MatrixRow silent_host(std::string id, std::string host, Mechanisms best, Mechanisms rarer) {
  return {std::move(id), 2, false, [host](unsigned, unsigned) { return with_host(host); },
          [=](unsigned n, unsigned) {
            return Expected{{Outcome::dropped}, between(n - 1, n), best, rarer, {}, n};
          }};
}

/// A row whose fault is on a router that names itself.
MatrixRow at_router(std::string id, std::string fault, Outcome outcome, Mechanisms best) {
  return {std::move(id), 2, true, [fault](unsigned, unsigned) { return with_router(fault); },
          [=](unsigned, unsigned f) { return Expected{{outcome}, router(f), best, {}, {}, f}; }};
}

std::vector<MatrixRow> host_rows() {
  return {
      at_host("open", open, Outcome::open, {Mechanism::listening}),
      at_host("open-other-service", "open 22 banner \"220 mail ESMTP\\r\\n\"", Outcome::open,
              {Mechanism::listening}, {CaveatId::unexpected_service}),
      at_host("closed", "", Outcome::refused, {Mechanism::closed_port}),
      at_host("host-reset", open + " input reset tcp 22", Outcome::refused,
              {Mechanism::host_firewall_reset}),
      at_host("host-reset-syn", open + " input reset tcp 22 new", Outcome::refused,
              {Mechanism::host_firewall_reset}),
      at_host("host-port-unreach", open + " input reject port tcp 22", Outcome::rejected,
              {Mechanism::icmp_reject_host}),
      at_host("host-admin", open + " input reject admin tcp 22", Outcome::rejected,
              {Mechanism::icmp_reject_host}),
      at_host("host-all-prohibited",
              open + " input reject host-prohibited tcp input reject host-prohibited udp",
              Outcome::rejected, {Mechanism::icmp_reject_host}),
      silent_host("host-drop", open + " input drop tcp 22", {Mechanism::filter_drop},
                  {Mechanism::answer_lost}),
      silent_host("host-drop-all", open + " drop-all", all_silent, {}),
      silent_host("host-syn-drop", open + " input drop tcp 22 syn", syn_silent,
                  {Mechanism::answer_lost}),
      silent_host("queue-full", "open 22 queue-full", syn_silent, {Mechanism::answer_lost}),
      at_host("wrappers", "open 22 then-close", Outcome::closed_early,
              {Mechanism::accept_then_close}),
      at_host("max-startups", "open 22 banner \"Exceeded MaxStartups\\r\\n\" then-close",
              Outcome::closed_early, {Mechanism::connection_limit}),
      at_host("silent-service", "open 22", Outcome::silent_service,
              {Mechanism::data_blocked, Mechanism::tarpit}),
  };
}

std::vector<MatrixRow> router_rows() {
  return {
      at_router("reset", "forward reset tcp 22", Outcome::refused, {Mechanism::middlebox_reset}),
      at_router("raw-reset", "prerouting reset tcp 22", Outcome::refused,
                {Mechanism::middlebox_reset}),
      at_router("reset-ttl255", "ttl 255 forward reset tcp 22", Outcome::refused,
                {Mechanism::middlebox_reset}),
      at_router("admin", "forward reject admin tcp 22", Outcome::rejected,
                {Mechanism::icmp_reject_router}),
      at_router("port-unreach", "forward reject port tcp 22", Outcome::rejected,
                {Mechanism::icmp_reject_router}),
      at_router("raw-admin", "prerouting reject admin tcp 22", Outcome::rejected,
                {Mechanism::icmp_reject_router}),
      at_router("established-acl", "forward reject admin tcp 22 unestablished", Outcome::rejected,
                {Mechanism::icmp_reject_router}),
      at_router("no-route", "route no-route", Outcome::unreachable, {Mechanism::no_route}),
      at_router("unreachable", "route unreachable", Outcome::unreachable, {Mechanism::no_route}),
      at_router("prohibit", "route prohibit", Outcome::unreachable, {Mechanism::route_prohibited}),
  };
}

Expected drop_expected(unsigned n, unsigned f) {
  Expected expected{{Outcome::dropped}, between(f, f + 1), {Mechanism::filter_drop}, {}, {}, f};
  if (f + 1 == n) expected.rarer = {Mechanism::answer_lost};  // it looks like a drop at the host
  return expected;
}

std::vector<MatrixRow> silent_router_rows() {
  const auto drop = [](unsigned, unsigned) { return with_router("forward drop tcp 22"); };
  const auto raw = [](unsigned, unsigned) { return with_router("prerouting drop tcp 22"); };
  const auto hole = [](unsigned, unsigned) { return with_router("blackhole"); };
  const auto lost = [](unsigned, unsigned) {
    return with_router("forward back drop tcp 22 synack");
  };
  return {
      {"drop", 2, true, drop, drop_expected},
      {"raw-drop", 3, true, raw,
       [](unsigned, unsigned f) {
         // This host is cleared by its own capture: before hop 1 there is nobody else.
         const auto culprit = f == 1 ? router(1) : between(f - 1, f);
         return Expected{{Outcome::dropped}, culprit, {Mechanism::filter_drop}, {}, {}, f};
       }},
      {"blackhole", 3, true, hole,
       [](unsigned, unsigned f) {
         const auto culprit = f == 1 ? Place{Kind::unknown, 0, 0} : between(f - 1, f);
         return Expected{{Outcome::dropped}, culprit, all_silent, {}, {}, f};
       }},
      {"return-drop", 2, true, lost,
       [](unsigned n, unsigned f) {
         return Expected{
             {Outcome::dropped}, between(n - 1, n), syn_silent, {Mechanism::answer_lost}, {}, f};
       }},
  };
}

std::vector<MatrixRow> path_rows() {
  const auto loop = [](unsigned, unsigned f) {
    Chain chain;
    chain.on_router = [f](unsigned hop) { return hop == f + 1 ? "loop" : ""; };
    return chain;
  };
  const auto down = [](unsigned, unsigned) { return with_host("down"); };
  const auto proxied = [](unsigned, unsigned) { return with_router("syn-proxy 22", "drop-all"); };
  const auto redirect = [](unsigned, unsigned) {
    return with_router("redirect 22 open 22 banner \"SSH-2.0-proxy\\r\\n\"");
  };
  const auto forward = [](unsigned n, unsigned) {
    Chain chain;
    chain.host = "";
    chain.on_router = [n](unsigned hop) { return hop + 1 == n ? "port-forward 22" : ""; };
    return chain;
  };
  return {
      {"loop", 3, true, loop,
       [](unsigned, unsigned f) {
         return Expected{
             {Outcome::unreachable}, between(f, f + 1), {Mechanism::routing_loop}, {}, {}, f};
       },
       1, 2},
      {"host-down", 2, false, down,
       [](unsigned n, unsigned) {
         return Expected{{Outcome::unreachable}, destination(n), {Mechanism::host_down}, {}, {}, n};
       }},
      {"synproxy", 2, true, proxied,
       [](unsigned, unsigned f) {
         return Expected{{Outcome::silent_service, Outcome::closed_early},
                         router(f),
                         {Mechanism::syn_proxy},
                         {},
                         {},
                         f};
       }},
      {"proxy", 2, true, redirect,
       [](unsigned, unsigned f) {
         return Expected{{Outcome::open},
                         {Kind::none, 0, 0},
                         {Mechanism::transparent_proxy},
                         {},
                         {CaveatId::transparent_proxy},
                         f};
       }},
      {"port-forward", 2, false, forward,
       [](unsigned n, unsigned) {
         return Expected{{Outcome::refused},
                         destination(n),
                         {Mechanism::closed_port, Mechanism::port_forward},
                         {},
                         {},
                         n};
       }},
  };
}

std::vector<MatrixRow> harder_rows() {
  const auto silent = [](unsigned, unsigned f) {
    auto chain = with_router("forward drop tcp 22");
    chain.on_router = [f](unsigned hop) { return hop + 1 == f || hop == f + 1 ? "silent" : ""; };
    return chain;
  };
  const auto no_icmp = [](unsigned, unsigned) {
    auto chain = with_host(open + " input drop tcp 22");
    chain.more = "no-icmp\n";
    return chain;
  };
  const auto limited = [](unsigned, unsigned) {
    auto chain = with_host("");
    chain.on_router = [](unsigned) { return "icmp-limit 1 0.3 empty"; };
    return chain;
  };
  const auto behind_nat = [](const char* fault) {
    return [fault](unsigned, unsigned) {
      auto chain = with_router(fault);
      chain.on_router = [](unsigned hop) { return hop == 1 ? "nat-strict" : ""; };
      return chain;
    };
  };
  return {
      {"silent-routers", 4, true, silent,
       [](unsigned n, unsigned f) {
         return Expected{{Outcome::dropped},
                         between(f, std::min(f + 2, n)),
                         {Mechanism::filter_drop},
                         {},
                         {},
                         f};
       },
       2, 2},
      {"no-icmp", 2, false, no_icmp,
       [](unsigned n, unsigned) {
         return Expected{{Outcome::dropped},
                         between(0, n),
                         {Mechanism::filter_drop, Mechanism::answer_lost},
                         {},
                         {CaveatId::no_icmp},
                         n};
       }},
      {"icmp-limited", 2, false, limited,
       [](unsigned n, unsigned) {
         return Expected{{Outcome::refused}, destination(n), {Mechanism::closed_port}, {}, {}, n};
       }},
      {"nat", 3, true, behind_nat("forward reject admin tcp 22"),
       [](unsigned, unsigned f) {
         return Expected{
             {Outcome::rejected}, router(f), {Mechanism::icmp_reject_router}, {}, {}, f};
       },
       2, 1},
      {"nat-reset", 3, true, behind_nat("forward reset tcp 22"),
       [](unsigned, unsigned f) {
         return Expected{{Outcome::refused}, router(f), {Mechanism::middlebox_reset}, {}, {}, f};
       },
       2, 1},
  };
}

std::vector<MatrixRow> memory_rows() {
  return {
      {"rate-limit", 2, false,
       [](unsigned, unsigned) { return with_host(open + " input drop tcp 22 syn over 1"); },
       [](unsigned n, unsigned) {
         return Expected{
             {Outcome::intermittent}, between(n - 1, n), {Mechanism::rate_limit}, {}, {}, n};
       }},
      {"ban", 2, false,
       [](unsigned, unsigned) { return with_host(open + " input drop tcp 22 syn after 3 ban"); },
       [](unsigned n, unsigned) {
         return Expected{
             {Outcome::intermittent}, between(n - 1, n), {Mechanism::probe_ban}, {}, {}, n};
       }},
  };
}

std::vector<MatrixRow> injector_rows() {
  const auto beside = [](const char* line) {
    return [line](unsigned, unsigned) {
      auto chain = with_router("");
      chain.after_fault = line;
      return chain;
    };
  };
  return {
      {"injected", 2, true, beside("injector box ttl 60 count 3 window 1980"),
       [](unsigned n, unsigned f) {
         return Expected{{Outcome::refused}, between(1, n), {Mechanism::injected_reset}, {}, {}, f};
       }},
      {"ttl-copy", 2, true, beside("injector box copy-ttl instead"),
       [](unsigned n, unsigned f) {
         return Expected{{Outcome::refused},
                         between(1, n),
                         {Mechanism::middlebox_reset, Mechanism::injected_reset},
                         {},
                         {},
                         f};
       }},
      {"reset-on-data", 2, true, beside("injector box on-data ttl 64 instead"),
       [](unsigned n, unsigned f) {
         return Expected{{Outcome::closed_early},
                         between(1, n),
                         {Mechanism::injected_reset, Mechanism::data_blocked},
                         {},
                         {},
                         f};
       }},
  };
}

std::vector<MatrixRow> loss_rows() {
  const auto lossy = [](const char* loss, std::string host) {
    return [=](unsigned, unsigned) { return with_router(loss, host); };
  };
  const auto opens = [](unsigned, unsigned) {
    return Expected{{Outcome::open}, {Kind::none, 0, 0}, {Mechanism::listening}, {}, {}, 0};
  };
  return {
      {"loss-10", 2, true, lossy("loss 10%", open), opens},
      {"loss-30", 2, true, lossy("loss 30%", open), opens},
      {"loss-closed", 2, true, lossy("loss 10%", ""),
       [](unsigned n, unsigned) {
         return Expected{{Outcome::refused}, destination(n), {Mechanism::closed_port}, {}, {}, n};
       }},
  };
}

MatrixRow at_client(std::string id, std::string client, Mechanisms best, Place culprit,
                    unsigned least_hops = 1) {
  return {std::move(id), least_hops, false,
          [client](unsigned, unsigned) {
            Chain chain;
            chain.client = client;
            return chain;
          },
          [=](unsigned, unsigned) {
            return Expected{{Outcome::local}, culprit, best, {}, {}, culprit.first};
          }};
}

std::vector<MatrixRow> local_rows() {
  return {
      at_client("local-output-drop", "output drop tcp 22", {Mechanism::local_output_filter},
                here()),
      at_client("local-output-reject", "output reject port tcp 22",
                {Mechanism::local_output_filter}, here()),
      at_client("local-input-drop", "input drop tcp 22", {Mechanism::local_input_filter}, here()),
      at_client("no-local-route", "no-route", {Mechanism::local_route}, here()),
      at_client("gateway-dead", "gateway-dead", {Mechanism::local_neighbour}, router(1), 2),
      at_client("link-down", "link-down", {Mechanism::local_interface, Mechanism::local_route},
                here()),
  };
}

}  // namespace

const std::vector<MatrixRow>& matrix() {
  static const std::vector<MatrixRow> rows = [] {
    std::vector<MatrixRow> all;
    for (const auto& part :
         {host_rows(), router_rows(), silent_router_rows(), path_rows(), harder_rows(),
          memory_rows(), injector_rows(), loss_rows(), local_rows()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return rows;
}

}  // namespace hopblame::properties
