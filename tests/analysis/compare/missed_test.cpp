// Captures that missed a packet themselves.
#include "tests/analysis/compare/both_captures.hpp"

using namespace hopblame;
using namespace hopblame::compare;
using namespace std::chrono_literals;

namespace {

/// What a capture of the client says alone of an open port.
Analysis alone_open() {
  Analysis analysis;
  analysis.verdict.outcome = Outcome::open;
  analysis.verdict.culprit = {{CulpritKind::none, {}, {}, {}}, Confidence::strong};
  return analysis;
}

Finding found(const std::function<void(Wire&)>& middle) {
  auto wire = around(middle);
  return only(wire.compare()).finding;
}

}  // namespace

TEST_CASE("Compare: a RST of the client that its own capture missed is not called forged") {
  const auto flags = GENERATE(std::uint8_t(rst), std::uint8_t(rst | ack));
  auto wire = around([&](Wire& middle) {
    handshake(middle);
    middle.there(2s, Wire::segment(flags, 1001, 5001), Seen::at_receiver);
  });
  CHECK(only(wire.compare()).finding == Finding::unclear);
  const auto verdict = wire.verdict(alone_open()).verdict;
  CHECK(verdict.outcome == Outcome::open);
  CHECK(verdict.culprit.confidence == Confidence::weak);
}

TEST_CASE("Compare: a RST in the client's name that passed fewer routers is forged") {
  auto wire = around([](Wire& middle) {
    handshake(middle);
    middle.nat_there = [](Observation& packet) { packet.hop_limit = {63}; };
    middle.there(2s, Wire::segment(rst, 1001, 0), Seen::at_receiver);
    middle.nat_there = [](Observation&) {};
  });
  CHECK(only(wire.compare()).finding == Finding::reset_injected);
}

TEST_CASE("Compare: a RST with a hop limit of the kernel's passed as many routers as the SYN") {
  CHECK(found([](Wire& middle) {
          middle.as_sent = [](Observation&) {};
          const auto low = Wire::segment(syn, 1000, 0);
          auto made = middle.packet(middle.flow, 40, low);  // as a program asked for
          Wire::put(middle.here, made, 1s);
          made.hop_limit = {40 - routers};
          Wire::put(middle.far, made, 1010ms);
          middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001));
          middle.there(1020ms, Wire::segment(rst, 1001, 0), Seen::at_receiver);
        }) == Finding::unclear);
}

TEST_CASE("Compare: a client that had said goodbye may reset what still comes, seen or not") {
  CHECK(found([](Wire& middle) {
          handshake(middle);
          middle.there(2s, Wire::segment(fin | ack, 1001, 5001));
          middle.back(2010ms, Wire::segment(ack, 5001, 1002, 20));
          middle.there(2020ms, Wire::segment(rst, 1002, 0), Seen::at_receiver);
        }) == Finding::answered);
}

TEST_CASE("Compare: who closed first is told by both captures") {
  CHECK(found([](Wire& middle) {
          handshake(middle);
          middle.there(2s, Wire::segment(fin | ack, 1001, 5001), Seen::at_receiver);
          middle.back(2010ms, Wire::segment(fin | ack, 5001, 1002));
          middle.there(2020ms, Wire::segment(ack, 1002, 5002));
        }) == Finding::answered);
  CHECK(found([](Wire& middle) {
          handshake(middle);
          middle.back(2s, Wire::segment(fin | ack, 5001, 1001), Seen::at_sender);
          middle.there(2010ms, Wire::segment(fin | ack, 1001, 5002));
        }) == Finding::closed_by_server);
}

TEST_CASE("Compare: a RST or FIN of the server that the client's capture lacks may have come") {
  const auto flags = GENERATE(std::uint8_t(rst | ack), std::uint8_t(fin | ack));
  const auto ended = [&](bool goes_on) {
    return [flags, goes_on](Wire& middle) {
      handshake(middle);
      middle.back(2s, Wire::segment(flags, 5001, 1001), Seen::at_sender);
      if (goes_on) middle.there(3s, Wire::segment(ack, 1001, 5001, 20));
    };
  };
  CHECK(found(ended(false)) == Finding::unclear);
  CHECK(found(ended(true)) != Finding::unclear);
}

TEST_CASE("Compare: a SYN/ACK that only the client's capture lacks was heard by who goes on") {
  CHECK(found([&](Wire& middle) {
          middle.there(1s, Wire::segment(syn, 1000, 0));
          middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
          middle.there(1020ms, Wire::segment(ack, 1001, 5001));
          middle.back(2s, Wire::segment(ack, 5001, 1001, 41));
        }) == Finding::answered);
}

TEST_CASE("Compare: a RST after a handshake of which a capture lacks the SYN/ACK refuses nothing") {
  CHECK(found([](Wire& middle) {
          middle.there(1s, Wire::segment(syn, 1000, 0));
          middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
          middle.there(1020ms, Wire::segment(ack, 1001, 5001));
          middle.back(2s, Wire::segment(rst | ack, 5001, 1001));
        }) == Finding::closed_by_server);
}

