// SPDX-License-Identifier: Apache-2.0
#include "rules/tables.h"

#include <stdlib.h>
#include <assert.h>
#include <string.h>

#include "observer/notices.h"
#include "rules/rule_functions.h"
#include "rules/tables_text.h"

/* ---- reading ---- */

static struct rpcancel_cell client[RPCANCEL_PROFILES][RPCANCEL_CLIENT_ROWS][CLIENT_COLUMNS];
static struct rpcancel_cell server[RPCANCEL_PROFILES][RPCANCEL_SERVER_ROWS][SERVER_COLUMNS];
static struct rpcancel_cell ended[RPCANCEL_PROFILES][ENDED_ROWS][ENDED_COLUMNS];
static struct rpcancel_cell ended_fault[RPCANCEL_PROFILES][RPCANCEL_FAULT_CODE_COUNT][ENDED_COLUMNS];
static struct rpcancel_cell notice[RPCANCEL_PROFILES][RPCANCEL_CLIENT_ROWS][NOTICE_COLUMNS];
static struct rpcancel_cell alone[RPCANCEL_PROFILES][ALONE_CELLS][1];
static struct rpcancel_cell aborted[RPCANCEL_PROFILES][ABORTED_ROWS][1];
static struct rpcancel_cell notification[RPCANCEL_PROFILES][RPCANCEL_SERVER_ROWS][NOTIFICATION_COLUMNS];
static struct rpcancel_cell taken[RPCANCEL_PROFILES][RPCANCEL_NOTICES][1];
static struct rpcancel_cell thread[RPCANCEL_PROFILES][RPCANCEL_THREAD_ROWS][THREAD_COLUMNS];
static struct rpcancel_cell synchronous[RPCANCEL_PROFILES][SYNCHRONOUS_ROWS][SYNCHRONOUS_COLUMNS];

static void add_answer(struct rpcancel_cell *cell, struct rpcancel_answer answer)
{
    assert(cell->count < RPCANCEL_CELL_ANSWERS);
    cell->answers[cell->count++] = answer;
}

/* Reads one answer of a cell; |fault| is what X stands for. */
static void read_answer(struct rpcancel_cell *cell, const char *word, size_t length, uint32_t fault)
{
    static const uint32_t link_failures[] = {RPCANCEL_S_SERVER_UNAVAILABLE, RPCANCEL_S_CALL_FAILED,
                                             RPCANCEL_S_CALL_FAILED_DNE, RPCANCEL_S_COMM_FAILURE};
    if (strncmp(word, "null", length) == 0)
        add_answer(cell, rpcancel_answer_kind(RPCANCEL_ANSWER_NULL));
    else if (strncmp(word, "handle", length) == 0)
        add_answer(cell, rpcancel_answer_kind(RPCANCEL_ANSWER_HANDLE));
    else if (strncmp(word, "exception", length) == 0)
        add_answer(cell, rpcancel_answer_exception(0));
    else if (word[0] == 'X')
        add_answer(cell, rpcancel_answer_code(fault));
    else if (word[0] == 'L')
        for (unsigned i = 0; i < sizeof link_failures / sizeof link_failures[0]; i++)
            add_answer(cell, rpcancel_answer_code(link_failures[i]));
    else
        add_answer(cell, rpcancel_answer_code((uint32_t)strtoul(word, NULL, 10)));
}

static enum rpcancel_mark read_mark(const char *word)
{
    switch (word[0]) {
    case 'd':
        return RPCANCEL_MARK_DOCUMENTED;
    case 'i':
        return RPCANCEL_MARK_IMPLIED;
    case '9':
        return RPCANCEL_MARK_HISTORICAL;
    case 'o':
        return RPCANCEL_MARK_OBSERVED;
    case '>':
        return RPCANCEL_MARK_TRANSITION;
    case 'c':
        return RPCANCEL_MARK_CONTRADICTING;
    case 'u':
        return RPCANCEL_MARK_UNDEFINED;
    case 'f':
        return RPCANCEL_MARK_FORBIDDEN;
    default:
        return RPCANCEL_MARK_SILENT;
    }
}

