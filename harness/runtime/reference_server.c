// SPDX-License-Identifier: Apache-2.0
#include "runtime/reference_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/runtime.h"

enum { MEMORY = 64 << 20, SECONDS = 60 };

static int serve(void *context)
{
    struct rpcancel_serve_totals totals;
    const char *failure;
    if (!rpcancel_serve(context, &totals, &failure))
        fprintf(stderr, "%s: %s\n", failure, strerror(errno));
    return 3;
}

/* Reads where it listens, from its first line. */
static bool read_port(struct rpcancel_reference_server *server)
{
    char line[128];
    size_t size = 0;
    unsigned port;
    int64_t until = rpcancel_clock_ms() + RPCANCEL_START_MS;
    while (size < sizeof line - 1 && !memchr(line, '\n', size)) {
        if (rpcancel_process_wait(&server->process, until) != RPCANCEL_PROCESS_READY)
            return false;
        ssize_t got = read(server->process.output, line + size, sizeof line - 1 - size);
        if (got <= 0)
            return false;
        size += (size_t)got;
    }
    line[size] = '\0';
    if (sscanf(line, "listening on 127.0.0.1:%5u", &port) != 1)
        return false;
    server->address = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return true;
}

bool rpcancel_reference_server_start(struct rpcancel_reference_server *server, enum rpcancel_wire_profile profile,
                                     uint16_t port_told, char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct rpcancel_process *process = &server->process;
    server->settings = (struct rpcancel_serve_settings){.address = "127.0.0.1",
                                                        .port_told = port_told,
                                                        .profile = profile,
                                                        .connections_max = 2 * RPCANCEL_WIRE_CONNECTIONS_MAX,
                                                        .memory_max = MEMORY,
                                                        .fragment_seconds = SECONDS,
                                                        .netlogon = true};
    if (!rpcancel_guard_start(&server->guard)) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "the reference server: %s", strerror(errno));
        return false;
    }
    if (!rpcancel_process_start_function(process, serve, &server->settings, &server->guard, failure))
        return false;
    if (read_port(server))
        return true;
    snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "the reference server did not begin: %.*s",
             (int)(process->error_tail_length < 100 ? process->error_tail_length : 100), process->error_tail);
    return false;
}

void rpcancel_reference_server_end(struct rpcancel_reference_server *server)
{
    rpcancel_process_finish(&server->process, RPCANCEL_PATIENCE_NONE, &server->guard, NULL);
    rpcancel_guard_end(&server->guard);
}
