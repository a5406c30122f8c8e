/* SPDX-License-Identifier: Apache-2.0
 *
 * How cancel.pml prints its transitions: lines as `rpcancel explore --edges` writes them. Without EDGES nothing is printed, and answers,
 * which are no part of a state, are not worked out.
 */

#define A_OK 0
#define A_87 87
#define A_258 258
#define A_997 997
#define A_1702 1702
#define A_1725 1725
#define A_1791 1791
#define A_1914 1914
#define A_1915 1915
#define A_DONE 10001
#define A_NULL 10002
#define A_HANDLE 10003
#define A_EXCEPTION 10004
#define A_RESULT 20000 /* and what a call ended with */

#define INIT 0
#define INIT_BAD_SIZE 1
#define INIT_BAD_MEMORY 2
#define CORRUPT 3
#define CALL 4
#define STATUS 5
#define COMPLETE 6
#define CANCEL_CALL 7
#define CANCEL_ABORT 8
#define ABORT 9
#define GET_CALL_HANDLE 10
#define AWAIT 11
#define DELIVER_REQUEST 12
#define DELIVER_CANCEL 13
#define DELIVER_ORPHANED 14
#define DELIVER_REPLY 15
#define LOSE_LINK 16
#define SETTLE 17
#define DISPATCH 18
#define HAND_OFF 19
#define RETURN 20
#define RAISE 21
#define TEST_CANCEL 22
#define TEST_CANCEL_ZERO 23
#define TEST_CANCEL_INVALID 24
#define SERVER_COMPLETE 25
#define SERVER_ABORT 26
#define SERVER_STATUS 27
#define SERVER_CANCEL 28
#define SERVER_CANCEL_ABORT 29
#define SERVER_GET_CALL_HANDLE 30

#ifdef EDGES
hidden int kept, op_answer;
hidden byte op_kind, op_slot, op_argument, op_thread;
#define KEEP(value) kept = value
#define KEPT kept
#define BEGIN c_code { write_state(before); }
#define END(k, s, a, t, value) op_kind = k; op_slot = s; op_argument = a; op_thread = t; op_answer = value; c_code { write_edge(); }