/* The part of a cell's text that counts under |profile|: its own if there is one, else the first. */
static const char *part_for(const char *text, enum rpcancel_profile profile)
{
    for (const char *next = strchr(text, ';'); next; next = strchr(next + 1, ';')) {
        const char *part = next + 2;
        if ((part[0] == '9' && profile == RPCANCEL_PROFILE_DOCUMENTED_98) ||
            (part[0] == 'o' && profile == RPCANCEL_PROFILE_WINDOWS))
            return part;
    }
    return text;
}

static struct rpcancel_cell read_cell(const char *text, enum rpcancel_profile profile, uint32_t fault)
{
    struct rpcancel_cell cell = {0};
    const char *part = part_for(text, profile);
    cell.mark = (uint8_t)read_mark(part);
    const char *word = part + strcspn(part, " ;");
    word += strspn(word, " ");
    if (*word == '!') {
        cell.except = 1;
        word++;
    }
    while (*word && *word != ';') {
        size_t length = strcspn(word, ",;");
        read_answer(&cell, word, length, fault);
        word += length + (word[length] == ',');
    }
    return cell;
}

#define CELLS_OF(table) (sizeof(table) / sizeof((table)[0][0]))

static void read_table(struct rpcancel_cell *out, const char *const *texts, size_t count, enum rpcancel_profile profile,
                       uint32_t fault)
{
    for (size_t i = 0; i < count; i++)
        out[i] = read_cell(texts[i], profile, fault);
}

void rpcancel_tables_init(void)
{
    for (unsigned n = 0; n < RPCANCEL_PROFILES; n++) {
        enum rpcancel_profile profile = (enum rpcancel_profile)n;
        read_table(client[n][0], client_cells[0], CELLS_OF(client_cells), profile, 0);
        read_table(server[n][0], server_cells[0], CELLS_OF(server_cells), profile, 0);
        read_table(ended[n][0], ended_cells[0], CELLS_OF(ended_cells), profile, 0);
        read_table(notice[n][0], notice_cells[0], CELLS_OF(notice_cells), profile, 0);
        read_table(alone[n][0], alone_cells[0], CELLS_OF(alone_cells), profile, 0);
        for (unsigned f = 0; f < RPCANCEL_FAULT_CODE_COUNT; f++)
            read_table(ended_fault[n][f], ended_cells[FAULT], ENDED_COLUMNS, profile,
                       rpcancel_ordinary_fault(RPCANCEL_OUTCOME_FAULT + f));
        read_table(aborted[n][0], aborted_cells[0], CELLS_OF(aborted_cells), profile, 0);
        read_table(notification[n][0], notification_cells[0], CELLS_OF(notification_cells), profile, 0);
        read_table(taken[n][0], taken_cells[0], CELLS_OF(taken_cells), profile, 0);
        read_table(thread[n][0], thread_cells[0], CELLS_OF(thread_cells), profile, 0);
        read_table(synchronous[n][0], synchronous_cells[0], CELLS_OF(synchronous_cells), profile, 0);
    }
}

/* ---- looking up ---- */

/* What ended is known; |column| is what is asked. */
static const struct rpcancel_cell *find_outcome(const struct rpcancel_situation *s, enum ended_column column,
                                                unsigned n)
{
    if (s->handle->arrived == RPCANCEL_ARRIVED_LINK_FAILURE)
        return &ended[n][LINK][column];
    if (s->call->outcome == RPCANCEL_OUTCOME_SUCCESS)
        return &ended[n][SUCCESS][column];
    if (s->call->outcome == RPCANCEL_OUTCOME_FAULT + RPCANCEL_FAULT_CANCELLED)
        return &ended[n][FAULT_CANCELLED][column];
    if (!rpcancel_ordinary_fault(s->call->outcome))
        return &ended[n][RESERVED][column];
    return &ended_fault[n][s->call->outcome - RPCANCEL_OUTCOME_FAULT][column];
}

