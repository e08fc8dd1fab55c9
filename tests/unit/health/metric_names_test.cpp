// The metrics there are, and those that are spoken of: docs/metrics.md says exactly what the tables say, and
// rules and dashboard name nothing else.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "gateway/base/metric_table.h"
#include "protocols/health/asked_metrics.h"

namespace postern::health {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(std::string(POSTERN_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return text.str();
}

std::string kind_name(MetricKind kind) {
  return kind == MetricKind::counter ? "counter" : kind == MetricKind::gauge ? "gauge" : "histogram";
}

std::string labels_of(const MetricFamily& family) {
  std::string labels;
  for (const MetricLabel& label : {family.first, family.second}) {
    if (!label.name.empty()) labels += (labels.empty() ? "" : ", ") + std::string(label.name);
  }
  if (family.sum == MetricSum::by_worker) labels += (labels.empty() ? "" : ", ") + std::string("worker");
  return labels;
}

// Rows of the document's tables, by the metric's name.
std::map<std::string, std::string> documented() {
  std::map<std::string, std::string> rows;
  std::istringstream text(read("docs/metrics.md"));
  for (std::string line; std::getline(text, line);) {
    static const std::regex kRow("\\| `(postern_[a-z_]+)` \\|.*");
    std::smatch match;
    if (std::regex_match(line, match, kRow)) rows[match[1]] = line;
  }
  return rows;
}

std::string row(std::string_view name, const std::string& kind, const std::string& labels,
                std::string_view help) {
  return "| `" + std::string(name) + "` | " + kind + " | " + labels + " | " + std::string(help) + " |";
}

std::map<std::string, std::string> expected() {
  std::map<std::string, std::string> rows;
  for (const MetricFamily& family : metric_table()) {
    rows[std::string(family.name)] = row(family.name, kind_name(family.kind), labels_of(family), family.help);
  }
  const std::map<std::string_view, std::string> labels = {
      {"postern_build_info", "version"}, {"postern_certificate_expiry_timestamp_seconds", "file"}};
  for (const AskedFamily& family : asked_families()) {
    const auto found = labels.find(family.name);
    rows[std::string(family.name)] =
        row(family.name, "gauge", found == labels.end() ? "" : found->second, family.help);
  }
  return rows;
}

TEST(MetricNames, TheDocumentSaysWhatThereIs) {
  EXPECT_EQ(documented(), expected());
}

TEST(MetricNames, FollowPrometheusConventions) {
  for (const MetricFamily& family : metric_table()) {
    const std::string name(family.name);
    EXPECT_EQ(family.kind == MetricKind::counter, name.ends_with("_total")) << name;
    EXPECT_TRUE(family.kind != MetricKind::histogram || name.ends_with("_seconds")) << name;
    EXPECT_FALSE(family.help.empty()) << name;
  }
}

TEST(MetricNames, TheTableIsInOrder) {
  std::size_t place = 0;
  for (const MetricFamily& family : metric_table()) {
    EXPECT_EQ(static_cast<std::size_t>(family.metric), place++) << family.name;
  }
  EXPECT_EQ(place, static_cast<std::size_t>(Metric::starts) + 1);
}

TEST(MetricNames, RulesAndDashboardNameNothingElse) {
  std::set<std::string> series;
  for (const auto& [name, line] : expected()) {
    if (line.find("| histogram |") == std::string::npos) {
      series.insert(name);
    } else {
      for (const char* suffix : {"_bucket", "_sum", "_count"}) series.insert(name + suffix);
    }
  }
  // Notes for people name a histogram as a whole.
  for (const char* path : {"docker/prometheus/postern.rules.yaml", "docker/grafana/postern.json",
                           "tests/prometheus/postern.rules.test.yaml"}) {
    const std::string text = read(path);
    static const std::regex kName("postern_[a-z_]+");
    std::size_t found = 0;
    for (std::sregex_iterator at(text.begin(), text.end(), kName), end; at != end; ++at, ++found) {
      const std::string name = at->str();
      EXPECT_TRUE(series.contains(name) || series.contains(name + "_bucket")) << path << ": " << name;
    }
    EXPECT_GT(found, 5u) << path;
  }
}

TEST(MetricNames, TheDashboardShowsEveryMetric) {
  const std::string text = read("docker/grafana/postern.json") + read("docker/prometheus/postern.rules.yaml");
  const std::set<std::string> elsewhere = {"postern_connections_total"};  // sessions say it better
  for (const auto& entry : expected()) {
    const std::string& name = entry.first;
    EXPECT_NE(text.find(name) != std::string::npos, elsewhere.contains(name)) << name;
  }
}

}  // namespace
}  // namespace postern::health
