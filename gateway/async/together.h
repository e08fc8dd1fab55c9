// together: tasks side by side, for questions of which none needs another's answer.
#pragma once

#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/async/task_scope.h"

namespace postern {

namespace together_detail {
template <class T>
Task<void> keep(Task<T> task, std::optional<T>& answer) {
  answer.emplace(co_await std::move(task));
}
}  // namespace together_detail

// Both begin at once; resumes when both have ended, whatever they say.
template <class A, class B>
Task<std::pair<A, B>> together(Loop& loop, Task<A> a, Task<B> b) {
  std::optional<A> first;
  std::optional<B> second;
  std::exception_ptr bug;
  TaskScope scope(loop, [&bug](std::exception_ptr what) { bug = what; });
  scope.start(together_detail::keep(std::move(a), first));
  scope.start(together_detail::keep(std::move(b), second));
  co_await scope.drained();
  if (bug) std::rethrow_exception(bug);
  std::pair<A, B> answers(*std::move(first), *std::move(second));
  co_return answers;
}

// Any number, of one type; the answers in their order.
template <class T>
Task<std::vector<T>> together(Loop& loop, std::vector<Task<T>> tasks) {
  std::vector<std::optional<T>> kept(tasks.size());
  std::exception_ptr bug;
  TaskScope scope(loop, [&bug](std::exception_ptr what) { bug = what; });
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    scope.start(together_detail::keep(std::move(tasks[i]), kept[i]));
  }
  co_await scope.drained();
  if (bug) std::rethrow_exception(bug);
  std::vector<T> answers;
  answers.reserve(kept.size());
  for (std::optional<T>& one : kept) answers.push_back(*std::move(one));
  co_return answers;
}

}  // namespace postern