static const struct rpcancel_cell *find_ended(const struct rpcancel_situation *s, bool status, unsigned n)
{
    bool before = s->handle->nonabortive;
    bool late = s->handle->late_cancel;
    enum ended_column column = late && before ? COMPLETE_BOTH
                               : late         ? COMPLETE_LATE
                               : before       ? COMPLETE_BEFORE
                                              : COMPLETE_NONE;
    if (status)
        column = late ? STATUS_LATE : before ? STATUS_BEFORE : STATUS_NONE;
    return s->client == RPCANCEL_KU ? &ended[n][RESERVED][column] : find_outcome(s, column, n);
}

static const struct rpcancel_cell *find_aborted(const struct rpcancel_situation *s, unsigned n)
{
    bool answered = s->call->phase >= RPCANCEL_SEEN_ENDED_RUNNING;
    if (answered)
        return &aborted[n][s->observer->link_lost ? ANSWERED_LATER_LINK_LOST : ANSWERED_LATER][0];
    return &aborted[n][s->observer->link_lost ? UNANSWERED_LINK_LOST : UNANSWERED][0];
}

static const struct rpcancel_cell *find_client(const struct rpcancel_situation *s, enum client_column column,
                                               unsigned n)
{
    bool is_ended = s->client == RPCANCEL_K6 || s->client == RPCANCEL_K7 || s->client == RPCANCEL_KU;
    if (is_ended && (column == STATUS || column == COMPLETE))
        return find_ended(s, column == STATUS, n);
    if (s->client == RPCANCEL_K5T && column == COMPLETE)
        return find_aborted(s, n);
    return &client[n][s->client][column];
}

static const struct rpcancel_cell *find_await(const struct rpcancel_situation *s, unsigned n)
{
    bool may_be_late = s->client == RPCANCEL_K5 || s->client == RPCANCEL_K6 || s->client == RPCANCEL_K7;
    if (may_be_late && !s->handle->settled && !s->handle->taken)
        return &alone[n][SILENT_CELL][0];
    return &notice[n][s->client][s->handle->taken ? TAKEN : NOT_TAKEN];
}

static const struct rpcancel_cell *find_zero(const struct rpcancel_situation *s, unsigned n)
{
    if (s->operation.thread == RPCANCEL_THREAD_WORKER)
        return &server[n][RPCANCEL_V0][ZERO_WORKER];
    return s->call ? &server[n][s->server][ZERO_SERVING] : &alone[n][SILENT_CELL][0];
}

static const struct rpcancel_cell *find_subscription(const struct rpcancel_situation *s, unsigned n)
{
    bool is_zero = s->operation.kind == RPCANCEL_OP_SUBSCRIBE_ZERO;
    bool is_unsubscribe = s->operation.kind == RPCANCEL_OP_UNSUBSCRIBE;
    if (!s->call || (!is_zero && !is_its_own_thread(s)))
        return &alone[n][SILENT_CELL][0];
    const struct rpcancel_cell *row = notification[n][s->server];
    if (s->operation.argument >= RPCANCEL_EVENT_UNSUPPORTED && is_zero && s->server > RPCANCEL_V1C)
        return &alone[n][SILENT_CELL][0];
    if (s->operation.argument == RPCANCEL_EVENT_UNSUPPORTED)
        return &row[is_unsubscribe ? UNSUBSCRIBE_UNSUPPORTED : SUBSCRIBE_UNSUPPORTED];
    if (s->operation.argument == RPCANCEL_EVENT_NO_TYPE)
        return &row[SUBSCRIBE_NO_TYPE];
    unsigned state = rpcancel_notice_of(s->observer, s->call, s->operation.argument);
    bool is_new = state == RPCANCEL_NOTICE_NONE;
    if (is_unsubscribe)
        return &row[is_new || state == RPCANCEL_NOTICE_OVER || state == RPCANCEL_NOTICE_OPEN_DROPPED
                        ? UNSUBSCRIBE_UNKNOWN
                        : UNSUBSCRIBE_KNOWN];
    return is_new ? &row[is_zero ? SUBSCRIBE_ZERO : SUBSCRIBE_NEW] : &row[SUBSCRIBE_AGAIN];
}

