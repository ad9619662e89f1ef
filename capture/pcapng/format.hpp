#pragma once
// Numbers of the pcapng format (draft-ietf-opsawg-pcapng) that reader and recorder share.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hopblame::pcapng {

inline constexpr std::uint32_t section_header = 0x0a0d0d0a, interface_description = 1,
                               obsolete_packet = 2, simple_packet = 3, name_resolution = 4,
                               interface_statistics = 5, enhanced_packet = 6, system_journal = 9,
                               custom_block = 0x00000bad, custom_block_not_copied = 0x40000bad;
inline constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;

inline constexpr std::uint16_t end_of_options = 0, comment = 1;
inline constexpr std::uint16_t section_hardware = 2, section_os = 3, section_application = 4;
inline constexpr std::string_view our_application = "hopblame";
inline constexpr std::uint16_t interface_name = 2, interface_resolution = 9, interface_offset = 14;
inline constexpr std::uint16_t end_of_records = 0, record_ipv4 = 1, record_ipv6 = 2;
inline constexpr std::uint16_t statistics_interface_drop = 5, statistics_os_drop = 7;

/// Our custom block: a private enterprise number for documentation (RFC 5612), so that a magic
/// must tell our blocks from other people's examples; then the length and that many bytes of
/// journal. A long journal goes on in the next such block.
inline constexpr std::uint32_t enterprise_number = 32473;
inline constexpr std::string_view journal_magic = "hopblame journal";
inline constexpr std::size_t journal_piece = std::size_t{1} << 20;
inline constexpr std::size_t most_journal = std::size_t{16} << 20;

inline constexpr std::size_t most_block = std::size_t{16} << 20;

}  // namespace hopblame::pcapng
