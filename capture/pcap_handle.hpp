#pragma once
// libpcap's live handle, set up the way probing needs it: every packet at once, both directions,
// nanosecond stamps where the kernel has them, headers only.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>

#include "analysis/model/time.hpp"
#include "capture/system.hpp"

struct pcap;

namespace hopblame {

class PcapHandle {
 public:
  /// `filter`: pcap-filter(7), ours and right. EPERM without CAP_NET_RAW; ENODEV, ENETDOWN as
  /// libpcap reports them; ENOMEM where the filter does not fit; EIO with libpcap's words.
  [[nodiscard]] static std::variant<PcapHandle, SystemError> open(const std::string& interface,
                                                                  const std::string& filter);

  /// What comes in on any interface, as LINKTYPE_LINUX_SLL2. ENOTSUP where libpcap does not have
  /// that.
  [[nodiscard]] static std::variant<PcapHandle, SystemError> open_elsewhere(
      const std::string& filter);

  struct Packet {
    Duration stamp;  ///< wall clock, since the epoch
    std::uint32_t length;
    std::span<const std::uint8_t> bytes;  ///< valid until the next read
  };
  /// A failed read: the interface went down, or away.
  struct Lost {};
  /// What is waiting; monostate: nothing.
  [[nodiscard]] std::variant<std::monostate, Packet, Lost> read();

  [[nodiscard]] int fd() const;         ///< readable when there is something to read
  [[nodiscard]] int link_type() const;  ///< LINKTYPE_ number
  [[nodiscard]] std::uint64_t drops() const;

 private:
  struct Close {
    void operator()(pcap* handle) const;
  };
  explicit PcapHandle(pcap* handle) : handle_(handle) {}
  [[nodiscard]] static std::variant<PcapHandle, SystemError> activate(const std::string& interface);
  std::unique_ptr<pcap, Close> handle_;
};

}  // namespace hopblame
