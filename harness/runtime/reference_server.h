// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_REFERENCE_SERVER_H
#define RPCANCEL_REFERENCE_SERVER_H
/* The reference server of `rpcancel serve` in a process of its own, on 127.0.0.1, for those who need one to speak to.
 */
#include <netinet/in.h>

#include "runtime/process.h"
#include "serve/serve.h"

/* Zero-initialise; end with rpcancel_reference_server_end. */
struct rpcancel_reference_server {
    struct rpcancel_serve_settings settings;
    struct rpcancel_guard guard;
    struct rpcancel_process process;
    struct sockaddr_in address; /* where it listens */
};

/* rpcancel_reference_server_start starts one that serves as |profile| says, with all of its interfaces. Clients are
 * told that its port is |port_told|; 0: the port itself. False with a line for people in |failure|. */
bool rpcancel_reference_server_start(struct rpcancel_reference_server *server, enum rpcancel_wire_profile profile,
                                     uint16_t port_told, char failure[RPCANCEL_FAILURE_TEXT_MAX]);

/* rpcancel_reference_server_end ends it, if it was started. */
void rpcancel_reference_server_end(struct rpcancel_reference_server *server);

#endif
