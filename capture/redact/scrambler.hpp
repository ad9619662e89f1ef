#pragma once
// Which address becomes which: prefix-preserving, but private and special ranges stay what they
// are (a private address becomes a private one, no public address becomes private), and a MAC
// address becomes a locally administered one. And which names must not be seen.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capture/redact/crypto_pan.hpp"

namespace hopblame {

using Mac = std::array<std::uint8_t, 6>;

class Scrambler {
 public:
  [[nodiscard]] static std::optional<Scrambler> with(const CryptoPan::Key& key);

  [[nodiscard]] IpAddress operator()(const IpAddress& address) const;
  /// Groups of well-known meaning and the address of nobody stay.
  [[nodiscard]] Mac operator()(const Mac& mac) const;

  /// From now on the labels of this host's name are hidden wherever words stay; none of an address.
  void hide(std::string_view host);
  [[nodiscard]] const std::vector<std::string>& hidden() const { return hidden_; }

 private:
  explicit Scrambler(CryptoPan pan) : pan_(std::move(pan)) {}
  [[nodiscard]] IpAddress scramble(const IpAddress& address) const;

  CryptoPan pan_;
  std::vector<std::string> hidden_;
  mutable std::map<IpAddress, IpAddress> known_;  ///< 128 encryptions each are worth remembering
};

/// How many leading bits of an address tell what kind it is and so are kept; 32 or 128: all.
[[nodiscard]] unsigned kept_bits(const IpAddress& address);

}  // namespace hopblame