c_code {
    static char before[512], after[512];

    static const char *const fault_codes[] = {"5", "1818", "0", "997", "1914", "87", "0xC0000005", "0x1C00000D"};
    static const char *const sizes[] = {"size-too-small", "size-too-large"};
    static const char *const members[] = {"signature", "size", "lock", "stub-info"};

    static const char *result_text(int result)
    {
        static const char *const texts[] = {"", "success", "link-lost", "cancelled"};
        return result >= FAULT ? fault_codes[result - FAULT] : texts[result];
    }

    static char *put(char *out, const char *text)
    {
        while (*text)
            *out++ = *text++;
        *out = 0;
        return out;
    }

    /* The thread that runs the manager routine of the call, or -1. */
    static int manager_of(int call)
    {
        for (int t = 0; t < THREADS; t++) {
            if (now.serves[t] == call + 1)
                return t;
        }
        return -1;
    }

    static const char *phase_text(int call)
    {
        int runs = manager_of(call) >= 0;
        switch (now.phase[call]) {
        case QUEUED:
            return "queued";
        case OWN:
            return "dispatched";
        case SHARED:
            return runs ? "handed-off" : "on-worker";
        case ENDED:
            return runs ? "ended-running" : "ended";
        default:
            return "unknown";
        }
    }

    static char *put_call(char *out, int call)
    {
        static const char *const messages[] = {"", ",request", ",cancel", ",orphaned"};
        static const char names[] = "abcd";
        int to_server = q_len(now.to_server[call]);
        int to_client = q_len(now.to_client[call]);
        if (now.phase[call] == UNKNOWN && !to_server && !to_client)
            return out;
        out += sprintf(out, " %c%s:%s", names[call % CALLS], call < CALLS ? "" : "'", phase_text(call));
        if (manager_of(call) >= 0)
            out += sprintf(out, "@t%d", manager_of(call) + 1);
        out = put(out, now.cancelled[call] ? ",cancelled" : "");
        if (to_server || to_client)
            out = put(out, ",on-its-way");
        for (int n = 0; n < to_server; n++)
            out = put(out, messages[qrecv(now.to_server[call], n, 0, 0)]);
        if (to_client) {
            int carried = qrecv(now.to_client[call], 0, 0, 0);
            out = put(out, ",reply");
            if (carried != NOTHING)
                out += sprintf(out, "=%s", result_text(carried));
        }
        return out;
    }

    static void write_state(char *out)
    {
        static const char *const phases[] = {"zeroed", "corrupted", "initialised", "raised", "outstanding",
                                             "cancelling", "aborted", "answered", "failed", "final"};
        static const char *const notices[] = {"", ",announced", ",taken"};
        out = put(out, now.lost ? "lost" : "up");
        for (int h = 0; h < CALLS; h++) {
            out += sprintf(out, " %c=%s", 'a' + h, phases[now.handle[h]]);
            if (now.says[h] != NOTHING)
                out += sprintf(out, ",%s", result_text(now.says[h]));
            out = put(out, notices[now.notice[h]]);
            out = put_call(out, h);
            if (SLOTS > CALLS)
                out = put_call(out, CALLS + h);
        }
    }

    static char *put_thread(char *out)
    {
        return op_thread == WORKER ? put(out, " @w") : out + sprintf(out, " @t%d", op_thread + 1);
    }

    /* What stands behind the words and the handle, by kind. */
    static const struct {
        const char *words;
        const char *suffix;
        char names_handle;
        char names_thread;
        const char *const *arguments;
    } operations[] = {[INIT] = {"init", "", 1, 0, 0},
                      [INIT_BAD_SIZE] = {"init", "", 1, 0, sizes},
                      [INIT_BAD_MEMORY] = {"init bad-memory", "", 0, 0, 0},
                      [CORRUPT] = {"corrupt", "", 1, 0, members},
                      [CALL] = {"call", "", 1, 0, 0},
                      [STATUS] = {"status", "", 1, 0, 0},
                      [COMPLETE] = {"complete", "", 1, 0, 0},
                      [CANCEL_CALL] = {"cancel", "", 1, 0, 0},
                      [CANCEL_ABORT] = {"cancel", " abort", 1, 0, 0},
                      [ABORT] = {"abort", "", 1, 0, fault_codes},
                      [GET_CALL_HANDLE] = {"get-call-handle", "", 1, 0, 0},
                      [AWAIT] = {"await", "", 1, 0, 0},
                      [DELIVER_REQUEST] = {"deliver request", "", 1, 0, 0},
                      [DELIVER_CANCEL] = {"deliver cancel", "", 1, 0, 0},
                      [DELIVER_ORPHANED] = {"deliver orphaned", "", 1, 0, 0},
                      [DELIVER_REPLY] = {"deliver reply", "", 1, 0, 0},
                      [LOSE_LINK] = {"lose link", "", 0, 0, 0},
                      [SETTLE] = {"settle", "", 0, 0, 0},
                      [DISPATCH] = {"dispatch", "", 1, 1, 0},
                      [HAND_OFF] = {"hand-off", "", 1, 0, 0},
                      [RETURN] = {"return", "", 1, 0, 0},
                      [RAISE] = {"raise", "", 1, 0, fault_codes},
                      [TEST_CANCEL] = {"test-cancel", "", 1, 1, 0},
                      [TEST_CANCEL_ZERO] = {"test-cancel 0", "", 0, 1, 0},
                      [TEST_CANCEL_INVALID] = {"test-cancel invalid", "", 0, 1, 0},
                      [SERVER_COMPLETE] = {"complete", "", 1, 1, 0},
                      [SERVER_ABORT] = {"abort", "", 1, 1, fault_codes},
                      [SERVER_STATUS] = {"status", "", 1, 1, 0},
                      [SERVER_CANCEL] = {"cancel", "", 1, 1, 0},
                      [SERVER_CANCEL_ABORT] = {"cancel", " abort", 1, 1, 0},
                      [SERVER_GET_CALL_HANDLE] = {"get-call-handle", "", 1, 1, 0}};

    static void write_operation(char *out)
    {
        out = put(out, operations[op_kind].words);
        if (operations[op_kind].names_handle)
            out += sprintf(out, " %c%s", 'a' + op_slot % CALLS, op_slot < CALLS ? "" : "'");
        out = put(out, operations[op_kind].suffix);
        if (operations[op_kind].arguments)
            out += sprintf(out, " %s", operations[op_kind].arguments[op_argument]);
        if (operations[op_kind].names_thread)
            put_thread(out);
    }

    static const char *answer_text(void)
    {
        static char number[16];
        static const char *const codes[] = {[SUCCESS] = "0", [LINK_LOST] = "1726", [CANCELLED] = "1818"};
        if (op_answer >= A_RESULT + FAULT)
            return fault_codes[op_answer - A_RESULT - FAULT];
        if (op_answer >= A_RESULT)
            return codes[op_answer - A_RESULT];
        switch (op_answer) {
        case A_DONE:
            return "done";
        case A_NULL:
            return "null";
        case A_HANDLE:
            return "handle";
        case A_EXCEPTION:
            return "exception";
        default:
            sprintf(number, "%d", op_answer);
            return number;
        }
    }

    static void write_edge(void)
    {
        char operation[64];
        write_operation(operation);
        write_state(after);
        printf("%s\t%s\t%s\t%s\n", before, operation, answer_text(), after);
    }
};
#else
#define KEEP(value) skip
#define KEPT 0
#define BEGIN skip
#define END(k, s, a, t, value) skip
#endif