/* What the client's threads are told. */
static const struct rpcancel_cell *find_thread(const struct rpcancel_situation *s, unsigned n)
{
    static const uint8_t columns[] = {
        [RPCANCEL_OP_CANCEL_THREAD - RPCANCEL_ASYNCHRONOUS_KINDS] = CANCEL_THREAD,
        [RPCANCEL_OP_CANCEL_THREAD_DENIED - RPCANCEL_ASYNCHRONOUS_KINDS] = CANCEL_THREAD_DENIED,
        [RPCANCEL_OP_CANCEL_THREAD_EX - RPCANCEL_ASYNCHRONOUS_KINDS] = CANCEL_THREAD_EX,
        [RPCANCEL_OP_SET_CANCEL_TIMEOUT - RPCANCEL_ASYNCHRONOUS_KINDS] = SET_CANCEL_TIMEOUT,
        [RPCANCEL_OP_SET_CALL_TIMEOUT - RPCANCEL_ASYNCHRONOUS_KINDS] = SET_CALL_TIMEOUT,
        [RPCANCEL_OP_RETURNED - RPCANCEL_ASYNCHRONOUS_KINDS] = RETURNED,
    };
    unsigned kind = s->operation.kind;
    if (kind == RPCANCEL_OP_SYNCHRONOUS_CALL || kind == RPCANCEL_OP_ELAPSE)
        return &alone[n][WITHOUT_CODE][0];
    if (kind == RPCANCEL_OP_CANCEL_THREAD_EX && s->operation.argument == RPCANCEL_TIMEOUT_INFINITE)
        return &alone[n][SILENT_CELL][0]; /* perhaps it returns only when the thread was cancelled */
    if (kind == RPCANCEL_OP_RETURNED && (s->thread == RPCANCEL_T6 || s->thread == RPCANCEL_T7))
        return find_outcome(s, s->handle->nonabortive ? RETURNED_BEFORE : RETURNED_NONE, n);
    return &thread[n][s->thread][columns[kind - RPCANCEL_ASYNCHRONOUS_KINDS]];
}

/* In a synchronous manager routine. */
static const struct rpcancel_cell *find_synchronous(const struct rpcancel_situation *s, unsigned n)
{
    const struct rpcancel_cell *row = synchronous[n][s->server - (unsigned)RPCANCEL_VS];
    switch (s->operation.kind) {
    case RPCANCEL_OP_TEST_CANCEL_THREAD:
        if (s->call->cancelled == RPCANCEL_CANCELLED_ABORTIVE) /* what it sends is open */
            return &alone[n][SILENT_CELL][0];
        return &row[TEST_THREAD];
    case RPCANCEL_OP_TEST_CANCEL:
        return &row[TEST_BY_HANDLE];
    case RPCANCEL_OP_TEST_CANCEL_ZERO:
        return &row[TEST_BY_ZERO];
    case RPCANCEL_OP_RAISE:
        return &row[SYNCHRONOUS_RAISE];
    case RPCANCEL_OP_TEST_CANCEL_INVALID:
    case RPCANCEL_OP_SERVER_FROM_CLIENT_INVALID:
        return &alone[n][INVALID_BINDING][0];
    case RPCANCEL_OP_RETURN:
        return &alone[n][WITHOUT_CODE][0];
    default:
        return &alone[n][SILENT_CELL][0];
    }
}

