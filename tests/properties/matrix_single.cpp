#include "tests/properties/matrix_rows.hpp"

namespace hopblame::properties {
namespace {

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
      at_host("tarpit", "open 22 line-every 500ms", Outcome::silent_service, {Mechanism::tarpit}),
      at_host("lines-first", "open 22 banner \"no trespassing\\r\\nSSH-2.0-x\\r\\n\"",
              Outcome::open, {Mechanism::listening}),
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
         Expected expected{{Outcome::dropped}, culprit, all_silent, {}, {}, f};
         // Nobody at all is heard, the gateway neither.
         if (f == 1) expected.rarer = {Mechanism::local_neighbour};
         return expected;
       }},
      {"return-drop", 2, true, lost,
       [](unsigned n, unsigned f) {
         return Expected{
             {Outcome::dropped}, between(n - 1, n), syn_silent, {Mechanism::answer_lost}, {}, f};
       }},
  };
}

}  // namespace

std::vector<MatrixRow> single_fault_rows() {
  return joined({host_rows(), router_rows(), silent_router_rows()});
}

}  // namespace hopblame::properties
