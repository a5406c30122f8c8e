// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TABLES_TEXT_H
#define RPCANCEL_TABLES_TEXT_H
/*
 * For tables.c alone: the tables as a reader compares them with the documents. A cell is `MARK ANSWERS`, or several
 * such separated by
 * `;`, of which the one for the profile in force counts:
 *
 *   d documented · i implied · 98 documented in 1998 only (profile documented-98) · o observed (profile windows)
 *   > documented change without a return code · s silent · c contradicting · u undefined · f forbidden, result silent
 *
 * ANSWERS: codes separated by commas, `!` in front for "anything but these"; `null`, `handle`, `exception`; X is the
 * code the server ended with, L a communication failure (1722, 1726, 1727, 1820).
 */
#include "observer/observer.h"
#include "rules/rules.h"

/* ---- client: rows K0 … K8 ---- */

enum client_column { INIT, BAD_SIZE, CALL, STATUS, COMPLETE, CANCEL, CANCEL_ABORT, ABORT, GET_HANDLE, CLIENT_COLUMNS };
static const char *const client_columns[] = {"init",   "init, bad size", "call",  "status",         "complete",
                                             "cancel", "cancel abort",   "abort", "get-call-handle"};
static const char *const client_rows[] = {"K0 never initialised",
                                          "K0 corrupted",
                                          "K1 initialised",
                                          "K2x stub raised",
                                          "K3 outstanding",
                                          "K4 nonabortively cancelled",
                                          "K5 abortively cancelled, notification not taken",
                                          "K5 abortively cancelled, notification taken",
                                          "K6 answered",
                                          "K7 failed",
                                          "K6, K7 unknown: reserved code, loss not settled",
                                          "K8 final"};
#define AS_ENDED "see the third table"
static const char *const client_cells[RPCANCEL_CLIENT_ROWS][CLIENT_COLUMNS] = {
    [RPCANCEL_K0] = {"d 0", "d 87", "s", "d 1914; o 1702", "d 1914; o 1914,1702", "d 1914; o 1914,1702",
                     "d 1914; o 1914,1702", "d 1914; o 1914,1702", "s"},
    [RPCANCEL_K0C] = {"d 0", "d 87", "s", "s", "s", "s", "s", "s", "s"},
    [RPCANCEL_K1] = {"i 0", "d 87", ">", "s; o 1702", "s", "s", "s", "s", "s; o null"},
    [RPCANCEL_K2X] = {"i 0", "d 87", "c", "s", "s", "s", "s", "s", "s"},
    [RPCANCEL_K3] = {"f", "f", "f", "d 997", "d 997", "d 0", "d 0", "s", "s"},
    [RPCANCEL_K4] = {"f", "f", "f", "i 997", "i 997", "s", "d 0", "s", "s"},
    [RPCANCEL_K5] = {"f", "f", "f", "s", "s", "s", "s", "s", "s"},
    [RPCANCEL_K5T] = {"f", "f", "f", "i !997", "see the fourth table", "s", "s", "s", "s"},
    [RPCANCEL_K6] = {"f", "f", "f", AS_ENDED, AS_ENDED, "s", "s", "s", "s"},
    [RPCANCEL_K7] = {"f", "f", "f", AS_ENDED, AS_ENDED, "s", "s", "s", "s"},
    [RPCANCEL_KU] = {"f", "f", "f", AS_ENDED, AS_ENDED, "s", "s", "s", "s"},
    [RPCANCEL_K8] = {"d 0", "d 87", "c", "s", "u", "u", "u", "s", "s"},
};

/* ---- server: rows V0 … V5 ---- */

enum server_column {
    TEST_OWN,
    TEST_OTHER,
    ZERO_SERVING,
    ZERO_WORKER,
    END_COMPLETE,
    END_ABORT,
    RAISE,
    WRONG_ROLE,
    GET_OWN,
    SERVER_COLUMNS
};
static const char *const server_columns[] = {"test-cancel, its manager routine or worker",
                                             "test-cancel, another dispatcher",
                                             "test-cancel 0, in its manager routine",
                                             "test-cancel 0, thread that serves no call",
                                             "complete",
                                             "abort, nonzero code",
                                             "raise",
                                             "status, cancel (wrong role)",
                                             "get-call-handle"};
