# SPDX-License-Identifier: Apache-2.0
"""toyrpc: a tiny RPC runtime with asynchronous calls that can be cancelled. Client and server are in one process, and a
loopback network of threads is between them. It has its own names and its own errors, knows nothing of rpcancel, and has two
bugs. docs/add-a-runtime.md checks it, from nothing."""
import itertools
import threading
import time
from enum import Enum, auto


class Result(Enum):
    OK = auto()
    PENDING = auto()
    CANCELLED = auto()
    NOT_CANCELLED = auto()
    BAD_TICKET = auto()  # no Ticket at all
    NO_CALL = auto()
    BAD_CALL = auto()  # no Call at all


class Ticket:
    """The client's end of a call. It can be used again when its call was finished."""

    def __init__(self):
        self.call = None
        self.result = Result.NO_CALL
        self.done = threading.Semaphore(0)  # a completed call releases it


class Call:
    """The server's end of a call."""

    def __init__(self, ticket):
        self.ticket = ticket
        self.started = threading.Event()
        self.arrived = threading.Event()
        self.is_cancelled = False
        self.is_over = False
        self.error = None


class Worker:
    """Runs one call at a time; an application can keep the Call and complete it later, from any other place."""

    def __init__(self):
        self.call = None

    def start(self, call):
        self.call = call
        call.started.set()

    def leave(self):
        self.call = None

    def is_cancelled(self):
        return is_cancelled(self.call) if self.call else Result.NO_CALL


def is_cancelled(call):
    if not isinstance(call, Call):
        return Result.BAD_CALL
    return Result.OK if call.is_cancelled else Result.NOT_CANCELLED


class Runtime:
    """A client, a server, and a network that brings messages when it likes; or, if pumped, when it is told to."""

    def __init__(self, pumped=False):
        self.pumped = pumped
        self.lock = threading.RLock()
        self.on_the_way = []  # (name, call, function): in each direction messages of a call keep their order
        self.idle = threading.Condition(self.lock)
        if not pumped:
            threading.Thread(target=self._network, daemon=True).start()

    # ---- the network ----

    def _send(self, name, call, arrive):
        with self.lock:
            self.on_the_way.append((name, call, arrive))
            self.idle.notify_all()

    def _network(self):
        for turn in itertools.count():
            with self.lock:
                while not self.on_the_way:
                    self.idle.wait()
            time.sleep(0.0002 * (turn % 3))
            with self.lock:
                if self.on_the_way:
                    self.on_the_way.pop(0)[2]()
                self.idle.notify_all()

    def deliver(self, name, call):
        """Pumped: brings one message, if it is the next in its direction. False: it is not."""
        with self.lock:
            to_client = name == "reply"
            mine = [one for one in self.on_the_way if one[1] is call and (one[0] == "reply") == to_client]
            if not mine or mine[0][0] != name:
                return False
            self.on_the_way.remove(mine[0])
            mine[0][2]()
            return True

    def flush(self):
        """Returns when nothing is on its way any more."""
        with self.lock:
            while self.on_the_way:
                if self.pumped:
                    self.on_the_way.pop(0)[2]()
                else:
                    self.idle.wait()

    # ---- the client ----

    def begin(self, ticket):
        if not isinstance(ticket, Ticket):
            return Result.BAD_TICKET
        ticket.call = Call(ticket)
        ticket.result = Result.PENDING
        self._send("request", ticket.call, ticket.call.arrived.set)
        return Result.OK

    def status(self, ticket):
        if not isinstance(ticket, Ticket):
            return Result.BAD_TICKET
        call = ticket.call
        if call and call.is_over and ticket.result is Result.PENDING:
            return Result.OK  # BUG 2: looks across at the server, whose answer has not arrived yet
        return ticket.result

    def cancel(self, ticket, at_once=False):
        """Asks the server to stop. At once: the client does not wait for what the server makes of it."""
        if not isinstance(ticket, Ticket):
            return Result.BAD_TICKET
        with self.lock:
            if ticket.call and ticket.result is Result.PENDING:
                self._send("abandon" if at_once else "cancel", ticket.call, lambda call=ticket.call: self._stop(call))
                if at_once:
                    self._complete(ticket, Result.CANCELLED)
        return Result.OK if ticket.call else Result.NO_CALL

    def finish(self, ticket):
        """The result of the call; the ticket is free then, unless it is PENDING."""
        if not isinstance(ticket, Ticket):
            return Result.BAD_TICKET
        result = ticket.result
        if result is not Result.PENDING:
            ticket.call, ticket.result = None, Result.NO_CALL
        return result

    def _complete(self, ticket, result):
        ticket.result = result
        ticket.done.release()

    # ---- the server ----

    def _stop(self, call):
        if call.started.is_set():  # BUG 1: the cancel of a call that waits for a worker is lost
            call.is_cancelled = True

    def reply(self, call, error=None):
        """Ends a call: with success, or with an error, a number that the client gets."""
        call.is_over = True
        call.error = error
        self._send("reply", call, lambda: self._take_reply(call))
        return Result.OK

    def _take_reply(self, call):
        ticket = call.ticket
        if ticket.call is call and ticket.result is Result.PENDING:
            self._complete(ticket, Result.OK if call.error is None else call.error)
