// SPDX-License-Identifier: Apache-2.0
/* Octets there and back over a TCP connection of the loopback network: the floor under whatever speaks to a server. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

enum { ROUND = 1000 };

bool bench_receive(int socket, uint8_t *bytes, size_t size)
{
    for (size_t have = 0; have < size;) {
        ssize_t got = recv(socket, bytes + have, size - have, 0);
        if (got <= 0)
            return false;
        have += (size_t)got;
    }
    return true;
}

int bench_connect(const char *host, uint16_t port)
{
    const int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connection >= 0 && (inet_pton(AF_INET, host, &address.sin_addr) != 1 ||
                            connect(connection, (const struct sockaddr *)&address, sizeof address) != 0)) {
        close(connection);
        return -1;
    }
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return connection;
}

/* The two ends of a connection; false when there is none. */
static bool make_connection(int ends[2])
{
    const int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    ends[0] = ends[1] = -1;
    if (listener >= 0 && bind(listener, (const struct sockaddr *)&address, size) == 0 && listen(listener, 1) == 0 &&
        getsockname(listener, (struct sockaddr *)&address, &size) == 0)
        ends[0] = bench_connect("127.0.0.1", ntohs(address.sin_port));
    if (ends[0] >= 0)
        ends[1] = accept(listener, NULL, NULL);
    if (ends[1] >= 0)
        setsockopt(ends[1], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    close(listener);
    return ends[1] >= 0;
}

int bench_tcp(double seconds, size_t there, size_t back)
{
    static uint8_t octets[BENCH_TCP_MAX];
    int ends[2];
    if (!make_connection(ends))
        return 3;
    pid_t child = fork();
    if (child < 0)
        return 3;
    if (child == 0) {
        close(ends[0]);
        while (bench_receive(ends[1], octets, there) && send(ends[1], octets, back, MSG_NOSIGNAL) == (ssize_t)back) {
        }
        _exit(0);
    }
    close(ends[1]);
    bool fine = true;
    uint64_t exchanges = 0;
    double begin = bench_now(), end = begin;
    for (; fine && end - begin < seconds; end = bench_now()) {
        for (unsigned i = 0; fine && i < ROUND; i++, exchanges++)
            fine = send(ends[0], octets, there, MSG_NOSIGNAL) == (ssize_t)there && bench_receive(ends[0], octets, back);
    }
    close(ends[0]);
    waitpid(child, NULL, 0);
    printf("tcp %.0f exchanges/s, %" PRIu64 " exchanges, %zu octets there and %zu back\n",
           (double)exchanges / (end - begin), exchanges, there, back);
    return fine ? 0 : 3;
}