static const struct rpcancel_cell *find_server(const struct rpcancel_situation *s, unsigned n)
{
    if (s->server >= RPCANCEL_VS)
        return find_synchronous(s, n);
    switch (s->operation.kind) {
    case RPCANCEL_OP_SUBSCRIBE:
    case RPCANCEL_OP_SUBSCRIBE_ZERO:
    case RPCANCEL_OP_UNSUBSCRIBE:
        return find_subscription(s, n);
    case RPCANCEL_OP_TEST_CANCEL_THREAD:
        return &alone[n][SILENT_CELL][0];
    case RPCANCEL_OP_TAKE:
        if (s->server == RPCANCEL_V0 || s->server == RPCANCEL_VE)
            return &alone[n][SILENT_CELL][0];
        return &taken[n][rpcancel_notice_of(s->observer, s->call, s->operation.argument)][0];
    case RPCANCEL_OP_COPY_CLIENT_BINDING:
    case RPCANCEL_OP_TEST_CANCEL_SERVER_BINDING:
        return &alone[n][SILENT_CELL][0];
    case RPCANCEL_OP_SERVER_FROM_CLIENT:
        return is_its_own_thread(s) ? &notification[n][s->server][SERVER_FROM_CLIENT] : &alone[n][SILENT_CELL][0];
    case RPCANCEL_OP_CALL_ATTRIBUTES:
        return is_its_own_thread(s) ? &notification[n][s->server][ATTRIBUTES] : &alone[n][SILENT_CELL][0];
    case RPCANCEL_OP_TEST_CANCEL:
        return &server[n][s->server][is_its_own_thread(s) ? TEST_OWN : TEST_OTHER];
    case RPCANCEL_OP_TEST_CANCEL_ZERO:
        return find_zero(s, n);
    case RPCANCEL_OP_TEST_CANCEL_INVALID:
    case RPCANCEL_OP_SERVER_FROM_CLIENT_INVALID:
        return &alone[n][INVALID_BINDING][0];
    case RPCANCEL_OP_SERVER_COMPLETE:
        return &server[n][s->server][END_COMPLETE];
    case RPCANCEL_OP_SERVER_ABORT:
        if (!rpcancel_is_abort_documented(s->operation.argument))
            return &alone[n][SILENT_CELL][0];
        return &server[n][s->server][END_ABORT];
    case RPCANCEL_OP_SERVER_GET_CALL_HANDLE:
        return is_its_own_thread(s) ? &server[n][s->server][GET_OWN] : &alone[n][SILENT_CELL][0];
    case RPCANCEL_OP_RAISE:
        return &server[n][s->server][RAISE];
    case RPCANCEL_OP_SERVER_STATUS:
    case RPCANCEL_OP_SERVER_CANCEL:
    case RPCANCEL_OP_SERVER_CANCEL_ABORT:
        return &server[n][s->server][WRONG_ROLE];
    default:
        return &alone[n][WITHOUT_CODE][0];
    }
}

const struct rpcancel_cell *rpcancel_cell_find(const struct rpcancel_situation *situation,
                                               enum rpcancel_profile profile)
{
    static const uint8_t columns[RPCANCEL_OPERATION_KINDS] = {
        [RPCANCEL_OP_INIT] = INIT,
        [RPCANCEL_OP_INIT_BAD_SIZE] = BAD_SIZE,
        [RPCANCEL_OP_CALL] = CALL,
        [RPCANCEL_OP_STATUS] = STATUS,
        [RPCANCEL_OP_COMPLETE] = COMPLETE,
        [RPCANCEL_OP_CANCEL] = CANCEL,
        [RPCANCEL_OP_ABORT] = ABORT,
        [RPCANCEL_OP_CANCEL_ABORT] = CANCEL_ABORT,
        [RPCANCEL_OP_GET_CALL_HANDLE] = GET_HANDLE,
    };
    unsigned n = (unsigned)profile;
    switch (situation->operation.kind) {
    case RPCANCEL_OP_INIT_BAD_MEMORY:
        return &alone[n][BAD_MEMORY][0];
    case RPCANCEL_OP_AWAIT:
        return find_await(situation, n);
    case RPCANCEL_OP_CORRUPT:
        return &alone[n][WITHOUT_CODE][0];
    default:
        if (situation->operation.kind < RPCANCEL_OP_AWAIT)
            return find_client(situation, (enum client_column)columns[situation->operation.kind], n);
        if (rpcancel_is_of_threads(situation->operation.kind))
            return find_thread(situation, n);
        return find_server(situation, n);
    }
}

bool rpcancel_cell_allows(const struct rpcancel_cell *cell, struct rpcancel_answer answer)
{
    for (unsigned i = 0; i < cell->count; i++) {
        bool same_code = cell->answers[i].code == answer.code || answer.kind == RPCANCEL_ANSWER_EXCEPTION;
        if (cell->answers[i].kind == answer.kind && same_code)
            return !cell->except;
    }
    return cell->except;
}

