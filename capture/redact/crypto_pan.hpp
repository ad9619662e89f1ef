#pragma once
// After Crypto-PAn (Xu, Fan, Ammar, Moon: "Prefix-preserving IP address anonymization", ICNP 2002):
// two addresses that share their first n bits share them afterwards too, and nothing else can be
// told without the key. Unlike there, each bit is decided for itself.

#include <array>
#include <memory>
#include <optional>

#include "analysis/model/address.hpp"

namespace hopblame {

class CryptoPan {
 public:
  using Key = std::array<std::uint8_t, 32>;
  using Block = std::array<std::uint8_t, 16>;

  /// Nothing in a build without AES.
  [[nodiscard]] static std::optional<CryptoPan> with(const Key& key);

  /// The first `kept` bits stay as they are, all after them are scrambled.
  [[nodiscard]] IpAddress scramble(const IpAddress& address, unsigned kept = 0) const;
  /// One block through the cipher, for what has no prefixes.
  [[nodiscard]] Block encrypt(const Block& block) const;

 private:
  struct Cipher;
  explicit CryptoPan(std::shared_ptr<const Cipher> cipher) : cipher_(std::move(cipher)) {}
  [[nodiscard]] bool flips(const IpAddress& address, unsigned bit) const;

  std::shared_ptr<const Cipher> cipher_;
  Block pad_{};
};

}  // namespace hopblame
