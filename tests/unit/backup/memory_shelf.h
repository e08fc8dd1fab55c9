// A shelf in memory, for tests of what writes to one.
#pragma once

#include <map>

#include "storage/backup/shelf.h"

namespace postern::backup::tests {

class MemoryShelf final : public Shelf {
 public:
  std::map<std::string, std::string> files;

  Result<Listed> list(const std::string&) override { return Listed(); }
  Result<std::unique_ptr<FileOctets>> open(const std::string& name) override {
    const auto found = files.find(name);
    if (found == files.end()) return Error(ErrorKind::not_found, name);
    return std::unique_ptr<FileOctets>(std::make_unique<mailfiles::TextOctets>(found->second));
  }
  Result<std::unique_ptr<ShelfFile>> create(const std::string& name, Replaces) override {
    return std::unique_ptr<ShelfFile>(std::make_unique<File>(files, name));
  }
  Result<void> remove(const std::string& name) override {
    files.erase(name);
    return {};
  }
  Result<std::uint64_t> sweep_unfinished() override { return std::uint64_t{0}; }

 private:
  class File final : public ShelfFile {
   public:
    File(std::map<std::string, std::string>& files, std::string name)
        : files_(files), name_(std::move(name)) {}
    Result<void> write(std::string_view octets) override {
      octets_ += octets;
      return {};
    }
    Result<void> finish() override {
      files_[name_] = octets_;
      return {};
    }

   private:
    std::map<std::string, std::string>& files_;
    const std::string name_;
    std::string octets_;
  };
};

}  // namespace postern::backup::tests
