// SPDX-License-Identifier: Apache-2.0
#include "capture/synthetic.h"

#include <string.h>

#include "capture/checksum.h"
#include "capture/pcapng_write.h"

enum {
    ETHERNET = 14,
    IP = 20,
    TCP = 20,
    UDP = 8,
    HEADERS = ETHERNET + IP + TCP,
    SEGMENT_MAX = 1460, /* octets of an Ethernet frame less the headers of IP and TCP */
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    WINDOW = 65535,
    NANOSECONDS_PER_PACKET = 1000,
    FIRST_PORT = 49152, /* of those that are nobody's, RFC 6335 */
    CLIENT_NUMBER = 1000,
    SERVER_NUMBER = 2000
};
enum { FLAG_FIN = 0x01, FLAG_SYN = 0x02, FLAG_PUSH = 0x08, FLAG_ACK = 0x10 };

void rpcancel_synthetic_begin(struct rpcancel_synthetic *capture, FILE *out, uint16_t server_port, const char *comment)
{
    *capture = (struct rpcancel_synthetic){.out = out, .server_port = server_port, .next_port = FIRST_PORT};
    rpcancel_pcapng_begin(out, comment);
    rpcancel_pcapng_interface(out, RPCANCEL_LINK_ETHERNET, 0);
}

static uint8_t *put_16(uint8_t *at, unsigned number)
{
    rpcancel_write_16(at, (uint16_t)number, true);
    return at + 2;
}

/* |size|: octets behind the header. */
static void write_ip(struct rpcancel_synthetic *capture, uint8_t *at, bool from_client, unsigned protocol, size_t size)
{
    static const uint8_t begin[] = {0x45, 0};
    static const uint8_t network[] = {192, 0, 2};
    memcpy(at, begin, sizeof begin);
    put_16(at + 2, (unsigned)(IP + size));
    put_16(at + 4, capture->identification++);
    put_16(at + 6, 0x4000); /* do not fragment */
    at[8] = 64;
    at[9] = (uint8_t)protocol;
    memset(at + 10, 0, 2);
    memcpy(at + 12, network, sizeof network);
    at[15] = from_client ? 1 : 2;
    memcpy(at + 16, network, sizeof network);
    at[19] = from_client ? 2 : 1;
    put_16(at + 10, rpcancel_checksum_end(rpcancel_checksum_add(0, at, IP)));
}

static void write_tcp(uint8_t *at, const uint8_t *ip, const struct rpcancel_synthetic_end *from,
                      const struct rpcancel_synthetic_end *to, unsigned flags, size_t payload)
{
    put_16(at, from->port);
    put_16(at + 2, to->port);
    rpcancel_write_32(at + 4, from->next, true);
    rpcancel_write_32(at + 8, flags & FLAG_ACK ? to->next : 0, true);
    at[12] = TCP / 4 << 4;
    at[13] = (uint8_t)flags;
    put_16(at + 14, WINDOW);
    memset(at + 16, 0, 4);
    uint32_t sum = rpcancel_checksum_add(PROTOCOL_TCP + TCP + (uint32_t)payload, ip + 12, 8);
    put_16(at + 16, rpcancel_checksum_end(rpcancel_checksum_add(sum, at, TCP + payload)));
}

static void write_ethernet(uint8_t *frame, bool from_client)
{
    static const uint8_t addresses[2][6] = {{2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}};
    memcpy(frame, addresses[from_client], 6);
    memcpy(frame + 6, addresses[!from_client], 6);
    put_16(frame + 12, 0x0800);
}

static void write_frame(struct rpcancel_synthetic *capture, const uint8_t *frame, size_t size, const char *comment)
{
    rpcancel_pcapng_packet(capture->out, &(struct rpcancel_pcapng_packet){.time = capture->time,
                                                                          .bytes = frame,
                                                                          .captured = (uint32_t)size,
                                                                          .length = (uint32_t)size,
                                                                          .comments = &comment,
                                                                          .comment_count = comment != NULL});
    capture->time += NANOSECONDS_PER_PACKET;
}

/* Writes a packet from one end; its octets, if any, are behind the headers already. */
static void write_packet(struct rpcancel_synthetic *capture, struct rpcancel_synthetic_connection *connection,
                         bool from_client, unsigned flags, uint8_t *frame, size_t payload, const char *comment)
{
    struct rpcancel_synthetic_end *from = from_client ? &connection->client : &connection->server;
    const struct rpcancel_synthetic_end *to = from_client ? &connection->server : &connection->client;
    write_ethernet(frame, from_client);
    write_ip(capture, frame + ETHERNET, from_client, PROTOCOL_TCP, TCP + payload);
    write_tcp(frame + ETHERNET + IP, frame + ETHERNET, from, to, flags, payload);
    from->next += (uint32_t)payload + ((flags & (FLAG_SYN | FLAG_FIN)) != 0);
    write_frame(capture, frame, HEADERS + payload, comment);
}

