// The run of a transcript: who speaks, and whether the answer is the one in the file.
#include <map>
#include <stdexcept>

#include "gateway/base/text.h"
#include "tests/support/activesync_client.h"
#include "tests/support/gateway_in_process.h"
#include "tests/support/test_cluster.h"
#include "tests/support/transcript.h"
#include "tests/support/transcript_client.h"
#include "tests/support/transcript_setup.h"
#include "tests/support/transcript_words.h"

namespace postern::tests {

namespace {

constexpr std::size_t kShownOctetsMax = 300;

struct Mismatch : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Run {
 public:
  Run(std::vector<TranscriptStep> steps, std::string door)
      : steps_(std::move(steps)),
        door_(door == "activesync" ? "http" : std::move(door)),
        conninfo_(TestCluster::get().fresh_database()),
        setup_(set_up(conninfo_, steps_)),
        gateway_(conninfo_, setup_.settings, setup_.workers) {}

  ~Run() {
    if (database_stopped_) TestCluster::get().start();
  }

  // Throws what is wrong.
  void all() {
    for (at_ = 0; at_ < steps_.size(); ++at_) {
      try {
        take(steps_[at_]);
      } catch (const std::exception& error) {
        throw Mismatch("line " + std::to_string(steps_[at_].line) + " (" + speaker_ + "): " + error.what() +
                       "\n--- so far ---\n" + dialogue_);
      }
    }
  }

 private:
  void take(const TranscriptStep& step) {
    if (step.verb == "client") return change_client(step.rest);
    if (step.verb == "stop") return gateway_.stop();
    if (step.verb == "database") return switch_database(step.rest == "start");
    for (const char* act : {"feature", "device", "policy"}) {
      if (step.verb == act) return change_while_serving(conninfo_, step);
    }
    TranscriptClient& client = speaker();
    if (step.verb == "C") return say(client, words_.fill_in(step.rest) + "\r\n");
    if (step.verb == "send") return say(client, unescape(words_.fill_in(step.rest)));
    if (step.verb == "send file") return say(client, corpus_message(step.rest));
    if (step.verb == "S") return expect(client, step.rest);
    if (step.verb == "request") return ask(client, step);
    if (step.verb == "answer") return expect_answer(client, step);
    if (step.verb == "starttls") return client.start_tls();
    if (step.verb == "close") return client.close();
    if (step.verb == "closed") return expect_end(client);
    throw Mismatch("\"" + step.verb + "\" belongs to the opening lines");
  }

  // The cluster serves all tests of the process: it is started again whatever becomes of this one.
  void switch_database(bool on) {
    if (on) {
      TestCluster::get().start();
    } else {
      TestCluster::get().stop("fast");
    }
    database_stopped_ = !on;
  }

  TranscriptClient& speaker() {
    if (!clients_.contains(speaker_)) change_client(speaker_);
    return *clients_.at(speaker_);
  }

  void change_client(const std::string& text) {
    const std::string name = text.substr(0, text.find(' '));
    speaker_ = name;
    if (clients_.contains(name)) return;
    const bool tls = (text + ' ').find(" tls ") != std::string::npos;
    std::string door = door_;
    if (const std::size_t at = text.find("door="); at != std::string::npos) {
      door = text.substr(at + 5, text.find(' ', at) - at - 5);
    }
    const std::size_t worker = clients_.size() % setup_.workers;
    auto client = std::make_unique<TranscriptClient>(gateway_.port(worker, door, tls));
    if (tls) client->start_tls();
    clients_.emplace(name, std::move(client));
  }

  void say(TranscriptClient& client, const std::string& octets) {
    record("C", octets);
    client.send(octets);
  }