static const char *const server_rows[] = {
    "V0 no such call", "V1 in the manager routine", "V1 a cancel on its way", "V1c cancelled",
    "V2 handed off",   "V2 a cancel on its way",    "V2c cancelled",          "Vd client gone",
    "V3, V4, V5 ended"};
static const char *const server_cells[RPCANCEL_SERVER_ROWS][SERVER_COLUMNS] = {
    [RPCANCEL_V0] = {"s", "s", "s", "d 1725", "s", "s", "s", "s", "s"},
    [RPCANCEL_V1] = {"d 1791", "s", "d 1791", "d 1725", "d 0", "d 0", ">", "s", "i handle"},
    [RPCANCEL_V1P] = {"i 0,1791", "s", "i 0,1791", "d 1725", "s", "s", ">", "s", "i handle"},
    [RPCANCEL_V1C] = {"d 0", "s", "d 0", "d 1725", "s", "s", ">", "s", "i handle"},
    [RPCANCEL_V2] = {"d 1791", "s", "i 1791", "i 1725", "d 0", "d 0", "u", "s", "i handle"},
    [RPCANCEL_V2P] = {"i 0,1791", "s", "i 0,1791", "i 1725", "s", "s", "u", "s", "i handle"},
    [RPCANCEL_V2C] = {"d 0", "s", "i 0", "i 1725", "s", "s", "u", "s", "i handle"},
    [RPCANCEL_VD] = {"s", "s", "s", "i 1725", "s", "s", ">", "s", "s"},
    [RPCANCEL_VE] = {"u", "u", "s", "i 1725", "u", "u", "u", "u", "u"},
};

/* ---- what an ended call says: server outcome × cancel ---- */

enum ended_row { SUCCESS, FAULT, FAULT_CANCELLED, LINK, RESERVED, ENDED_ROWS };
enum aborted_row { UNANSWERED, UNANSWERED_LINK_LOST, ANSWERED_LATER, ANSWERED_LATER_LINK_LOST, ABORTED_ROWS };
enum ended_column {
    COMPLETE_NONE,
    COMPLETE_BEFORE,
    COMPLETE_LATE,
    COMPLETE_BOTH,
    STATUS_NONE,
    STATUS_BEFORE,
    STATUS_LATE,
    RETURNED_NONE,
    RETURNED_BEFORE,
    ENDED_COLUMNS
};
static const char *const ended_columns[] = {"complete, no cancel",
                                            "complete, nonabortive cancel before the answer",
                                            "complete, any cancel after the answer",
                                            "complete, nonabortive before and any after",
                                            "status, no cancel",
                                            "status, nonabortive cancel before the answer",
                                            "status, any cancel after the answer",
                                            "returned, no cancel",
                                            "returned, cancelled before the answer"};
static const char *const ended_rows[] = {"server completed", "server aborted or raised with X",
                                         "server aborted or raised with 1818", "link lost before the answer",
                                         "ended with another reserved code"};
static const char *const ended_cells[ENDED_ROWS][ENDED_COLUMNS] = {
    [SUCCESS] = {"d 0", "i 0,1818", "s; 98 0", "s; 98 0,1818", "d 0", "i 0,1818", "s", "d 0", "i 0,1818"},
    [FAULT] = {"d X", "i X", "s; 98 X", "s; 98 X", "d !0,997,1914", "d !0,997,1914", "s", "i X", "i X"},
    [FAULT_CANCELLED] = {"s", "s", "s", "s", "d !0,997,1914", "d !0,997,1914", "s", "s", "s"},
    [LINK] = {"i L", "i 1818,L", "s; 98 L", "s; 98 1818,L", "d !0,997,1914", "d !0,997,1914", "s", "i L", "i 1818,L"},
    [RESERVED] = {"s", "s", "s", "s", "s", "s", "s", "s", "s"},
};

/* ---- what an abortively cancelled call says once its notification was taken ---- */

static const char *const aborted_columns[] = {"complete"};
static const char *const aborted_rows[] = {"the server has not answered", "the same, link lost",
                                           "the server answered after the cancel", "the same, link lost"};
