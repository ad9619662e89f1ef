#include "src/commands/compare_files.hpp"

#include <fmt/format.h>

#include "capture/series.hpp"
#include "src/report/untrusted.hpp"

namespace hopblame {
namespace {

const char* const how_to_join =
    "join the files of each end first: mergecap -w client.pcap FILE..., the same for the server, "
    "and hopblame compare client.pcap server.pcap";

}  // namespace

std::variant<FilesOfEnds, std::string> files_of_ends(const CompareOptions& options) {
  if (options.more.empty()) return FilesOfEnds{{options.client}, {options.server}};
  std::vector<std::string> all{options.client, options.server};
  all.insert(all.end(), options.more.begin(), options.more.end());
  auto series = possible_series(all);
  if (series.size() == 2) return FilesOfEnds{std::move(series[0]), std::move(series[1])};
  return fmt::format(
      "compare takes two captures, the client's first; by their names these {} files are {}; {}",
      all.size(), series.size() == 1 ? "one" : fmt::format("{} captures", series.size()),
      how_to_join);
}

std::string not_joined(const std::vector<std::string>& files, std::size_t joined) {
  if (joined >= files.size()) return {};
  return fmt::format("{} does not go on where {} ends: they are not one capture cut in pieces; {}",
                     for_terminal(files[joined]), for_terminal(files[joined - 1]), how_to_join);
}

}  // namespace hopblame
