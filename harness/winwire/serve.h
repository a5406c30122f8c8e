// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WINWIRE_SERVE_H
#define RPCANCEL_WINWIRE_SERVE_H
/* The runtime as a server of the test interface, over ncacn_ip_tcp. */

/* winwire_serve listens on |port|, decimal, of all addresses of the machine, since the runtime has no option not to. It
 * prints how `park` sees a cancel, then that it listens, and serves until the process is ended. It returns only when it
 * could not begin: 3, after a message on stderr. */
int winwire_serve(const char *port);

#endif
