// How a wait for the server is ended from outside: Ctrl-C under Python, SIGTERM, ...
#pragma once

#include <chrono>
#include <functional>

namespace memstack::pg {

// Called on the waiting thread when a signal arrives there and at least every kInterruptInterval, and as
// often before a statement of many quick ones. To end the wait, throw: the running statement is cancelled,
// its answer is read, and the exception goes on to the caller. Must be callable from any thread that holds a
// connection; no lock of ours is held around it.
using InterruptCheck = std::function<void()>;

inline constexpr std::chrono::milliseconds kInterruptInterval{100};

// Process-wide; an empty function (the default) means that nothing interrupts. Set once, before the first
// wait.
void SetInterruptCheck(InterruptCheck check);

// Runs the check, if there is one.
void CheckForInterrupt();

}  // namespace memstack::pg
