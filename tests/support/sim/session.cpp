#include "tests/support/sim/session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/correlate/correlator.hpp"
#include "analysis/plan/planner.hpp"
#include "analysis/plan/probe_factory.hpp"
#include "tests/support/sim/network.hpp"

namespace hopblame::sim {
namespace {

constexpr std::uint16_t connect_port = 40000, first_raw_port = 50000;
constexpr std::size_t probes_before_connect = 2;

Goal goal_of(const Scenario& scenario, const SessionOptions& options) {
  Goal goal;
  goal.host = "target.example";
  goal.target = scenario.target;
  goal.control_port = 47806;
  goal.handshake = options.handshake;
  return goal;
}

class Loop {
 public:
  Loop(const Scenario& scenario, const SessionOptions& options)
      : options_(options),
        network_(scenario, options.seed),
        goal_(goal_of(scenario, options)),
        vantage_(network_.vantage()),
        numbers_(options.seed * 2 + 1),
        factory_(
            goal_, vantage_.local, [this] { return next_port_++; },
            [this] { return static_cast<std::uint32_t>(numbers_()); }) {}

  Session run() {
    Session session;
    session.run.started = network_.now();
    const auto limit = network_.now() + options_.longest;
    while (!session.done && session.steps < options_.most_steps && network_.now() < limit) {
      ++session.steps;
      suffer();
      session.done = obey(next_step({goal_, vantage_, correlator_.exchanges(), connect_,
                                     session.run.started, network_.now()}));
    }
    finish(session);
    return session;
  }

 private:
  /// True when there is nothing more to do. The real connect() follows the first raw probes.
  bool obey(const Decision& decision) {
    if (const auto* send = std::get_if<Send>(&decision)) {
      ask(send->question);
      if (sends_.size() >= probes_before_connect) call_connect();
      return false;
    }
    if (std::holds_alternative<HangUp>(decision)) {
      network_.hang_up();
      connect_ = network_.connect_record();
      return false;
    }
    if (std::holds_alternative<CallAgain>(decision)) {
      connect_.reset();
      call_connect();
      return false;
    }
    const bool first_call = goal_.handshake && !connect_;
    call_connect();
    if (const auto* wait = std::get_if<WaitUntil>(&decision)) (void)take(wait->at);
    return std::holds_alternative<Done>(decision) && !first_call;
  }

  void ask(const Question& question) {
    sends_.push_back(network_.send(factory_.make(question)));
    correlator_.sent(sends_.back());
    while (take(network_.now()))
      ;
  }

  void call_connect() {
    if (!goal_.handshake || connect_) return;
    const Flow flow{Transport::tcp, {vantage_.local, connect_port}, goal_.target};
    correlator_.connecting(flow);
    network_.connect(flow);
    connect_ = network_.connect_record();
    while (take(network_.now()))
      ;
  }

  bool take(TimePoint limit) {
    auto seen = network_.next(limit);
    connect_ = network_.connect_record();
    if (!seen) return false;
    correlator_.observe(*seen);
    observations_.push_back(std::move(*seen));
    return true;
  }

  void suffer() {
    if (!options_.intruder) return;
    std::vector<Flow> flows;
    if (connect_) flows.push_back(connect_->flow);
    for (const auto& send : sends_) flows.push_back(send.spec.flow);
    for (auto& forged : options_.intruder(flows, network_.now())) {
      correlator_.observe(forged);
      const auto to = forged.flow.destination.port;
      const bool taken = std::ranges::any_of(
          flows, [&](const Flow& flow) { return to == 0 || flow.source.port == to; });
      if (taken) observations_.push_back(std::move(forged));
    }
  }

  void finish(Session& session) {
    auto& run = session.run;
    session.scenario = network_.scenario();
    run.goal = goal_;
    run.sends = std::move(sends_);
    run.connect = connect_;
    run.observations = std::move(observations_);
    run.ended = network_.now();
    run.facts.vantage = vantage_;
    run.facts.started = run.started;
    run.facts.horizon = run.ended;
    run.facts.misfits = correlator_.misfits();
  }

  SessionOptions options_;
  Network network_;
  Goal goal_;
  Vantage vantage_;
  std::mt19937_64 numbers_;
  std::uint16_t next_port_ = first_raw_port;
  ProbeFactory factory_;
  Correlator correlator_;
  std::optional<ConnectRecord> connect_;
  std::vector<SendRecord> sends_;
  std::vector<Observation> observations_;
};

}  // namespace

Session probe(const Scenario& scenario, const SessionOptions& options) {
  return Loop(scenario, options).run();
}

std::string history(const Session& session) {
  const auto& run = session.run;
  auto text = session.scenario.text;
  text += fmt::format("-- {}, {} steps, {:.3f} s, {} sends\n", to_string(session.scenario.family),
                      session.steps, seconds(session.elapsed()), run.sends.size());
  for (const auto& seen : run.observations) text += to_line(seen, run.started) + "\n";
  if (run.connect && run.connect->ended)
    text += fmt::format("connect() ended after {:.3f} s with errno {}\n",
                        seconds(*run.connect->ended - run.connect->at), run.connect->error);
  return text;
}

}  // namespace hopblame::sim
