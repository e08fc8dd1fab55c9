// The scenes: each a client of one door. What they tell the page:
//
//   mailbox {address}                whose mail it is; at the beginning of each
//   failed {detail}                  what came in the client's way; at its end
//   delivered {}                     the server has taken a letter
//   list {messages}                  what a mailbox has, by a POP3 or IMAP client
//   news {}                          the client has been told that something has changed
//   add {id, subject, from, read}, change {id, read}, remove {id}, forget {}    what the phone has learnt
//   phone {policy_key, folder_key, inbox, sync_key}    what the phone knows, to begin from another time
//   refused {status}                 the phone is not wanted
#pragma once

#include "protocols/demo/scene.h"
#include "protocols/demo/stage.h"

namespace postern::demo {

// Each until it is done, or nobody looks any more. Errors: what came in its way.
using Play = Task<Result<void>> (*)(Scene& scene, const Stage& stage, const Json& wish);

// A letter comes in by LMTP.
Task<Result<void>> play_delivery(Scene& scene, const Stage& stage, const Json& wish);
// A POP3 client looks what there is.
Task<Result<void>> play_pop3(Scene& scene, const Stage& stage, const Json& wish);
// An IMAP client that waits for news in IDLE.
Task<Result<void>> play_imap(Scene& scene, const Stage& stage, const Json& wish);
// {uid, seen} or {uid, delete: true}: another IMAP client changes something.
Task<Result<void>> play_imap_change(Scene& scene, const Stage& stage, const Json& wish);
// {phone?, read?: {id, read}, delete?: id}: a phone begins, or goes on with what it knows; changes that;
// waits.
Task<Result<void>> play_phone(Scene& scene, const Stage& stage, const Json& wish);

constexpr std::chrono::minutes kSceneMax{15};  // then the page begins it anew
constexpr std::size_t kListedMax = 10;         // the newest so many

}  // namespace postern::demo
