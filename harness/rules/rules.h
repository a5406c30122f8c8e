// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RULES_H
#define RPCANCEL_RULES_H
/*
 * The rules: one documented fact each, that can be checked on an answer. harness/rules/rules.def is the single source
 * of ids, levels, profiles, texts, sources; docs/rules.md, report rows and coverage come from it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answer.h"
#include "observer/observer.h"
#include "operation.h"

enum rpcancel_level {
    RPCANCEL_LEVEL_MUST,       /* a current page says it */
    RPCANCEL_LEVEL_IMPLIED,    /* it follows from documented facts */
    RPCANCEL_LEVEL_SHOULD,     /* recommended */
    RPCANCEL_LEVEL_HISTORICAL, /* only an older edition says it */
    RPCANCEL_LEVEL_OBSERVED    /* seen on a real runtime, not documented */
};

enum rpcancel_profile {
    RPCANCEL_PROFILE_DOCUMENTED,    /* today's pages and what they imply; the default */
    RPCANCEL_PROFILE_DOCUMENTED_98, /* also what only the 1998 pages say */
    RPCANCEL_PROFILE_WINDOWS,       /* also what was observed on Windows */
    RPCANCEL_PROFILES
};

enum rpcancel_judgement { RPCANCEL_NOT_APPLICABLE, RPCANCEL_HOLDS, RPCANCEL_VIOLATED };

/* The rows of the client table: where a client's handle stands. */
enum rpcancel_client_row {
    RPCANCEL_K0,  /* never initialised: all bytes zero */
    RPCANCEL_K0C, /* corrupted: a member was altered that must not be */
    RPCANCEL_K1,  /* initialised, no call */
    RPCANCEL_K2X, /* the stub raised */
    RPCANCEL_K3,  /* outstanding */
    RPCANCEL_K4,  /* outstanding after a nonabortive cancel */
    RPCANCEL_K5,  /* abortively cancelled, notification not taken */
    RPCANCEL_K5T, /* abortively cancelled, notification taken */
    RPCANCEL_K6,  /* the server's success arrived */
    RPCANCEL_K7,  /* a fault or the failure of the link arrived */
    RPCANCEL_KU, /* what arrived, or whether anything did, nobody documents: a reserved code, or a call issued after the
                    link was lost */
    RPCANCEL_K8, /* final */
    RPCANCEL_CLIENT_ROWS
};

/* The rows of the server table: where the call stands that is asked about. P: a cancel is on its way to it. */
enum rpcancel_server_row {
    RPCANCEL_V0, /* no such call, or not dispatched yet */
    RPCANCEL_V1, /* in its manager routine, nothing handed off */
    RPCANCEL_V1P,
    RPCANCEL_V1C, /* the same, cancelled */
    RPCANCEL_V2,  /* handed off */
    RPCANCEL_V2P,
    RPCANCEL_V2C, /* the same, cancelled */
    RPCANCEL_VD,  /* the link was lost while it was alive; or whether it was cancelled is open */
    RPCANCEL_VE,  /* V3, V4, V5: completed, aborted or raised; its handle is destroyed */
    RPCANCEL_SERVER_ROWS,
    RPCANCEL_VS = RPCANCEL_SERVER_ROWS, /* V1, in a synchronous manager routine; of notifications it is V1 */
    RPCANCEL_VSP,                       /* V1P, likewise */
    RPCANCEL_VSC,                       /* V1C, likewise */
    RPCANCEL_ALL_SERVER_ROWS
};

/* rpcancel_asynchronous_row returns the row of |row|'s table without synchronous manager routines that is nearest. */
static inline unsigned rpcancel_asynchronous_row(unsigned row)
{
    return row < RPCANCEL_VS ? row : row - (unsigned)RPCANCEL_VS + (unsigned)RPCANCEL_V1;
}

/* Where a thread of the client's stands with its synchronous call. */
enum rpcancel_thread_row {
    RPCANCEL_T0, /* in no call */
    RPCANCEL_T1, /* in a call, not cancelled, nothing arrived, no time-out ran out */
    RPCANCEL_T2, /* the same, cancelled */
    RPCANCEL_T3, /* its cancel's time-out ran out, everything settled since, the server has not answered */
    RPCANCEL_T4, /* cancelled, and whether or when the client gives up is open; the server has not answered */
    RPCANCEL_T5, /* its call time-out ran out, everything settled since, the server has not answered */
    RPCANCEL_T6, /* the server's answer arrived, and everything settled since */
    RPCANCEL_T7, /* a failure of the link did, likewise */
    RPCANCEL_TU, /* in a call of which no more can be told */
    RPCANCEL_THREAD_ROWS
};

