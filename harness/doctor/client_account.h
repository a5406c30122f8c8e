// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DOCTOR_CLIENT_ACCOUNT_H
#define RPCANCEL_DOCTOR_CLIENT_ACCOUNT_H
/*
 * What a client did when it was run, and what that means: no I/O.
 */
#include "doctor/notes.h"
#include "runtime/runtime.h"
#include "wire/observer.h"

/* One run of the client. */
struct rpcancel_client_account {
    enum rpcancel_exchange exchange;
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    unsigned took_ms, limit_ms;
    unsigned connections;
    unsigned sent[RPCANCEL_PDU_TYPE_COUNT]; /* PDUs, by type; those of the client alone */
    unsigned unreadable;                    /* what it sent that is no PDU */
    unsigned rejected;                      /* presentation contexts, and binds by bind_nak */
    unsigned accepted;                      /* presentation contexts */
    unsigned faults, responses;             /* that it got */
};

/* rpcancel_client_hear counts |event| of |account|. */
void rpcancel_client_hear(struct rpcancel_client_account *account, const struct rpcancel_wire_event *event);

/* rpcancel_judge_client says what a first run, of `client plain`, shows. */
void rpcancel_judge_client(struct rpcancel_notes *notes, const struct rpcancel_client_account *account);

/* rpcancel_judge_client_again compares two such runs. */
void rpcancel_judge_client_again(struct rpcancel_notes *notes, const struct rpcancel_client_account *one,
                                 const struct rpcancel_client_account *other);

/* rpcancel_judge_client_ends says whether it ended in a run in which |what| happened to it ("the connection ends"). */
void rpcancel_judge_client_ends(struct rpcancel_notes *notes, const char *what,
                                const struct rpcancel_client_account *account);

/* rpcancel_judge_client_words looks for {host} and {port} in the words of the command, ended by NULL; |port| is the one
 * that it is to listen on, 0: any. */
void rpcancel_judge_client_words(struct rpcancel_notes *notes, char *const words[], unsigned port);

/* rpcancel_judge_listen: opening the runtime ended with |failure|. */
void rpcancel_judge_listen(struct rpcancel_notes *notes, const char *failure);

#endif
