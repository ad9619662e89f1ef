// What an application on this machine lives through, in its own words.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "analysis/model/icmp_codes.hpp"
#include "src/report/document.hpp"
#include "src/report/errno_words.hpp"
#include "src/report/placeholders.hpp"
#include "src/report/refusal_words.hpp"
#include "src/report/untrusted.hpp"
#include "src/report/wording.hpp"

namespace hopblame {
namespace {

constexpr std::uint16_t ssh_port = 22;

bool was_reset(const Run& run) { return run.connect && run.connect->close_error == ECONNRESET; }

/// What came before the silence, or instead of what was due.
std::string_view silence(const ReportInput& input) {
  if (has_identified(input.run)) return "connected, then hangs in the key exchange";
  const auto& explanations = input.analysis.verdict.explanations;
  if (!input.analysis.service.spoke.value_or(false)) return "connected, then nothing came";
  return lists(explanations, Mechanism::tarpit)
             ? "connected, then kept waiting by lines that are no greeting"
             : "connected, then hangs: at some time no more came";
}

/// Nobody completed a handshake, as asked for or as a scan does.
bool is_untried(const ReportInput& input) {
  return !input.run.goal.handshake || has(input.analysis.verdict, CaveatId::no_handshake);
}

std::string after_handshake(const ReportInput& input) {
  switch (input.analysis.verdict.outcome) {
    case Outcome::closed_early:
      return was_reset(input.run) ? "connected, then reset by the peer"
                                  : "connected, then closed by the peer";
    case Outcome::silent_service:
    case Outcome::local: return std::string(silence(input));
    default: break;
  }
  return is_untried(input) ? "will be connected; what happens then was not tried" : "connected";
}

/// connect() itself worked: an error came later, while reading.
bool was_connected(const Run& run) {
  return run.connect && run.connect->ended && run.connect->error == 0;
}

/// How those connections fail that do not get through; absent where the cause leaves it open.
std::optional<int> error_of_the_others(const Analysis& analysis) {
  if (analysis.app_sees.error.value_or(0) != 0) return analysis.app_sees.error;
  if (const auto& icmp = analysis.icmp)
    return icmp_errno(icmp->from.family, icmp->type, icmp->code);
  if (analysis.verdict.explanations.empty()) return {};
  switch (analysis.verdict.explanations.front().mechanism) {
    case Mechanism::closed_port:
    case Mechanism::host_firewall_reset:
    case Mechanism::middlebox_reset:
    case Mechanism::injected_reset: return ECONNREFUSED;
    case Mechanism::filter_drop:
    case Mechanism::syn_filter:
    case Mechanism::accept_queue_full:
    case Mechanism::blackhole:
    case Mechanism::host_silent:
    case Mechanism::answer_lost: return ETIMEDOUT;
    default: return {};
  }
}

/// Of somebody else's capture the connection that is shown is one of those that fail, and it was
/// made; our own connect() may be one that works.
bool is_one_of_the_others(const Run& run) { return is_foreign(run) && was_connected(run); }

/// Of the target, to a SYN; to what else a probe sends a RST bears no ACK, or a port is closed.
bool saw_refusal(const Run& run) {
  return std::ranges::any_of(run.observations, [&](const Observation& seen) {
    const auto* segment = std::get_if<TcpSegment>(&seen.message);
    return segment && seen.flow.source == run.goal.target && segment->is_reset() &&
           segment->has(tcp_flag::ack);
  });
}

/// No errno is known: as some were seen to fail.
std::string fate_seen(const ReportInput& input) {
  const auto& attempts = input.analysis.attempts;
  if (attempts.refused == 0 && !saw_refusal(input.run)) return "it gets no answer in time";
  return attempts.refused > 0 && attempts.dropped == 0 ? "it is refused"
                                                       : "it is refused or gets no answer in time";
}

std::string fate_of_the_others(const ReportInput& input) {
  const auto& connect = input.run.connect;
  const bool fails = is_one_of_the_others(input.run);
  const auto error = error_of_the_others(input.analysis);
  if (fails && input.analysis.app_sees.error.value_or(0) != 0)
    return fmt::format("reading fails with {}: {}", errno_name(*error), errno_text(*error));
  if (fails && connect->closed) return "the peer closes the connection";
  if (fails) return "nothing comes any more";
  return error ? fmt::format("connect() fails with {}: {}", errno_name(*error), errno_text(*error))
               : fate_seen(input);
}

std::string now_and_then(const ReportInput& input) {
  const auto& analysis = input.analysis;
  const auto others = fate_of_the_others(input);
  if (none_works(input))
    return fmt::format("No connection works: {}, or it fails in another way.", others);
  const auto& sees = analysis.app_sees;
  return fmt::format("Now and then the application is connected; at other times {}.{}", others,
                     !sees.error || sees.inferred || is_one_of_the_others(input.run) ? ""
                     : *sees.error == 0 ? " This time it was connected."
                                        : " So it did this time.");
}

/// After the identification strings OpenSSH speaks of the connection, before them of the exchange.
std::string ssh_end(const ReportInput& input) {
  const Goal& goal = input.run.goal;
  const bool reset = was_reset(input.run);
  if (has_identified(input.run))
    return fmt::format("Connection {} by {} port {}", reset ? "reset" : "closed",
                       to_string(goal.target.address), goal.target.port);
  return reset ? "kex_exchange_identification: read: Connection reset by peer"
               : "kex_exchange_identification: Connection closed by remote host";
}

/// The service identified itself: what hangs is no exchange of banners.
bool has_greeted(const Run& run) {
  return has_identified(run) || (run.connect && run.connect->greeting.starts_with("SSH-"));
}

/// OpenSSH's own words (measured, OpenSSH 9.2); empty where it would not complain, as while there
/// is another address to try.
std::string ssh_message(const ReportInput& input, const std::string& host) {
  const auto error = input.analysis.app_sees.error;
  if (!error || address_that_works(input.run)) return {};
  const auto outcome = input.analysis.verdict.outcome;
  if (*error != 0 && (!was_connected(input.run) || fails_to_connect(outcome)))
    return fmt::format("ssh: connect to host {} port {}: {}", host, ssh_port, errno_text(*error));
  switch (outcome) {
    case Outcome::closed_early: return ssh_end(input);
    case Outcome::silent_service:
    case Outcome::local:
      return has_greeted(input.run) ? "" : "Connection timed out during banner exchange";
    default: return {};
  }
}

/// IPv6 hears of a rule of this machine when the SYN is sent again (measured: 1.1 s, and which
/// error it is depends on the rule).
std::string open_end(const ReportInput& input) {
  const auto& verdict = input.analysis.verdict;
  const bool own_rule = verdict.outcome == Outcome::local && input.run.connect &&
                        lists(verdict.explanations, Mechanism::local_output_filter);
  if (!own_rule) return {};
  return "connect() fails after about a second, with an error that depends on the rule, or times "
         "out if the rule drops.";
}

std::string error_sentence(const ReportInput& input, const AppError& error) {
  const AppSees& sees = input.analysis.app_sees;
  if (input.analysis.verdict.outcome == Outcome::intermittent) return now_and_then(input);
  if (!sees.error) return open_end(input);
  if (*sees.error == 0 && is_untried(input))
    return "connect() will succeed; what happens then was not tried.";
  if (*sees.error == 0) return fmt::format("The application is {}.", error.text);
  if (was_connected(input.run) && !fails_to_connect(input.analysis.verdict.outcome))
    return fmt::format("connect() succeeds, then reading fails with {}: {}.", error.name,
                       error.text);
  return fmt::format("connect() {} {}: {}.", sees.inferred ? "will fail with" : "fails with",
                     error.name, error.text);
}

std::string banner_sentence(const ReportInput& input) {
  const auto& banner = input.analysis.service.banner;
  if (!banner || banner->empty()) return {};
  return fmt::format("The service said: \"{}\"", Untrusted(*banner).printable(120));
}

}  // namespace

bool none_works(const ReportInput& input) {
  const auto& attempts = input.analysis.attempts;
  if (attempts.total > 1) return attempts.open == 0;
  if (is_foreign(input.run) || input.analysis.app_sees.error == 0) return false;
  return std::ranges::none_of(input.run.observations, [&](const Observation& seen) {
    const auto* segment = std::get_if<TcpSegment>(&seen.message);
    return segment && seen.flow.source == input.run.goal.target && segment->is_syn_ack();
  });
}

AppError app_error(const ReportInput& input) {
  const auto error = input.analysis.app_sees.error;
  if (!error) return {};
  if (*error == 0) return {"", after_handshake(input)};
  return {errno_name(*error), errno_text(*error)};
}

std::vector<std::string> app_sees(const ReportInput& input) {
  const Goal& goal = input.run.goal;
  const std::string host =
      goal.host.empty() ? to_string(goal.target.address) : Untrusted(goal.host).printable(255);
  std::vector<std::string> lines;
  const auto add = [&](std::string line) {
    if (!line.empty()) lines.push_back(std::move(line));
  };
  add(error_sentence(input, app_error(input)));
  if (goal.target.port == ssh_port) {
    const std::string message = ssh_message(input, host);
    if (!message.empty()) add("ssh prints: " + message);
  }
  if (const auto other = address_that_works(input.run))
    add(fmt::format("Programs that try every address of a name then connect through {}{}.",
                    to_string(*other), goal.target.port == ssh_port ? ", as ssh does" : ""));
  add(banner_sentence(input));
  add(refusal_sentence(input.run));
  return lines;
}

}  // namespace hopblame