/* Where an operation stands when it is answered: the row and the conditions that rules and tables speak of. */
struct rpcancel_situation {
    const struct rpcancel_observer *observer; /* as it was before the operation */
    struct rpcancel_operation operation;
    uint8_t client; /* enum rpcancel_client_row of the operation's handle; 0 for the server's operations */
    uint8_t server; /* enum rpcancel_server_row of the call that is asked about; 0 for the client's operations */
    uint8_t thread; /* enum rpcancel_thread_row, for the client's operations of synchronous calls */
    const struct rpcancel_observed_handle *handle;
    const struct rpcancel_observed_call *call; /* the call the operation names, or the one its thread serves; or NULL */
};

typedef enum rpcancel_judgement rpcancel_rule_function(const struct rpcancel_situation *situation,
                                                       struct rpcancel_answer answer);

struct rpcancel_wire_situation;
typedef enum rpcancel_judgement rpcancel_wire_rule_function(const struct rpcancel_wire_situation *situation);

struct rpcancel_datagram_situation;
typedef enum rpcancel_judgement rpcancel_datagram_rule_function(const struct rpcancel_datagram_situation *situation);

struct rpcancel_rule {
    const char *id;         /* "RpcServerTestCancel/3"; for ever */
    const char *since;      /* version that brought it */
    uint8_t level;          /* enum rpcancel_level */
    uint8_t profiles;       /* bit n: in force under profile n of the API */
    const char *function;   /* the function whose answer is judged; of a rule of the wire, the PDUs that are */
    const char *statements; /* "N16 N24": the statements it stems from */
    const char *source;     /* where to read it */
    const char *text;       /* the fact, in our words */
    uint64_t operations;    /* bit n: judges answers of operation kind n */
    rpcancel_rule_function *judge;
    /* Of rules of the API: calls |report| with |context| from a function of the rule's own, so that a crash inside
     * names the rule on the stack and crash de-duplication tells rules apart. */
    void (*violated)(void (*report)(const struct rpcancel_rule *rule, void *context), void *context);
    /* Of rules of the wire, those of datagrams among them; 0 of the others. */
    uint8_t wire_profiles;      /* bit n: in force under enum rpcancel_wire_profile n */
    uint8_t roles;              /* enum rpcancel_pdu_sender: whose PDUs it judges */
    uint8_t protocol_sequences; /* bit n: holds over enum rpcancel_protocol_sequence n */
    uint8_t needs;   /* RPCANCEL_WIRE_NEEDS_…: operations of a server without which a live run cannot decide it */
    bool unverified; /* nobody here has read the text that its id names */
    rpcancel_wire_rule_function *judge_wire;         /* of rules of connections */
    rpcancel_datagram_rule_function *judge_datagram; /* of rules of datagrams */
};

/* rpcancel_rule_count returns how many rules of the API there are. Those of the wire follow them in the table, those of
 * datagrams last, and rpcancel_rule_all is how many there are together. rpcancel_rule_at returns one. Static storage.
 */
unsigned rpcancel_rule_count(void);
unsigned rpcancel_rule_all(void);
const struct rpcancel_rule *rpcancel_rule_at(unsigned index);

/* rpcancel_rule_find returns the index of the rule with |id|, or -1. */
int rpcancel_rule_find(const char *id);

const char *rpcancel_level_name(enum rpcancel_level level);
const char *rpcancel_profile_name(enum rpcancel_profile profile);

/* rpcancel_rule_is_of_wire tells whether |rule| judges PDUs instead of answers; rpcancel_rule_is_of_datagrams, whether
 * they are those of datagrams. */
static inline bool rpcancel_rule_is_of_wire(const struct rpcancel_rule *rule)
{
    return rule->judge_wire != NULL || rule->judge_datagram != NULL;
}

static inline bool rpcancel_rule_is_of_datagrams(const struct rpcancel_rule *rule)
{
    return rule->judge_datagram != NULL;
}

/* rpcancel_profile_from_name sets |*profile|; false when |name| is none of documented, documented-98, windows. */
bool rpcancel_profile_from_name(const char *name, enum rpcancel_profile *profile);

/* What became of a statement of the fact sheets. */
enum rpcancel_statement_as { RPCANCEL_AS_RULE, RPCANCEL_AS_UNSPECIFIED, RPCANCEL_AS_OUT_OF_REACH };

struct rpcancel_statement {
    const char *id;     /* "N16" */
    uint8_t as;         /* enum rpcancel_statement_as */
    const char *text;   /* the fact, in a few words */
    const char *reason; /* of unspecified and out-of-reach: why; of a rule: "" */
};

unsigned rpcancel_statement_count(void);
const struct rpcancel_statement *rpcancel_statement_at(unsigned index);

#endif
