#include "gateway/base/metrics.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace postern {

namespace {

// Where each family begins in a worker's row; the last is the row's length.
std::vector<std::size_t> layout() {
  std::vector<std::size_t> begins{0};
  for (const MetricFamily& family : metric_table()) {
    begins.push_back(begins.back() + family.series() * family.cells_per_series());
  }
  return begins;
}

const std::vector<std::size_t>& begins() {
  static const std::vector<std::size_t> kBegins = layout();
  return kBegins;
}

std::size_t row_cells() {
  return begins().back();
}

std::string label_text(const MetricFamily& family, std::size_t series, const std::string& more) {
  std::string labels;
  const auto put = [&labels](std::string_view name, std::string_view value) {
    labels += fmt::format("{}{}=\"{}\"", labels.empty() ? "" : ",", name, value);
  };
  const std::size_t seconds = std::max<std::size_t>(family.second.values.size(), 1);
  if (!family.first.name.empty()) put(family.first.name, family.first.values[series / seconds]);
  if (!family.second.name.empty()) put(family.second.name, family.second.values[series % seconds]);
  if (!more.empty()) labels += (labels.empty() ? "" : ",") + more;
  return labels.empty() ? labels : "{" + labels + "}";
}

std::string_view type_name(MetricKind kind) {
  switch (kind) {
    case MetricKind::counter: return "counter";
    case MetricKind::gauge: return "gauge";
    case MetricKind::histogram: return "histogram";
  }
  return "untyped";
}

}  // namespace

// Rows of cells, one for each worker, mapped from a descriptor or, of one row, our own.
class Metrics::Memory {
 public:
  static Result<std::shared_ptr<Memory>> map(int descriptor, int flags, std::size_t workers) {
    const std::size_t octets = workers * row_cells() * sizeof(Cell);
    void* start = ::mmap(nullptr, octets, PROT_READ | PROT_WRITE, flags, descriptor, 0);
    if (start == MAP_FAILED) return Error(ErrorKind::unavailable, std::strerror(errno));
    return std::shared_ptr<Memory>(new Memory(static_cast<Cell*>(start), workers));
  }
  ~Memory() { ::munmap(cells_, workers_ * row_cells() * sizeof(Cell)); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  std::size_t workers() const { return workers_; }
  Cell& cell(std::size_t worker, std::size_t index) { return cells_[worker * row_cells() + index]; }
  std::uint64_t value(std::size_t worker, std::size_t index) {
    return cell(worker, index).load(std::memory_order_relaxed);
  }
  std::uint64_t sum(std::size_t index) {
    std::uint64_t all = 0;
    for (std::size_t worker = 0; worker < workers_; ++worker) all += value(worker, index);
    return all;
  }

 private:
  // The kernel's zeroes are cells with nothing in them.
  Memory(Cell* cells, std::size_t workers) : cells_(cells), workers_(workers) {}
  Cell* const cells_;
  const std::size_t workers_;
};

Metrics::Metrics(std::shared_ptr<Memory> memory, std::size_t worker)
    : memory_(std::move(memory)), worker_(worker) {}

Metrics::Metrics() {
  auto memory = Memory::map(-1, MAP_PRIVATE | MAP_ANONYMOUS, 1);
  if (memory) memory_ = *std::move(memory);
}

Result<int> Metrics::allocate(std::size_t workers) {
  const int descriptor = ::memfd_create("postern metrics", MFD_CLOEXEC);
  if (descriptor < 0) return Error(ErrorKind::unavailable, std::strerror(errno));
  const std::size_t octets = workers * row_cells() * sizeof(Cell);
  if (::ftruncate(descriptor, static_cast<off_t>(octets)) == 0) return descriptor;
  ::close(descriptor);
  return Error(ErrorKind::unavailable, "no memory to count in");
}

Result<Metrics> Metrics::attach(int descriptor, std::size_t worker) {
  struct stat facts {};
  const std::size_t row_octets = row_cells() * sizeof(Cell);
  const bool known = ::fstat(descriptor, &facts) == 0 && facts.st_size > 0 &&
                     static_cast<std::size_t>(facts.st_size) % row_octets == 0;
  const std::size_t workers = known ? static_cast<std::size_t>(facts.st_size) / row_octets : 0;
  Result<std::shared_ptr<Memory>> memory = Error(ErrorKind::invalid, "not memory to count in");
  if (worker < workers) memory = Memory::map(descriptor, MAP_SHARED, workers);
  ::close(descriptor);
  if (!memory) return std::move(memory).error();
  Metrics metrics(*std::move(memory), worker);
  for (const MetricFamily& family : metric_table()) {
    if (family.kind != MetricKind::gauge) continue;
    const std::size_t start = begins()[static_cast<std::size_t>(family.metric)];
    for (std::size_t i = 0; i < family.series(); ++i) metrics.memory_->cell(worker, start + i) = 0;
  }
  return metrics;
}

Metrics::Cell* Metrics::cell(Metric metric, std::size_t first, std::size_t second) const {
  const MetricFamily& family = family_of(metric);
  const std::size_t seconds = std::max<std::size_t>(family.second.values.size(), 1);
  const std::size_t series = first * seconds + second;
  if (!memory_ || second >= seconds || series >= family.series()) return nullptr;
  const std::size_t start = begins()[static_cast<std::size_t>(metric)];
  return &memory_->cell(worker_, start + series * family.cells_per_series());
}

void Metrics::add(Metric metric, std::size_t first, std::size_t second, std::uint64_t amount) const {
  if (Cell* counter = cell(metric, first, second)) counter->fetch_add(amount, std::memory_order_relaxed);
}

void Metrics::change(Metric metric, std::int64_t by, std::size_t first) const {
  add(metric, first, 0, static_cast<std::uint64_t>(by));
}

void Metrics::set(Metric metric, std::uint64_t value) const {
  if (Cell* gauge = cell(metric, 0, 0)) gauge->store(value, std::memory_order_relaxed);
}

void Metrics::observe(Metric metric, SteadyTime since, std::size_t first) const {
  const auto span = std::chrono::steady_clock::now() - since;
  observe(metric, std::chrono::duration_cast<std::chrono::microseconds>(span), first);
}

void Metrics::observe(Metric metric, std::chrono::microseconds span, std::size_t first) const {
  Cell* cells = cell(metric, first, 0);
  if (cells == nullptr) return;
  const std::uint64_t us = span.count() > 0 ? static_cast<std::uint64_t>(span.count()) : 0;
  const auto bounds = bucket_bounds_us();
  std::size_t bucket = 0;
  while (bucket < bounds.size() && us > bounds[bucket]) ++bucket;
  cells[bucket].fetch_add(1, std::memory_order_relaxed);
  cells[bounds.size() + 1].fetch_add(us, std::memory_order_relaxed);
}

// The page, family by family.
class Metrics::Page {
 public:
  explicit Page(Memory& memory) : memory_(memory) {}

