#include "revision/cycle.h"

#include <algorithm>

namespace memstack::revision {
namespace {

// Depth first.
class CycleFinder {
 public:
  explicit CycleFinder(const std::vector<Revision>& revisions)
      : revisions_(revisions), state_(revisions.size(), State::kNew) {}

  // From a revision down to itself, which is first and last; empty if there is none.
  std::vector<RevisionIndex> Find() {
    for (RevisionIndex start = 0; start < revisions_.size(); ++start) {
      if (state_[start] == State::kNew && Search(start)) return Cycle();
    }
    return {};
  }

 private:
  enum class State { kNew, kOpen, kDone };
  struct Frame {
    RevisionIndex index;
    size_t next = 0;  // of its links
  };

  // Explicit stack: a history may be longer than the machine's stack is deep.
  bool Search(RevisionIndex start) {
    Open(start);
    while (!path_.empty()) {
      Frame& frame = path_.back();
      const Revision& revision = revisions_[frame.index];
      if (frame.next == revision.parents.size() + revision.dependencies.size()) {
        state_[frame.index] = State::kDone;
        path_.pop_back();
        continue;
      }
      const size_t link = frame.next++;
      const RevisionIndex below = link < revision.parents.size()
                                      ? revision.parents[link]
                                      : revision.dependencies[link - revision.parents.size()];
      if (state_[below] == State::kOpen) {
        repeated_ = below;
        return true;
      }
      if (state_[below] == State::kNew) Open(below);
    }
    return false;
  }

  void Open(RevisionIndex index) {
    state_[index] = State::kOpen;
    path_.push_back({index});
  }

  std::vector<RevisionIndex> Cycle() const {
    std::vector<RevisionIndex> cycle;
    const auto start =
        std::find_if(path_.begin(), path_.end(), [&](const Frame& f) { return f.index == repeated_; });
    for (auto frame = start; frame != path_.end(); ++frame) cycle.push_back(frame->index);
    cycle.push_back(repeated_);
    return cycle;
  }

  const std::vector<Revision>& revisions_;
  std::vector<State> state_;
  std::vector<Frame> path_;
  RevisionIndex repeated_ = 0;
};

}  // namespace

std::vector<RevisionIndex> FindCycle(const std::vector<Revision>& revisions) {
  return CycleFinder(revisions).Find();
}

}  // namespace memstack::revision
