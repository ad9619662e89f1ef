#pragma once
// Where the cause of a finding can lie.

#include "analysis/compare/comparison.hpp"
#include "analysis/model/verdict.hpp"

namespace hopblame::compare {

class Places {
 public:
  Places(const AttemptFinding& finding, const Comparison& comparison, const Endpoint& target,
         const Analysis& alone)
      : finding_(finding), comparison_(comparison), target_(target), alone_(alone) {}

 protected:
  /// Between the two points at which packets were captured.
  [[nodiscard]] Where between() const;
  [[nodiscard]] Where host() const;
  /// The server knows itself by another address or port than the client asked for, or its
  /// capture shows that it passes the port on.
  [[nodiscard]] std::optional<Endpoint> inner_host() const;

  /// Something between the two captures gave the client another address.
  [[nodiscard]] bool is_translated() const;

  /// A place that the client's own walk of the path gives for the same mechanism.
  [[nodiscard]] const Explanation* known_place(Mechanism mechanism) const;

  /// Of what came instead: as many routers from the end it came to as its hop limit says. A box
  /// without a hop of its own on the link before that router sends it past as many; who puts an
  /// address of its own to it is that router.
  [[nodiscard]] std::optional<Where> sender() const;
  [[nodiscard]] std::optional<std::uint8_t> hop_of_sender() const;
  [[nodiscard]] std::string routers_text() const;
  /// What that is compared with, and a packet that shows it.
  [[nodiscard]] std::string usual_routers_text() const;
  [[nodiscard]] std::vector<Met> usual() const;
  [[nodiscard]] std::optional<IpAddress> address_of(std::uint8_t hop) const;

  /// Then what is said of the client's machine may be of any before the first capture.
  [[nodiscard]] bool client_is_midway() const;
  [[nodiscard]] bool blames_client() const;

  const AttemptFinding& finding_;
  const Comparison& comparison_;
  const Endpoint& target_;
  const Analysis& alone_;

 private:
  [[nodiscard]] Way way_of_stranger() const;
  [[nodiscard]] bool names_itself() const;
};

}  // namespace hopblame::compare
