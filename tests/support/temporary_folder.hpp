#pragma once
// A folder that goes away with its owner.

#include <cstdlib>
#include <filesystem>

#include "tests/support/catch.hpp"

namespace hopblame::test {

struct TemporaryFolder {
  std::filesystem::path path;
  TemporaryFolder() {
    auto name = (std::filesystem::temp_directory_path() / "hopblame-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
};

}  // namespace hopblame::test
