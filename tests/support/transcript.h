// A transcript: a dialogue with the gateway as a text file, each line one step. ARCHITECTURE.md has the idea;
// this is the format.
//
//   # words                          comment
//   settings: imap.idle_timeout_s=2  before the first client line; any setting by its name
//   workers: 2                       loops with stores of their own; clients are spread over them
//   account: kim@example.test pass   beside joe@example.test, whose password is "secret"
//   profile: kim@example.test name=(Kim Possible) [hidden=yes]
//                                    what the address book shows of an account
//   alias: team@example.test kim@example.test joe@example.test
//   feature: joe@example.test imap off
//                                    also later: an administrator does it while the gateway serves
//   device: joe@example.test phone1 block
//                                    likewise: allow, block, quarantine, remove, wipe full (account_only,
//                                    none)
//   policy: example.test lock_after_s=300
//                                    likewise: what a plan, domain or account says of it, all values at once
//   limit: joe@example.test octets=100000 messages=50
//   mailbox: Lists/postern           of joe; made if missing. What follows goes into it:
//     message: two-parts.eml  uid=41  flags=(\Seen $Forwarded)  date=2024-02-29T10:00:00Z
//     message: plain.eml  structure=broken   what the store knows of it cannot be read
//
//   client: phone [door=pop3] [tls]  opens a connection, or speaks on from where it was; the first
//                                    is implied and called 1
//   C: a1 NOOP                       sent with CRLF
//   send: a1 NO\0OP\r\n              sent as it stands; escapes \r \n \t \0 \\ \xHH
//   send file: two-parts.eml         the octets of a message of tests/support/corpus
//   S: a1 OK ${*}                    the next line is exactly this
//   S: ${untagged*}                  skips lines that begin with "* "
//   S: ${lines*}                     skips lines up to the one that the next step expects
//   request: Sync [version=16.1] …   ActiveSync: see activesync_client.h
//   answer: 200                      its status, then the XML; <!-- more --> skips lines
//   starttls                         the client's half of the handshake
//   closed                           the server has ended the connection
//   close                            the client does
//   stop                             the server is told to drain
//   database: stop                   the database goes away; "start" brings it back
//
// In C: and S: ${name} captures what stands there, and stands for it afterwards; ${*} is anything. ${x*500}
// is 500 times x, ${size:two-parts.eml} the octets of that message, ${base64:text} is text in base64 (escapes
// as above).
#pragma once

#include <string>
#include <vector>

namespace postern::tests {

struct TranscriptStep {
  int line = 0;
  std::string verb;  // what stands before the colon, or the word
  std::string rest;
  std::string xml;  // the lines below it, without their indentation
};

// Throws with file and line of what it cannot read.
std::vector<TranscriptStep> read_transcript(const std::string& path);

// Undoes \r \n \t \0 \\ \xHH.
std::string unescape(const std::string& text);

// Runs the whole file; returns what differs, with its place and the dialogue so far, or nothing.
std::string run_transcript(const std::string& path, const std::string& door);

}  // namespace postern::tests