TEST_CASE("Compare: a gap in the client's capture takes nothing from who goes on at the server") {
  CHECK(found([](Wire& middle) {
          middle.there(1s, Wire::segment(syn, 1000, 0));
          middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_sender);
          middle.there(1020ms, Wire::segment(ack, 1001, 5001), Seen::at_receiver);
          middle.back(1030ms, Wire::segment(fin | ack, 5001, 1001), Seen::at_sender);
          middle.there(1040ms, Wire::segment(fin | ack, 1001, 5002), Seen::at_receiver);
          middle.back(1050ms, Wire::segment(ack, 5002, 1002));
        }) != Finding::answer_lost);
}

TEST_CASE("Compare: who goes on with the server's numbers from as far away did not swallow words") {
  const auto cut = [](bool goes_on) {
    return [goes_on](Wire& middle) {
      handshake(middle);
      middle.there(2s, Wire::segment(ack, 1001, 5001, 41), Seen::at_sender);
      if (goes_on) middle.back(2010ms, Wire::segment(ack, 5001, 1042), Seen::at_receiver);
      middle.back(2020ms, Wire::segment(rst | ack, 5001, 1042), Seen::at_receiver);
    };
  };
  CHECK(found(cut(true)) == Finding::unclear);
  CHECK(found(cut(false)) == Finding::reset_instead);
}

TEST_CASE("Compare: a SYN/ACK that the server's capture lacks may be its own") {
  const auto looked = [](std::uint8_t limit) {
    return [limit](Wire& middle) {
      middle.there(1s, Wire::segment(syn, 1000, 0));
      middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_receiver, limit);
      middle.there(1020ms, Wire::segment(rst, 1001, 0));
      others_use_the_port(middle);
    };
  };
  CHECK(found(looked(64 - routers)) == Finding::unclear);
  CHECK(found(looked(63)) == Finding::unanswered);  // a device before it answers
}

TEST_CASE("Compare: a SYN/ACK and then a RST that acknowledges, of one count, are of one stack") {
  CHECK(found([](Wire& middle) {
          middle.there(1s, Wire::segment(syn, 1000, 0));
          middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001), Seen::at_receiver);
          middle.there(1020ms, Wire::segment(ack, 1001, 5001));
          middle.back(1030ms, Wire::segment(rst | ack, 5001, 1001));
        }) == Finding::closed_by_server);
}

TEST_CASE("Compare: what the server acknowledges came to it, seen or not") {
  const auto raced = [](Seen seen) {
    return [seen](Wire& middle) {
      middle.there(1s, Wire::segment(syn, 1000, 0), seen);
      middle.back(1s, Wire::segment(rst | ack, 0, 1001), Seen::at_receiver, 62);
      middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001));
    };
  };
  CHECK(found(raced(Seen::both)) == Finding::reset_injected);
  CHECK(found(raced(Seen::at_sender)) == Finding::reset_injected);
  CHECK(found([](Wire& middle) {
          handshake(middle);
          middle.there(2s, Wire::segment(ack, 1001, 5001, 20), Seen::at_sender);
          middle.back(2s, Wire::segment(rst, 5001, 0), Seen::at_receiver, 62);
          middle.back(2010ms, Wire::segment(ack, 5001, 1021));
        }) == Finding::reset_injected);
}

TEST_CASE("Compare: who resets data without having ended anything was told so") {
  const auto answered = [](bool closed) {
    return [closed](Wire& middle) {
      handshake(middle);
      if (closed) middle.there(1500ms, Wire::segment(fin | ack, 1001, 5001));
      middle.back(2s, Wire::segment(ack, 5001, 1001, 41));
      middle.there(2010ms, Wire::segment(rst, 1001, 0));
    };
  };
  CHECK(found(answered(false)) == Finding::unclear);
  CHECK(found(answered(true)) == Finding::answered);
}

TEST_CASE("Compare: a SYN/ACK that a client neither takes nor refuses makes no connection") {
  CHECK(found([](Wire& middle) {
          middle.there(1s, Wire::segment(syn, 1000, 0));
          middle.back(1010ms, Wire::segment(syn | ack, 5000, 1001));
          middle.there(2s, Wire::segment(syn, 1000, 0));
          middle.back(2010ms, Wire::segment(syn | ack, 5000, 1001));
        }) == Finding::unclear);
}

TEST_CASE("Compare: words that a client has not acknowledged a second later it did not get") {
  CHECK(found([](Wire& middle) {
          handshake(middle);
          middle.back(2s, Wire::segment(ack, 5001, 1001, 41));
          middle.there(5s, Wire::segment(fin | ack, 1001, 5001));
        }) == Finding::unclear);
}

TEST_CASE("Compare: of ports that are asked with one number each gets its own answer") {
  auto wire = around([](Wire& middle) {
    for (const auto port : {std::uint16_t{80}, std::uint16_t{8080}}) {
      middle.flow.destination.port = port;
      middle.there(1s, Wire::segment(syn, 1000, 0));
      middle.back(1010ms, Wire::segment(rst | ack, 0, 1001));
    }
    middle.flow.destination.port = 443;
    middle.there(2s, Wire::segment(syn, 1000, 0), Seen::at_sender);
    middle.back(2010ms, Wire::segment(syn | ack, 5000, 1001));
    middle.there(2020ms, Wire::segment(rst, 1001, 0));
  });
  CHECK(only(wire.compare()).finding == Finding::answered);
  wire.flow.destination.port = 80;
  CHECK(only(wire.compare()).finding == Finding::refused_by_server);
}