void rpcancel_synthetic_open(struct rpcancel_synthetic *capture, struct rpcancel_synthetic_connection *connection,
                             const char *comment)
{
    uint8_t frame[HEADERS];
    *connection = (struct rpcancel_synthetic_connection){
        .is_open = true,
        .client = {.port = capture->next_port, .next = CLIENT_NUMBER},
        .server = {.port = capture->server_port, .next = SERVER_NUMBER},
    };
    capture->next_port = capture->next_port == UINT16_MAX ? FIRST_PORT : (uint16_t)(capture->next_port + 1);
    write_packet(capture, connection, true, FLAG_SYN, frame, 0, comment);
    write_packet(capture, connection, false, FLAG_SYN | FLAG_ACK, frame, 0, NULL);
    write_packet(capture, connection, true, FLAG_ACK, frame, 0, NULL);
}

static struct rpcancel_synthetic_end *end_of(struct rpcancel_synthetic_connection *connection,
                                             enum rpcancel_pdu_sender sender)
{
    return sender == RPCANCEL_SENDER_CLIENT ? &connection->client : &connection->server;
}

void rpcancel_synthetic_send(struct rpcancel_synthetic *capture, struct rpcancel_synthetic_connection *connection,
                             enum rpcancel_pdu_sender sender, const uint8_t *bytes, size_t size, const char *comment)
{
    uint8_t frame[HEADERS + SEGMENT_MAX];
    if (!connection->is_open || end_of(connection, sender)->is_closed)
        return;
    while (size > 0) {
        size_t taken = size < SEGMENT_MAX ? size : SEGMENT_MAX;
        memcpy(frame + HEADERS, bytes, taken);
        bytes += taken;
        size -= taken;
        write_packet(capture, connection, sender == RPCANCEL_SENDER_CLIENT, FLAG_ACK | (size == 0 ? FLAG_PUSH : 0),
                     frame, taken, comment);
        comment = NULL;
    }
}

void rpcancel_synthetic_close(struct rpcancel_synthetic *capture, struct rpcancel_synthetic_connection *connection,
                              enum rpcancel_pdu_sender sender, const char *comment)
{
    uint8_t frame[HEADERS];
    if (!connection->is_open || end_of(connection, sender)->is_closed)
        return;
    bool from_client = sender == RPCANCEL_SENDER_CLIENT;
    write_packet(capture, connection, from_client, FLAG_FIN | FLAG_ACK, frame, 0, comment);
    write_packet(capture, connection, !from_client, FLAG_ACK, frame, 0, NULL);
    end_of(connection, sender)->is_closed = true;
    connection->is_open = !connection->client.is_closed || !connection->server.is_closed;
}

void rpcancel_synthetic_datagram(struct rpcancel_synthetic *capture, enum rpcancel_pdu_sender sender,
                                 const uint8_t *bytes, size_t size, const char *comment)
{
    uint8_t frame[ETHERNET + IP + UDP + RPCANCEL_SYNTHETIC_DATAGRAM_MAX], *udp = frame + ETHERNET + IP;
    bool from_client = sender == RPCANCEL_SENDER_CLIENT;
    if (size > RPCANCEL_SYNTHETIC_DATAGRAM_MAX)
        return;
    write_ethernet(frame, from_client);
    write_ip(capture, frame + ETHERNET, from_client, PROTOCOL_UDP, UDP + size);
    put_16(udp, from_client ? FIRST_PORT : capture->server_port);
    put_16(udp + 2, from_client ? capture->server_port : FIRST_PORT);
    put_16(udp + 4, (unsigned)(UDP + size));
    put_16(udp + 6, 0);
    memcpy(udp + UDP, bytes, size);
    uint32_t sum = rpcancel_checksum_add(PROTOCOL_UDP + UDP + (uint32_t)size, udp - 8, 8);
    uint16_t checksum = rpcancel_checksum_end(rpcancel_checksum_add(sum, udp, UDP + size));
    put_16(udp + 6, checksum ? checksum : 0xFFFF); /* 0 would mean that there is none, RFC 768 */
    write_frame(capture, frame, ETHERNET + IP + UDP + size, comment);
}
