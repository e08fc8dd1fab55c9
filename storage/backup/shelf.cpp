#include "storage/backup/shelf.h"

namespace postern::backup {

Result<std::string> read_whole(Shelf& shelf, const std::string& name, std::uint64_t octets_max) {
  TRY(const std::unique_ptr<FileOctets> file, shelf.open(name));
  if (file->size() > octets_max) return Error(ErrorKind::too_large, name + ": too large");
  TRY(std::string octets, file->read(0, static_cast<std::size_t>(file->size())));
  if (octets.size() != file->size()) return Error(ErrorKind::invalid, name + ": torn");
  return octets;
}

Result<void> write_whole(Shelf& shelf, const std::string& name, std::string_view octets, Replaces replaces) {
  TRY(const std::unique_ptr<ShelfFile> file, shelf.create(name, replaces));
  TRY_VOID(file->write(octets));
  return file->finish();
}

}  // namespace postern::backup
