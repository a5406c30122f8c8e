// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_BENCH_H
#define RPCANCEL_BENCH_H
/*
 * The measurements of rpcancel-bench that have a file of their own. Each returns the program's exit code.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* bench_now returns the seconds of a clock that never goes back. */
double bench_now(void);

/* bench_processor returns the seconds that this process has had a processor: what is measured by them is not slower for
 * neighbours that take turns with it. */
double bench_processor(void);

/* bench_yardstick does work that is always the same for about |seconds| of the processor, and prints how much of it
 * that makes a second. */
int bench_yardstick(double seconds);

/* bench_shrink shrinks |failures| random failures of each mutant and prints how long what is left is against the
 * shortest there is: a line a mutant, and at the end one for all. Exit code 6 when the targets are missed. */
int bench_shrink(unsigned failures);

/* bench_pdu decodes PDUs for about |seconds| of the processor, and prints how many that makes a second. */
int bench_pdu(double seconds);

enum { BENCH_TCP_MAX = 65536 };

/*
 * bench_tcp sends |there| octets over a TCP connection of the loopback network to a process that answers with |back|
 * octets, one after the other for about |seconds|, and prints how many exchanges that makes a second. Both sizes are 1
 * to BENCH_TCP_MAX. What a client that waits for each answer could reach at most, with messages of those sizes.
 */
int bench_tcp(double seconds, size_t there, size_t back);

enum { BENCH_IN_FLIGHT_MAX = 32 }; /* as many as rpcancel serve takes from one connection */

/* bench_calls calls operation 0 of mgmt at that server for about |seconds|, on one connection, always with |in_flight|
 * calls on their way (1 to BENCH_IN_FLIGHT_MAX; 1 is lock-step), and prints how many that makes a second. |host| is an
 * IPv4 address. */
int bench_calls(double seconds, unsigned in_flight, const char *host, uint16_t port);

/* bench_echo puts call after call to the `rpcancel serve` at |host| and |port|, octets that were made before, and
 * prints how many answers that makes a second: what the runtime over TCP could reach at most with that server. */
int bench_echo(double seconds, const char *host, uint16_t port);

/* bench_connections opens |wanted| connections to an `rpcancel serve`, binds each and parks a call on each, asks how
 * many calls wait, cancels all of them, and prints on how many connections a call waited and was answered. */
int bench_connections(unsigned wanted, const char *host, uint16_t port);

/* bench_runtime has the runtime over TCP put barrier after barrier to the `rpcancel serve` at |address|, HOST:PORT, for
 * about |seconds|, all that passes judged, and prints how many answers that makes a second. */
int bench_runtime(double seconds, const char *address);

/* bench_connect returns a socket connected to that IPv4 address and port, without Nagle's algorithm; -1 when it cannot
 * be. bench_receive reads |size| octets; false when they do not come. */
int bench_connect(const char *host, uint16_t port);
bool bench_receive(int socket, uint8_t *bytes, size_t size);

#endif