static const char *const aborted_cells[ABORTED_ROWS][1] = {
    [UNANSWERED] = {"d 1818,L"},
    [UNANSWERED_LINK_LOST] = {"d 1818,L"},
    [ANSWERED_LATER] = {"d !997,1914; 98 1818"},
    [ANSWERED_LATER_LINK_LOST] = {"d !997,1914; 98 1818,L"},
};

/* ---- the completion notification ---- */

enum notice_column { NOT_TAKEN, TAKEN, NOTICE_COLUMNS };
static const char *const notice_columns[] = {"await, not taken yet", "await, taken before"};
static const char *const notice_cells[RPCANCEL_CLIENT_ROWS][NOTICE_COLUMNS] = {
    [RPCANCEL_K0] = {"s", "s"},          [RPCANCEL_K0C] = {"s", "s"},        [RPCANCEL_K1] = {"s", "s"},
    [RPCANCEL_K2X] = {"d 258", "d 258"}, [RPCANCEL_K3] = {"i 258", "i 258"}, [RPCANCEL_K4] = {"d 258", "d 258"},
    [RPCANCEL_K5] = {"i 0", "s"}, /* these three owed once everything settled; before that silent */
    [RPCANCEL_K5T] = {"i 258", "i 258"}, [RPCANCEL_K6] = {"i 0", "i 258"},   [RPCANCEL_K7] = {"i 0", "i 258"},
    [RPCANCEL_KU] = {"s", "i 258"}, /* 997 or 1914 may mean it is final already */
    [RPCANCEL_K8] = {"s", "i 258"},
};

/* ---- notifications of a call ---- */

enum notification_column {
    SUBSCRIBE_NEW,
    SUBSCRIBE_AGAIN,
    SUBSCRIBE_UNSUPPORTED,
    SUBSCRIBE_NO_TYPE,
    SUBSCRIBE_ZERO,
    UNSUBSCRIBE_KNOWN,
    UNSUBSCRIBE_UNKNOWN,
    UNSUBSCRIBE_UNSUPPORTED,
    ATTRIBUTES,
    SERVER_FROM_CLIENT,
    NOTIFICATION_COLUMNS
};
static const char *const notification_columns[] = {"subscribe, its manager routine or worker",
                                                   "subscribe, subscribed before",
                                                   "subscribe, another notification",
                                                   "subscribe, RpcNotificationTypeNone",
                                                   "subscribe 0, in its manager routine",
                                                   "unsubscribe, subscribed",
                                                   "unsubscribe, not subscribed",
                                                   "unsubscribe, another notification",
                                                   "call-attributes",
                                                   "server-from-client"};
static const char *const notification_cells[RPCANCEL_SERVER_ROWS][NOTIFICATION_COLUMNS] = {
    [RPCANCEL_V0] = {"s", "s", "s", "s", "s", "s", "s", "s", "s", "s"},
    [RPCANCEL_V1] = {"d 0", "s", "d 1764", "d 87", "d 0", "d 0", "s", "d 1764", "s", "i 0"},
    [RPCANCEL_V1P] = {"s", "s", "d 1764", "d 87", "s", "d 0", "s", "d 1764", "s", "s"},
    [RPCANCEL_V1C] = {"s", "s", "d 1764", "d 87", "s", "d 0", "s", "d 1764", "s", "s"},
    [RPCANCEL_V2] = {"d 0", "s", "d 1764", "d 87", "s", "d 0", "s", "d 1764", "s", "i 0"},
    [RPCANCEL_V2P] = {"s", "s", "d 1764", "d 87", "s", "d 0", "s", "d 1764", "s", "s"},
    [RPCANCEL_V2C] = {"s", "s", "d 1764", "d 87", "s", "d 0", "s", "d 1764", "s", "s"},
    [RPCANCEL_VD] = {"s", "s", "s", "s", "s", "d 0", "s", "s", "s", "s"},
    [RPCANCEL_VE] = {"u", "u", "u", "u", "s", "u", "u", "u", "u", "u"},
};
static const char *const taken_columns[] = {"take"};
static const char *const taken_rows[] = {"not subscribed",
                                         "subscribed, nothing happened",
                                         "subscribed, and it happened",
                                         "the same, everything settled since",
                                         "subscribed, and taken",
                                         "taken, and unsubscribed",
                                         "subscribed; it happened before, or whether it did is open",
                                         "the same, or not taken, and unsubscribed"};
