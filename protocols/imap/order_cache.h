// OrderCache: the columns that SORT and THREAD have read, kept for the next of them, of all sessions of this
// process. What was used longest ago goes first.
#pragma once

#include <string>

#include "protocols/imap/command.h"
#include "protocols/imap/order_column.h"
#include "protocols/imap/threading.h"
#include "storage/lru_cache.h"
#include "storage/model/mailbox.h"

namespace postern::imap {

class OrderCache {
 public:
  // Of a mailbox; empty if nothing is known. Never nullptr.
  OrderColumnPtr<std::string> of_sort(MailboxKey mailbox, SortKind kind) {
    return find(sorts_, Key(mailbox, kind));
  }
  OrderColumnPtr<Threadable> of_thread(MailboxKey mailbox) { return find(threads_, Key(mailbox, {})); }

  // Adds to what is known by now, and gives all of it.
  OrderColumnPtr<std::string> add(MailboxKey mailbox, SortKind kind, OrderColumn<std::string> fresh) {
    return add(sorts_, Key(mailbox, kind), std::move(fresh));
  }
  OrderColumnPtr<Threadable> add(MailboxKey mailbox, OrderColumn<Threadable> fresh) {
    return add(threads_, Key(mailbox, {}), std::move(fresh));
  }

  // Each; 100,000 messages take 4 MiB for a date, and some 30 MiB for their threads.
  static constexpr std::uint64_t kOctetsMax = 64 * 1024 * 1024;

 private:
  struct Key {
    Key(MailboxKey m, SortKind k) : mailbox(m), kind(k) {}
    MailboxKey mailbox;
    SortKind kind;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<MailboxKey>()(key.mailbox) * 31 + static_cast<std::size_t>(key.kind);
    }
  };
  template <class Value>
  using Columns = LruCache<Key, OrderColumnPtr<Value>, Hash>;

  template <class Value>
  static OrderColumnPtr<Value> find(Columns<Value>& columns, const Key& key) {
    auto found = columns.find(key);
    return found ? found : std::make_shared<const OrderColumn<Value>>();
  }
  template <class Value>
  static OrderColumnPtr<Value> add(Columns<Value>& columns, const Key& key, OrderColumn<Value> fresh) {
    OrderColumnPtr<Value> column = joined(*find(columns, key), std::move(fresh));
    columns.forget(key);
    columns.put(key, column, column->octets);
    return column;
  }

  Columns<std::string> sorts_{kOctetsMax};
  Columns<Threadable> threads_{kOctetsMax};
};

}  // namespace postern::imap
