// How far long work is: a bar on a terminal's standard error, redrawn ten times a second at most, and nothing
// anywhere else.
#pragma once

#include <cstddef>
#include <string>

#include "gateway/base/clock.h"

namespace postern::cli {

class Progress {
 public:
  Progress(std::string what, std::size_t total);
  ~Progress();  // takes the bar away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void step();

 private:
  void draw();

  const std::string what_;
  const std::size_t total_;
  const bool visible_;
  std::size_t done_ = 0;
  const SteadyTime began_;
  SteadyTime drawn_{};
};

// "Accounts [=====>    ] 512/1000, 3 s left". Pure.
std::string progress_line(const std::string& what, std::size_t done, std::size_t total, Milliseconds spent);

}  // namespace postern::cli
