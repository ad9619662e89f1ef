#include "analysis/offline/said_in_vain.hpp"

#include "analysis/offline/stuck.hpp"

namespace hopblame::offline {
namespace {

struct Repetition {
  Term who, what, fate;
  unsigned times = 0;
};

Repetition repetition(const Attempt& attempt) {
  if (!is_of_server(attempt))
    return {Term("client"), Term("its data or its FIN, or to ask whether the peer is still there"),
            Term("and nobody acknowledged it."), attempt.unacknowledged};
  return {
      Term("server"), Term("its data, or to ask whether the client is still there"),
      attempt.heard
          ? Term("although the client had acknowledged it: this does not reach the server.")
          : Term("and the client never acknowledged it: it is lost on its way from the place of "
                 "this capture to the client, or its acknowledgment on the way back."),
      attempt.said_in_vain};
}

}  // namespace

bool is_of_server(const Attempt& attempt) {
  return attempt.said_in_vain >= stuck_times || attempt.unacknowledged == 0;
}

Evidence in_vain(const Attempt& attempt) {
  const auto [who, what, fate, times] = repetition(attempt);
  if (!attempt.talk.connected || attempt.joined)
    return {say("The {} began to repeat {}, {} times in all, {}", who, what, times, fate),
            {attempt.stuck_frame}};
  return {say("{} s after the handshake the {} began to repeat {}, {} times in all, {}",
              Seconds{attempt.stuck_since - *attempt.talk.connected}, who, what, times, fate),
          {attempt.stuck_frame}};
}

}  // namespace hopblame::offline
