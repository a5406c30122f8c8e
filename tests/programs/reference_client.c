// SPDX-License-Identifier: Apache-2.0
/*
 * reference-client [--profile P] [--mutant NAME] PORT: the client's end of src/wire behind sockets, for `--runtime
 * tcp-listen:`. It calls the test interface of `rpcancel serve` at 127.0.0.1:PORT on several connections, cancels calls
 * and gives some up; with --mutant it has a defect, or does what a client may do otherwise.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "association/live.h"

enum { ECHO, PARK = 2, STREAM = 6 };
enum { INPUT_MAX = 16 * 1024, RESPONSE_MAX = 64 * 1024 };

static const struct rpcancel_syntax the_interface = {
    {0x72706361, 0x6E63, 0x656C, {0x80, 0x01, 0x74, 0x65, 0x73, 0x74, 0x00, 0x01}}, 1};
static const struct rpcancel_wire_change no_change;

/* What the command line says. */
static enum rpcancel_wire_profile profile = RPCANCEL_WIRE_C706;
static const struct rpcancel_wire_change *change = &no_change;
static uint16_t port;

/* A connection. */
static struct peer {
    int socket;
    struct rpcancel_live_end live; /* the association is in it */
    struct rpcancel_client_host host;
    unsigned issued; /* calls; the last few have their fates, in turn */
    size_t input_size;
    uint8_t input[INPUT_MAX];
    uint8_t room[RPCANCEL_CLIENT_CALLS_MAX][RESPONSE_MAX];
} peer;

static struct rpcancel_client *client(void)
{
    return &peer.live.ends.client;
}

/* ---- what the association asks for ---- */

static void put(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    while (size > 0) {
        ssize_t sent = send(peer.socket, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the server is gone, which is seen when it is listened to */
        bytes += sent;
        size -= (size_t)sent;
    }
}

static void host_send(void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    rpcancel_live_end_sends(&peer.live, bytes, size);
}

static void host_bound(void *context, bool accepted)
{
    (void)context;
    (void)accepted; /* the association knows */
}

static uint8_t *host_assembly(void *context, unsigned call, size_t size)
{
    (void)context;
    return size <= RESPONSE_MAX ? peer.room[call] : NULL;
}

static void host_completed(void *context, const struct rpcancel_client_result *result)
{
    struct rpcancel_fate *fate = rpcancel_ends_fate(&peer.live.ends, result->call_id);
    (void)context;
    if (fate)
        fate->at_client = result->end == RPCANCEL_END_RESPONSE ? RPCANCEL_FATE_RESPONSE
                          : result->end == RPCANCEL_END_FAULT  ? RPCANCEL_FATE_FAULT
                                                               : RPCANCEL_FATE_LOST;
}

/* ---- the connection ---- */

static void end(void)
{
    if (peer.socket < 0)
        return;
    rpcancel_client_lost(client());
    close(peer.socket);
    peer.socket = -1;
}

/* Takes in the fragment at the beginning of the input; false when there is no whole one. */
static bool take_fragment(void)
{
    struct rpcancel_pdu_complaint complaint;
    int length = rpcancel_pdu_length(peer.input, peer.input_size, &complaint);
    if (length < 0 || length > INPUT_MAX)
        end();
    if (length <= 0 || (size_t)length > peer.input_size || peer.socket < 0)
        return false;
    const uint8_t *bytes = peer.input;
    size_t size = (size_t)length;
    rpcancel_live_end_receives(&peer.live, NULL, &bytes, &size);
    bool goes_on = size == 0 || rpcancel_client_receive(client(), bytes, size);
    if (!goes_on || rpcancel_live_end_is_over(&peer.live))
        end();
    peer.input_size -= (size_t)length;
    memmove(peer.input, peer.input + length, peer.input_size);
    return true;
}

/* Reads once, and takes in what came; false when nothing did for too long or the connection ended. */
static bool listen_once(void)
{
    if (peer.socket < 0)
        return false;
    ssize_t got = recv(peer.socket, peer.input + peer.input_size, sizeof peer.input - peer.input_size, 0);
    if (got <= 0) {
        end();
        return false;
    }
    peer.input_size += (size_t)got;
    while (peer.socket >= 0 && take_fragment())
        continue;
    return true;
}

static bool connect_and_bind(uint16_t features, bool multiplex)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    /* With a defect it may wait for what never comes. */
    const struct timeval patience =
        change == &no_change ? (struct timeval){.tv_sec = 5} : (struct timeval){.tv_usec = 400000};
    const int yes = 1;
    memset(&peer, 0, sizeof peer);
    peer.host = (struct rpcancel_client_host){NULL, host_send, host_bound, host_assembly, host_completed};
    peer.socket = socket(AF_INET, SOCK_STREAM, 0);
    if (peer.socket < 0 || connect(peer.socket, (const struct sockaddr *)&address, sizeof address) != 0)
        return false;
    setsockopt(peer.socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(peer.socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!rpcancel_live_end_open(&peer.live, change, RPCANCEL_SENDER_CLIENT, put, NULL))
        return false;
    rpcancel_client_init(client(), &peer.host, rpcancel_wire_choices_of(profile));
    rpcancel_client_bind(client(), &the_interface, features, multiplex);
    while (!client()->answered && listen_once())
        continue;
    return client()->bound;
}

static void hang_up(void)
{
    end();
    rpcancel_live_end_close(&peer.live);
}

/* ---- calls ---- */

/* Begins a call; returns its call_id, or 0 when there cannot be one now. */
static uint32_t begin(uint16_t opnum, size_t size, bool cancelled)
{
    static const uint8_t stub[20000] = {0, 0, 1}; /* as a number for STREAM: 64 KiB */
    unsigned place = peer.issued % RPCANCEL_ASSOCIATION_CALLS;
    uint32_t call_id;
    if (peer.socket < 0 ||
        !rpcancel_client_call(client(), opnum, (struct rpcancel_span){stub, size}, cancelled, &call_id))
        return 0;
    peer.issued++;
    peer.live.state.fates[place] = (struct rpcancel_fate){.call_id = (uint8_t)call_id, .at_client = RPCANCEL_FATE_OPEN};
    rpcancel_live_end_acted(&peer.live, (struct rpcancel_action){.kind = RPCANCEL_ACTION_CALL, .call = (uint8_t)place});
    return call_id;
}

static bool is_open(uint32_t call_id)
{
    for (unsigned i = 0; i < RPCANCEL_CLIENT_CALLS_MAX; i++) {
        if (client()->calls[i].is_open && client()->calls[i].call_id == call_id)
            return true;
    }
    return false;
}

static void wait_for(uint32_t call_id)
{
    while (call_id && is_open(call_id) && listen_once())
        continue;
}

static void cancel(uint32_t call_id)
{
    if (call_id && peer.socket >= 0)
        rpcancel_client_cancel(client(), call_id);
}

static void abandon(uint32_t call_id)
{
    bool must_close;
    if (!call_id || peer.socket < 0 ||
        !rpcancel_client_abandon(client(), call_id, RPCANCEL_ABANDON_ORPHANED, &must_close))
        return;
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        if (peer.live.state.fates[i].call_id != call_id)
            continue;
        peer.live.state.fates[i].at_client = RPCANCEL_FATE_ABANDONED;
        rpcancel_live_end_acted(&peer.live,
                                (struct rpcancel_action){.kind = RPCANCEL_ACTION_ABANDON, .call = (uint8_t)i});
    }
    if (must_close)
        end();
}

