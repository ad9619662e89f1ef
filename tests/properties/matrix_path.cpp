#include <algorithm>

#include "tests/properties/matrix_rows.hpp"

namespace hopblame::properties {
namespace {

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
  const auto forward_to = [](const std::string& host) {
    return [host](unsigned n, unsigned) {
      auto chain = with_host(host);
      chain.on_router = [n](unsigned hop) { return hop + 1 == n ? "port-forward 22" : ""; };
      return chain;
    };
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
      {"port-forward", 2, false, forward_to(""),
       [](unsigned n, unsigned) {
         return Expected{{Outcome::refused},
                         destination(n),
                         {Mechanism::closed_port, Mechanism::port_forward},
                         {},
                         {},
                         n};
       }},
      {"port-forward-down", 2, false, forward_to("down"),
       [](unsigned n, unsigned) {
         return Expected{{Outcome::unreachable},
                         destination(n),
                         {Mechanism::host_down, Mechanism::port_forward},
                         {},
                         {CaveatId::behind_forward},
                         n};
       }},
      {"port-forward-drop", 2, false, forward_to(open + " input drop tcp 22"),
       [](unsigned n, unsigned) {
         return Expected{{Outcome::dropped},
                         between(n - 1, n),
                         {Mechanism::port_forward, Mechanism::filter_drop, Mechanism::host_silent},
                         {Mechanism::answer_lost},
                         {CaveatId::behind_forward},
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
         return Expected{{Outcome::intermittent},
                         Place{Kind::destination, n - 1, n},
                         {Mechanism::probe_ban},
                         {},
                         {},
                         n};
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
         const Mechanisms box{Mechanism::injected_reset, Mechanism::data_blocked};
         if (f + 1 < n) return Expected{{Outcome::closed_early}, between(1, n), box, {}, {}, f};
         // Right before the host its RST looks like one of the host, whose child may have died.
         return Expected{
             {Outcome::closed_early}, destination(n), {Mechanism::accept_then_close}, box, {}, f};
       }},
  };
}

std::vector<MatrixRow> mtu_rows() {
  const auto hole = [](unsigned, unsigned) { return with_router("mtu 1400 mtu-hole"); };
  const auto told = [](unsigned, unsigned) { return with_router("mtu 1400"); };
  const auto back = [](unsigned, unsigned) {
    return with_router("mtu 1400 mtu-hole", open + " key-exchange 1440");
  };
  const auto unheard = [](unsigned, unsigned) {
    auto chain = with_router("mtu 1400");
    chain.client = "input drop icmp";
    return chain;
  };
  return {
      {"mtu-hole", 2, true, hole,
       [](unsigned n, unsigned f) {
         return Expected{
             {Outcome::silent_service}, between(1, n), {Mechanism::data_blocked}, {}, {}, f};
       }},
      {"mtu-hole-both-ways", 2, true, back,
       [](unsigned n, unsigned f) {
         return Expected{
             {Outcome::silent_service}, between(1, n), {Mechanism::data_blocked}, {}, {}, f};
       }},
      {"mtu-told", 2, true, told,
       [](unsigned, unsigned) {
         return Expected{{Outcome::open},        {Kind::none, 0, 0},
                         {Mechanism::listening}, {},
                         {CaveatId::small_mtu},  0};
       }},
      {"mtu-told-unheard", 2, true, unheard,
       [](unsigned, unsigned f) {
         return Expected{{Outcome::silent_service},
                         between(0, f),
                         {Mechanism::local_input_filter, Mechanism::data_blocked},
                         {},
                         {},
                         0};
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
      {"loss-30", 2, true, lossy("loss 30%", open), opens, 1, 1, true},
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

std::vector<MatrixRow> path_fault_rows() {
  return joined({path_rows(), harder_rows(), memory_rows(), injector_rows(), mtu_rows(),
                 loss_rows(), local_rows()});
}

}  // namespace hopblame::properties
