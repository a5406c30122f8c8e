// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_DATAGRAM_PAIR_H
#define RPCANCEL_TESTS_DATAGRAM_PAIR_H
/*
 * Both ends of calls over datagrams in memory, moved by scripts. Steps are separated by semicolons:
 *
 *   call, call idempotent, call timeout MS   the client issues a call
 *   cancel, orphan                           it cancels the call, gives it up
 *   >, <                                     the oldest datagram to the server, to the client, arrives
 *   > lost, < lost, > twice, < twice         it is lost; it arrives and stays on its way
 *   > later, < later                         the youngest arrives
 *   take, respond, fault                     the server's application sees the cancels of the call, answers it
 *   wait MS                                  time passes, at both ends
 *
 * What the ends send, and tell, is logged as words, separated by blanks: of the client request ping ack cancel:ID quit,
 * of the server response fault working nocall reject:STATUS ack:ID ack:ID! (it does not accept) quack; with `+` flags2
 * says that a cancel is pending. [executes] [cancelled:N] [orphaned] is what the server's application is told, [END] or
 * [END+], with a cancel pending, the client's.
 */
#include "datagram/client.h"
#include "datagram/server.h"

enum { PAIR_QUEUE_MAX = 16, PAIR_LOG_MAX = 2048 };

struct datagram_pair {
    struct rpcancel_datagram_client client;
    struct rpcancel_datagram_server server;
    struct rpcancel_datagram_client_host client_host;
    struct rpcancel_datagram_server_host server_host;
    struct pair_queue {
        unsigned count;
        struct {
            size_t size;
            uint8_t bytes[256];
        } datagrams[PAIR_QUEUE_MAX];
    } to_server, to_client;
    unsigned call; /* the server's number of the last one */
    uint64_t ms;   /* that passed */
    /* NULL, or told what the ends send. */
    void (*sent)(void *context, enum rpcancel_pdu_sender sender, const uint8_t *bytes, size_t size);
    void *context;
    char log[PAIR_LOG_MAX];
};

extern const struct rpcancel_interface datagram_interface;

/* datagram_pair_open begins with an idle client and a server that does not know it. */
void datagram_pair_open(struct datagram_pair *pair, const struct rpcancel_datagram_choices *choices);

/* datagram_pair_run takes the steps of |script|; the log is of these steps then. Fails the test over a step that is
 * none. */
void datagram_pair_run(struct datagram_pair *pair, const char *script);

/* datagram_pair_logs runs |script| and asserts what is logged. */
void datagram_pair_logs(struct datagram_pair *pair, const char *script, const char *log);

#endif
