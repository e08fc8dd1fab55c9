#include "gateway/base/metrics.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace postern {
namespace {

using std::chrono::microseconds;

const MetricLabel& doors() {
  return family_of(Metric::sessions).first;
}

// The value of the one line that begins so; -1: there is none.
double value(const Metrics& metrics, const std::string& series) {
  const std::string text = "\n" + metrics.to_text();
  const std::size_t at = text.find("\n" + series + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + series.size() + 2));
}

TEST(Metrics, CountersAndGauges) {
  const Metrics metrics;
  EXPECT_EQ(value(metrics, "postern_submissions_total"), 0);
  metrics.add(Metric::submissions);
  metrics.add(Metric::submissions, 0, 0, 4);
  EXPECT_EQ(value(metrics, "postern_submissions_total"), 5);
  const std::size_t imap = label_index(doors(), "imap");
  {
    const Counted one(metrics, Metric::sessions, imap);
    const Counted two(metrics, Metric::sessions, imap);
    EXPECT_EQ(value(metrics, R"(postern_sessions{door="imap",worker="0"})"), 2);
  }
  EXPECT_EQ(value(metrics, R"(postern_sessions{door="imap",worker="0"})"), 0);
  metrics.set(Metric::resident_memory, 4096);
  EXPECT_EQ(value(metrics, R"(postern_worker_resident_memory_bytes{worker="0"})"), 4096);
}

TEST(Metrics, TwoLabels) {
  const Metrics metrics;
  const MetricFamily& family = family_of(Metric::sign_ins);
  metrics.add(Metric::sign_ins, label_index(family.first, "mobile_sync"),
              label_index(family.second, "throttled"));
  EXPECT_EQ(value(metrics, R"(postern_sign_ins_total{door="mobile_sync",result="throttled"})"), 1);
  EXPECT_EQ(value(metrics, R"(postern_sign_ins_total{door="imap",result="throttled"})"), 0);
}

TEST(Metrics, WhatTheTableDoesNotHaveCountsNothing) {
  EXPECT_EQ(label_index(doors(), "gopher"), label_index(doors(), "other"));
  const Metrics metrics;
  const std::string before = metrics.to_text();
  metrics.add(Metric::sessions, 1000);
  metrics.add(Metric::submissions, 0, 1);
  metrics.add(Metric::sign_ins, 0, family_of(Metric::sign_ins).second.values.size());
  metrics.observe(Metric::push_seconds, microseconds(1), 99);
  EXPECT_EQ(metrics.to_text(), before);
}

TEST(Metrics, HistogramsHaveTheirBoundsInclusive) {
  const Metrics metrics;
  for (const int us : {500, 501, 10'000'000, 10'000'001, -5}) {
    metrics.observe(Metric::delivery_seconds, microseconds(us));
  }
  EXPECT_EQ(value(metrics, R"(postern_delivery_seconds_bucket{le="0.0005"})"), 2);
  EXPECT_EQ(value(metrics, R"(postern_delivery_seconds_bucket{le="0.001"})"), 3);
  EXPECT_EQ(value(metrics, R"(postern_delivery_seconds_bucket{le="5"})"), 3);
  EXPECT_EQ(value(metrics, R"(postern_delivery_seconds_bucket{le="10"})"), 4);
  EXPECT_EQ(value(metrics, R"(postern_delivery_seconds_bucket{le="+Inf"})"), 5);
  EXPECT_EQ(value(metrics, "postern_delivery_seconds_count"), 5);
  EXPECT_NEAR(value(metrics, "postern_delivery_seconds_sum"), 20.001002, 1e-6);
}

// What other processes of the server count is seen by all; gauges of a worker that starts again begin anew.
TEST(Metrics, WorkersShareTheirRows) {
  const auto allocated = Metrics::allocate(3);
  ASSERT_TRUE(allocated);
  const int descriptor = *allocated;
  const auto attach = [&](std::size_t worker) { return Metrics::attach(::dup(descriptor), worker); };
  const pid_t pid = ::fork();
  if (pid == 0) {
    const auto theirs = attach(2);
    if (!theirs) ::_exit(1);
    theirs->add(Metric::submissions, 0, 0, 7);
    theirs->set(Metric::resident_memory, 99);
    ::_exit(0);
  }
  int status = 1;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  ASSERT_EQ(status, 0);
  const auto ours = attach(0);
  ASSERT_TRUE(ours);
  ours->add(Metric::submissions);
  EXPECT_EQ(value(*ours, "postern_submissions_total"), 8);
  EXPECT_EQ(value(*ours, R"(postern_worker_resident_memory_bytes{worker="2"})"), 99);
  const auto again = attach(2);
  ASSERT_TRUE(again);
  EXPECT_EQ(value(*ours, R"(postern_worker_resident_memory_bytes{worker="2"})"), 0);
  EXPECT_EQ(value(*ours, "postern_submissions_total"), 8) << "counters go on";
  EXPECT_FALSE(attach(3)) << "there are three";
  ::close(descriptor);
}

TEST(Metrics, OtherDescriptorsAreRefused) {
  const int other = ::open("/dev/null", O_RDWR);
  const auto attached = Metrics::attach(other, 0);
  ASSERT_FALSE(attached);
  EXPECT_EQ(attached.error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace postern
