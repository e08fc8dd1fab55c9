#include "gateway/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace postern::cli {

namespace {

constexpr Milliseconds kBetweenDrawings{100};
constexpr std::size_t kBarColumns = 30;
constexpr const char* kEraseLine = "\r\x1b[K";

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

Progress::Progress(std::string what, std::size_t total)
    : what_(std::move(what)), total_(total), visible_(::isatty(STDERR_FILENO) == 1), began_(now()) {}

Progress::~Progress() {
  if (visible_) std::fputs(kEraseLine, stderr);
}

void Progress::step() {
  ++done_;
  if (visible_ && now() - drawn_ >= kBetweenDrawings) draw();
}

void Progress::draw() {
  drawn_ = now();
  const auto spent = std::chrono::duration_cast<Milliseconds>(drawn_ - began_);
  std::fputs((kEraseLine + progress_line(what_, done_, total_, spent)).c_str(), stderr);
  std::fflush(stderr);
}

std::string progress_line(const std::string& what, std::size_t done, std::size_t total, Milliseconds spent) {
  const std::size_t filled = total == 0 ? kBarColumns : std::min(done, total) * kBarColumns / total;
  std::string bar(filled, '=');
  if (filled < kBarColumns) bar += '>';
  bar.resize(kBarColumns, ' ');
  std::string line = fmt::format("{} [{}] {}/{}", what, bar, done, total);
  if (done > 0 && done < total) {
    const auto left = spent.count() * static_cast<long>(total - done) / static_cast<long>(done);
    line += fmt::format(", {} s left", (left + 999) / 1000);
  }
  return line;
}

}  // namespace postern::cli