static const char *const taken_cells[RPCANCEL_NOTICES][1] = {{"i 258"}, {"i 258"}, {"s"}, {"i 0"},
                                                             {"i 258"}, {"i 258"}, {"s"}, {"s"}};

/* ---- synchronous calls ---- */

enum thread_column {
    CANCEL_THREAD,
    CANCEL_THREAD_DENIED,
    CANCEL_THREAD_EX,
    SET_CANCEL_TIMEOUT,
    SET_CALL_TIMEOUT,
    RETURNED,
    THREAD_COLUMNS
};
static const char *const thread_columns[] = {
    "cancel-thread",      "cancel-thread no-access", "cancel-thread-ex 0, 1, 2",
    "set-cancel-timeout", "set-call-timeout",        "returned"};
static const char *const thread_rows[] = {"T0 in no call",
                                          "T1 in a call",
                                          "T2 in a call, cancelled",
                                          "T3 a cancel's time-out ran out",
                                          "T4 cancelled, whether given up is open",
                                          "T5 the call's time-out ran out",
                                          "T6 answered, settled",
                                          "T7 failed, settled",
                                          "TU in a call, unknown"};
static const char *const thread_cells[RPCANCEL_THREAD_ROWS][THREAD_COLUMNS] = {
    [RPCANCEL_T0] = {"s", "s", "s", "i 0", "i 0", "s"},  [RPCANCEL_T1] = {"i 0", "d 5", "i 0", "s", "s", "d 258"},
    [RPCANCEL_T2] = {"s", "s", "s", "s", "s", "d 258"},  [RPCANCEL_T3] = {"s", "s", "s", "s", "s", "d !0,258"},
    [RPCANCEL_T4] = {"s", "s", "s", "s", "s", "i !0"},   [RPCANCEL_T5] = {"s", "s", "s", "s", "s", "d 1818"},
    [RPCANCEL_T6] = {"s", "s", "s", "s", "s", AS_ENDED}, [RPCANCEL_T7] = {"s", "s", "s", "s", "s", AS_ENDED},
    [RPCANCEL_TU] = {"s", "s", "s", "s", "s", "s"},
};

enum { SYNCHRONOUS_ROWS = RPCANCEL_ALL_SERVER_ROWS - RPCANCEL_VS };
enum synchronous_column { TEST_THREAD, TEST_BY_HANDLE, TEST_BY_ZERO, SYNCHRONOUS_RAISE, SYNCHRONOUS_COLUMNS };
static const char *const synchronous_columns[] = {"test-cancel thread", "test-cancel", "test-cancel 0", "raise"};
static const char *const synchronous_rows[] = {"V1 in the manager routine", "V1 a cancel on its way", "V1c cancelled"};
static const char *const synchronous_cells[SYNCHRONOUS_ROWS][SYNCHRONOUS_COLUMNS] = {
    {"d !0", "s", "s", ">"}, {"s", "s", "s", ">"}, {"d 0", "s", "s", ">"}};

/* ---- operations that stand alone ---- */

enum { BAD_MEMORY, INVALID_BINDING, WITHOUT_CODE, SILENT_CELL, ALONE_CELLS };
static const char *const alone_columns[] = {"answer"};
static const char *const alone_rows[] = {"init bad-memory", "test-cancel invalid, server-from-client invalid",
                                         "deliver, lose link, settle, dispatch, hand-off, return, corrupt, elapse",
                                         "test-cancel 0 on an idle dispatcher; await before everything settled"};
static const char *const alone_cells[ALONE_CELLS][1] = {
    [BAD_MEMORY] = {"d 1914,exception"}, [INVALID_BINDING] = {"d 1702"}, [WITHOUT_CODE] = {">"}, [SILENT_CELL] = {"s"}};

#endif