const char *rpcancel_mark_name(enum rpcancel_mark mark)
{
    static const char *const names[RPCANCEL_MARKS] = {"documented",    "implied",    "historical",
                                                      "observed",      "transition", "silent",
                                                      "contradicting", "undefined",  "forbidden"};
    return names[mark];
}

static const struct rpcancel_table all_tables[] = {
    {"The client's handle", RPCANCEL_CLIENT_ROWS, CLIENT_COLUMNS, client_rows, client_columns, client_cells[0]},
    {"The server's call", RPCANCEL_SERVER_ROWS, SERVER_COLUMNS, server_rows, server_columns, server_cells[0]},
    {"What an ended call says", ENDED_ROWS, ENDED_COLUMNS, ended_rows, ended_columns, ended_cells[0]},
    {"What an abortively cancelled call says", ABORTED_ROWS, 1, aborted_rows, aborted_columns, aborted_cells[0]},
    {"The completion notification", RPCANCEL_CLIENT_ROWS, NOTICE_COLUMNS, client_rows, notice_columns, notice_cells[0]},
    {"Notifications and attributes", RPCANCEL_SERVER_ROWS, NOTIFICATION_COLUMNS, server_rows, notification_columns,
     notification_cells[0]},
    {"A notification of a call", RPCANCEL_NOTICES, 1, taken_rows, taken_columns, taken_cells[0]},
    {"Synchronous calls", RPCANCEL_THREAD_ROWS, THREAD_COLUMNS, thread_rows, thread_columns, thread_cells[0]},
    {"A synchronous manager routine", SYNCHRONOUS_ROWS, SYNCHRONOUS_COLUMNS, synchronous_rows, synchronous_columns,
     synchronous_cells[0]},
    {"Operations that stand alone", ALONE_CELLS, 1, alone_rows, alone_columns, alone_cells[0]},
};

/* The cells as they were read, profile by profile, of each table as it is written; then those of the row that is read
 * once for every fault. */
static const struct {
    const struct rpcancel_cell *cells;
    size_t count;
} read_tables[] = {
    {client[0][0], sizeof client / sizeof client[0][0][0]},
    {server[0][0], sizeof server / sizeof server[0][0][0]},
    {ended[0][0], sizeof ended / sizeof ended[0][0][0]},
    {aborted[0][0], sizeof aborted / sizeof aborted[0][0][0]},
    {notice[0][0], sizeof notice / sizeof notice[0][0][0]},
    {notification[0][0], sizeof notification / sizeof notification[0][0][0]},
    {taken[0][0], sizeof taken / sizeof taken[0][0][0]},
    {thread[0][0], sizeof thread / sizeof thread[0][0][0]},
    {synchronous[0][0], sizeof synchronous / sizeof synchronous[0][0][0]},
    {alone[0][0], sizeof alone / sizeof alone[0][0][0]},
    {ended_fault[0][0], sizeof ended_fault / sizeof ended_fault[0][0][0]},
};

static_assert(sizeof read_tables / sizeof read_tables[0] == sizeof all_tables / sizeof all_tables[0] + 1,
              "the cells of each table, and those of faults");

struct rpcancel_cell_place rpcancel_cell_place_of(const struct rpcancel_cell *cell)
{
    const unsigned of_faults = sizeof all_tables / sizeof all_tables[0];
    unsigned i = 0;
    while (i < of_faults && (uintptr_t)cell - (uintptr_t)read_tables[i].cells >= read_tables[i].count * sizeof *cell)
        i++;
    unsigned table = i == of_faults ? 2 : i;
    unsigned columns = all_tables[table].columns;
    unsigned place =
        (unsigned)(cell - read_tables[i].cells) % (i == of_faults ? columns : all_tables[i].rows * columns);
    unsigned row = i == of_faults ? (unsigned)FAULT : place / columns;
    return (struct rpcancel_cell_place){(uint8_t)table, (uint8_t)row, (uint8_t)(place % columns)};
}

unsigned rpcancel_table_count(void)
{
    return sizeof all_tables / sizeof all_tables[0];
}

const struct rpcancel_table *rpcancel_table_at(unsigned index)
{
    return &all_tables[index];
}