  void expect(TranscriptClient& client, const std::string& pattern) {
    if (pattern == "${untagged*}" || pattern == "${lines*}") return skip(client, pattern == "${untagged*}");
    const auto line = client.line();
    if (!line) throw Mismatch("expected \"" + pattern + "\", got the end of the connection");
    record("S", *line);
    if (!words_.matches(pattern, *line)) {
      throw Mismatch("\n  expected: " + words_shown(pattern) + "\n  got:      " + words_shown(*line));
    }
  }

  void skip(TranscriptClient& client, bool untagged_only) {
    while (auto line = client.line()) {
      const TranscriptStep* next = at_ + 1 < steps_.size() ? &steps_[at_ + 1] : nullptr;
      const bool wanted = next != nullptr && next->verb == "S" && words_.matches(next->rest, *line);
      if (wanted || (untagged_only && !line->starts_with("* "))) return client.unread(*line);
      record("S", *line);
    }
  }

  void ask(TranscriptClient& client, const TranscriptStep& step) {
    const std::string xml = words_.fill_in(step.xml);
    dialogue_ += speaker_ + " request: " + step.rest + '\n' + xml;
    client.send(activesync_request(words_.fill_in(step.rest), xml));
  }

  void expect_answer(TranscriptClient& client, const TranscriptStep& step) {
    const ActiveSyncAnswer answer = read_activesync_answer(client);
    dialogue_ += speaker_ + " answer: " + std::to_string(answer.status) + '\n' + answer.xml;
    const bool empty = step.rest.ends_with(" empty");
    if (std::to_string(answer.status) != step.rest.substr(0, 3)) throw Mismatch("another status");
    if (empty != answer.xml.empty()) throw Mismatch(empty ? "the body is not empty" : "the body is empty");
    if (step.xml.empty()) return;
    std::vector<std::string> lines = lines_of(answer.xml);
    auto got = lines.begin();
    bool skipping = false;
    for (const std::string& pattern : lines_of(step.xml)) {
      if (pattern == "<!-- more -->") {
        skipping = true;
        continue;
      }
      while (skipping && got != lines.end() && !words_.matches(pattern, *got)) ++got;
      if (got == lines.end()) throw Mismatch("the answer ends before: " + pattern);
      if (!skipping && !words_.matches(pattern, *got))
        throw Mismatch("\n  expected: " + pattern + "\n  got:      " + words_shown(*got));
      skipping = false;
      ++got;
    }
    if (!skipping && got != lines.end()) throw Mismatch("the answer goes on: " + words_shown(*got));
  }

  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (const std::string_view line : text::split(text, '\n')) {
      if (const auto trimmed = text::trim(line); !trimmed.empty()) lines.emplace_back(trimmed);
    }
    return lines;
  }

  void expect_end(TranscriptClient& client) {
    const auto line = client.line();
    if (line) throw Mismatch("expected the end of the connection, got \"" + words_shown(*line) + "\"");
  }

  void record(const char* who, const std::string& octets) {
    dialogue_ += speaker_ + ' ' + who + ": " + words_shown(octets) + '\n';
  }
  static std::string words_shown(const std::string& text) {
    std::string shown = text.substr(0, kShownOctetsMax);
    while (shown.ends_with('\n') || shown.ends_with('\r')) shown.pop_back();
    return text.size() > kShownOctetsMax ? shown + " …" : shown;
  }

  std::vector<TranscriptStep> steps_;
  const std::string door_;
  const std::string conninfo_;
  const TranscriptSetup setup_;
  TranscriptWords words_;
  std::string dialogue_;
  std::string speaker_ = "1";
  std::size_t at_ = 0;
  bool database_stopped_ = false;
  GatewayInProcess gateway_;
  std::map<std::string, std::unique_ptr<TranscriptClient>> clients_;  // gone before the gateway
};

}  // namespace

std::string run_transcript(const std::string& path, const std::string& door) {
  try {
    Run(read_transcript(path), door).all();
    return {};
  } catch (const std::exception& error) {
    return path + ": " + error.what();
  }
}

}  // namespace postern::tests