/* ---- what it does ---- */

static void call_in_turn(void)
{
    if (connect_and_bind(0, false)) {
        uint32_t parked;
        for (unsigned i = 0; i < 3; i++)
            wait_for(begin(ECHO, 8, false));
        wait_for(begin(ECHO, 20000, false));
        wait_for(begin(STREAM, 4, false));
        parked = begin(PARK, 0, false);
        begin(ECHO, 8, false); /* there is none, unless the client thinks that it may */
        cancel(parked);
        wait_for(parked);
        wait_for(begin(ECHO, 8, false));
    }
    hang_up();
}

static void call_at_once(void)
{
    if (connect_and_bind(0, true)) {
        uint32_t parked = begin(PARK, 0, false);
        wait_for(begin(ECHO, 20000, false));
        cancel(parked);
        wait_for(parked);
        wait_for(begin(ECHO, 8, false));
    }
    hang_up();
}

/* A cancel that was pending before the call. Windows' servers end the connection over it. */
static void call_cancelled(void)
{
    if (connect_and_bind(0, false))
        wait_for(begin(PARK, 0, true));
    hang_up();
}

static void give_up(uint16_t features)
{
    if (connect_and_bind(features, false)) {
        abandon(begin(PARK, 0, false));
        wait_for(begin(ECHO, 8, false));
    }
    hang_up();
}

int main(int argc, char **argv)
{
    int at = 1;
    for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
        bool is_profile = strcmp(argv[at], "--profile") == 0;
        if (!is_profile)
            change = strcmp(argv[at], "--mutant") == 0 ? rpcancel_wire_change_find(argv[at + 1]) : NULL;
        if (!change || (is_profile && !rpcancel_wire_profile_from_name(argv[at + 1], &profile))) {
            fprintf(stderr, "%s %s: there is no such thing\n", argv[at], argv[at + 1]);
            return 2;
        }
    }
    if (at + 1 != argc) {
        fprintf(stderr, "usage: reference-client [--profile P] [--mutant NAME] PORT\n");
        return 2;
    }
    port = (uint16_t)strtoul(argv[at], NULL, 10);
    call_in_turn();
    call_at_once();
    call_cancelled();
    give_up(0);
    give_up(RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN);
    return 0;
}
