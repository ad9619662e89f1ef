// What the peer's sequence numbers tell of words of its own that never came.

#include "analysis/path/own_words.hpp"

#include "tests/support/catch.hpp"

using namespace hopblame;

namespace {

Reply reply(ReplyKind kind, std::uint8_t flags, std::uint32_t sequence, std::uint32_t payload = 0) {
  Reply made;
  made.kind = kind;
  made.segment.emplace();
  made.segment->flags = flags;
  made.segment->sequence = sequence;
  made.segment->payload = payload;
  return made;
}

/// Accepted with sequence number 100: the first byte of the peer is 101.
Exchange call(std::vector<Reply> replies) {
  Exchange made;
  made.replies = {reply(ReplyKind::syn_ack, tcp_flag::syn | tcp_flag::ack, 100)};
  made.replies.insert(made.replies.end(), replies.begin(), replies.end());
  return made;
}

const auto ack = [](std::uint32_t sequence) {
  return reply(ReplyKind::other_segment, tcp_flag::ack, sequence);
};

}  // namespace

TEST_CASE("An ACK alone counts the greeting that was sent and never came") {
  CHECK(has_unfilled_gap(call({ack(112)})));
  CHECK_FALSE(has_unfilled_gap(call({ack(101)})));
}

TEST_CASE("What came late after all leaves no gap") {
  CHECK_FALSE(has_unfilled_gap(call({ack(112), reply(ReplyKind::data, tcp_flag::ack, 101, 11)})));
}

TEST_CASE("A keep-alive and a RST show no words") {
  CHECK_FALSE(has_unfilled_gap(call({ack(100)})));
  CHECK_FALSE(has_unfilled_gap(call({reply(ReplyKind::reset, tcp_flag::rst, 112)})));
}

TEST_CASE("Words that our stack turns away with a bare RST came to it") {
  auto said = reply(ReplyKind::data, tcp_flag::ack, 101, 20);
  said.at = TimePoint{} + std::chrono::seconds(1);
  const auto one = call({said, said});
  CHECK(unheard_words({}, one).frames.size() == 2);
  const auto seen = [&](std::uint8_t flags) {
    Observation own;
    own.flow = one.spec.flow;
    own.at = said.at + std::chrono::microseconds(40);
    TcpSegment segment;
    segment.flags = flags;
    own.message = segment;
    return std::vector{own};
  };
  CHECK(unheard_words(seen(tcp_flag::rst), one).frames.empty());
  CHECK(unheard_words(seen(tcp_flag::rst | tcp_flag::ack), one).frames.size() == 2);
}
