#include "protocols/activesync/multipart.h"

namespace postern::activesync {

namespace {

void put_number(std::string& out, std::size_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift);
}

}  // namespace

std::uint32_t Multipart::add(std::string octets) {
  octets_ += octets.size();
  parts_.push_back(std::move(octets));
  return static_cast<std::uint32_t>(parts_.size());
}

std::string Multipart::finish(std::string wbxml) {
  parts_.insert(parts_.begin(), std::move(wbxml));
  std::string out;
  put_number(out, parts_.size());
  std::size_t place = 4 + 8 * parts_.size();
  for (const std::string& part : parts_) {
    put_number(out, place);
    put_number(out, part.size());
    place += part.size();
  }
  for (std::string& part : parts_) {
    out += part;
    part = std::string();
  }
  parts_.clear();
  return out;
}

}  // namespace postern::activesync
