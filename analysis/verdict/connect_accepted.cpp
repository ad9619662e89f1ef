#include "analysis/verdict/connect_accepted.hpp"

#include "analysis/model/services.hpp"
#include "analysis/verdict/accepted.hpp"
#include "analysis/verdict/connect_causes.hpp"
#include "analysis/verdict/connect_late.hpp"
#include "analysis/verdict/ended_early.hpp"
#include "analysis/verdict/lost_words.hpp"
#include "analysis/verdict/wording.hpp"

namespace hopblame {
namespace {

Text succeeded(const Case& the_case) {
  return say("connect() to port {} succeeded.", port_of(the_case));
}

Finding without_greeting(const Case& the_case) {
  Causes causes(the_case, succeeded(the_case));
  causes.add(Mechanism::data_blocked, anywhere(the_case));
  causes.add(Mechanism::tarpit, connect_target(the_case));
  if (is_unseen(the_case)) causes.add(Mechanism::local_input_filter, this_host, 1, rules_here());
  if (!asks_itself(the_case)) causes.add(Mechanism::syn_proxy, anywhere(the_case), 2);
  return causes.as(Outcome::silent_service);
}

/// SSH: the server's next packet follows our identification at once (RFC 4253 section 7.1).
bool is_answer_missing(const Case& the_case) {
  const auto& connect = *the_case.run.connect;
  const auto& ssh = connect.ssh;
  return !connect.closed && !the_case.run.facts.interrupted && ssh && ssh->identified &&
         ssh->said && !ssh->answered && the_case.run.ended - *ssh->said >= enough_time;
}

Finding without_answer(const Case& the_case) {
  const auto& ssh = *the_case.run.connect->ssh;
  Causes causes(the_case, say("The greeting came, our first {} bytes were sent, and the peer's "
                              "next packet (KEXINIT) did not come in {} s.",
                              ssh.said_bytes, Seconds{the_case.run.ended - *ssh.said}));
  causes.add(Mechanism::data_blocked, anywhere(the_case));
  causes.add(Mechanism::tarpit, connect_target(the_case), 2);
  if (is_unseen(the_case)) causes.add(Mechanism::local_input_filter, this_host, 2, rules_here());
  return causes.as(Outcome::silent_service);
}

Finding turned_away(const Case& the_case) {
  Causes causes(the_case, succeeded(the_case));
  const bool full = says_it_is_full(the_case.run.connect->greeting);
  causes.add(full ? Mechanism::connection_limit : Mechanism::accept_then_close,
             connect_target(the_case), 1, say("the service's own limits and its log"));
  return causes.as(Outcome::closed_early);
}

Finding works(const Case& the_case) {
  Causes causes(the_case, succeeded(the_case));
  causes.add(Mechanism::listening, {CulpritKind::none, {}, {}, {}}, 1, it_works(the_case.run));
  auto finding = causes.as(Outcome::open);
  finding.confidence = Confidence::strong;
  return finding;
}

}  // namespace

Finding connect_ended(const Case& the_case) {
  const auto& connect = *the_case.run.connect;
  Causes causes(the_case, end_of_it(the_case).text);
  causes.add(Mechanism::accept_then_close, connect_target(the_case), 1,
             say("the service's log on the host"));
  const bool reset = connect.close_error != 0 || connect.error != 0;
  if (!reset || asks_itself(the_case)) return causes.as(Outcome::closed_early);
  // A RST may be anybody's.
  causes.add(Mechanism::injected_reset, anywhere(the_case));
  causes.add(Mechanism::data_blocked, anywhere(the_case));
  causes.add(Mechanism::host_firewall_reset, connect_target(the_case), 2);
  if (connect.spoke) return causes.as(Outcome::closed_early);
  causes.add(Mechanism::syn_proxy, anywhere(the_case), 2);
  causes.add(Mechanism::accept_queue_full, connect_target(the_case), 2);
  return causes.as(Outcome::closed_early);
}

Finding connect_accepted(const Case& the_case) {
  const auto& connect = *the_case.run.connect;
  const auto port = port_of(the_case);
  const auto* service = known_service(port);
  if (connect.spoke && turns_away(port, connect.greeting)) return turned_away(the_case);
  if (connect.closed && !has_greeted(connect, service)) return connect_ended(the_case);
  if (service && service->speaks_first && !connect.spoke) return without_greeting(the_case);
  if (is_answer_missing(the_case)) return without_answer(the_case);
  auto finding = works(the_case);
  add_those_of_late_answer(the_case, finding);
  return finding;
}

}  // namespace hopblame