  void add(const MetricFamily& family) {
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", family.name, family.help, family.name,
                         type_name(family.kind));
    std::size_t at = begins()[static_cast<std::size_t>(family.metric)];
    for (std::size_t series = 0; series < family.series(); ++series, at += family.cells_per_series()) {
      if (family.kind == MetricKind::histogram) {
        add_histogram(family, series, at);
      } else if (family.sum == MetricSum::whole) {
        line(family.name, label_text(family, series, ""), memory_.sum(at));
      } else {
        add_workers(family, series, at);
      }
    }
  }
  std::string take() { return std::move(text_); }

 private:
  template <class Value>
  void line(const std::string& name, const std::string& labels, Value value) {
    text_ += fmt::format("{}{} {}\n", name, labels, value);
  }
  template <class Value>
  void line(std::string_view name, const std::string& labels, Value value) {
    line(std::string(name), labels, value);
  }

  void add_workers(const MetricFamily& family, std::size_t series, std::size_t at) {
    for (std::size_t worker = 0; worker < memory_.workers(); ++worker) {
      const std::string label = fmt::format("worker=\"{}\"", worker);
      line(family.name, label_text(family, series, label), memory_.value(worker, at));
    }
  }

  // Buckets count what is below as well.
  void add_histogram(const MetricFamily& family, std::size_t series, std::size_t at) {
    const auto bounds = bucket_bounds_us();
    const std::string name(family.name);
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= bounds.size(); ++i) {
      count += memory_.sum(at + i);
      const std::string bound = i < bounds.size() ? fmt::format("{}", bounds[i] / 1e6) : "+Inf";
      line(name + "_bucket", label_text(family, series, "le=\"" + bound + "\""), count);
    }
    const std::string labels = label_text(family, series, "");
    line(name + "_sum", labels, static_cast<double>(memory_.sum(at + bounds.size() + 1)) / 1e6);
    line(name + "_count", labels, count);
  }

  Memory& memory_;
  std::string text_;
};

std::string Metrics::to_text() const {
  if (!memory_) return {};
  Page page(*memory_);
  for (const MetricFamily& family : metric_table()) page.add(family);
  return page.take();
}

}  // namespace postern
