// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "capture/plain.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is read at once, and in front of it room for the beginning of a packet. Both begin at a page, as reads do in the
 * file: the kernel's copying takes four times as long where the addresses on both sides differ by a few octets. */
enum { ROOM = 128 * 1024, BUFFER = 2 * ROOM, PAGE = 4096 };
enum { SECOND = 1000000000 };

struct file_header {
    uint32_t magic;
    uint16_t major, minor;
    uint8_t rest[16]; /* libpcap has read it */
};

struct packet_header {
    uint32_t seconds, fraction;
    uint32_t captured, length;
};

/* The unit of time that |magic| stands for, in nanoseconds; 0: there is none of that name. */
static uint32_t unit_of(uint32_t magic)
{
    const uint32_t of_microseconds = 0xA1B2C3D4, of_nanoseconds = 0xA1B23C4D;
    return magic == of_microseconds ? 1000 : magic == of_nanoseconds ? 1 : 0;
}

/* Reads on, and puts what is left in front of it. False at the end of the file. */
static bool fill(struct rpcancel_plain *plain)
{
    size_t left = plain->end - plain->at;
    memmove(plain->buffer + ROOM - left, plain->buffer + plain->at, left);
    ssize_t size = pread(plain->descriptor, plain->buffer + ROOM, BUFFER - ROOM, (off_t)plain->next);
    plain->at = ROOM - left;
    plain->end = ROOM + (size > 0 ? (size_t)size : 0);
    plain->next += plain->end - ROOM;
    return size > 0;
}

/* Tells whether |size| octets are there, ROOM at most. */
static bool has(struct rpcancel_plain *plain, size_t size)
{
    bool is_more = true;
    while (plain->end - plain->at < size && is_more)
        is_more = fill(plain);
    return is_more;
}

static bool take_file_header(struct rpcancel_plain *plain)
{
    struct file_header header;
    if (!has(plain, sizeof header))
        return false;
    memcpy(&header, plain->buffer + plain->at, sizeof header);
    plain->at += sizeof header;
    plain->unit = unit_of(header.magic);
    return plain->unit && header.major == 2 && header.minor == 4;
}

bool rpcancel_plain_begin(struct rpcancel_plain *plain, int descriptor, uint32_t longest)
{
    const uint32_t most = ROOM - sizeof(struct packet_header);
    struct stat status;
    *plain = (struct rpcancel_plain){
        .at = ROOM, .end = ROOM, .longest = longest < most ? longest : most, .descriptor = descriptor};
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    plain->buffer = aligned_alloc(PAGE, BUFFER);
    if (plain->buffer && take_file_header(plain))
        return true;
    rpcancel_plain_end(plain);
    return false;
}

uint64_t rpcancel_plain_position(const struct rpcancel_plain *plain)
{
    return plain->next - (plain->end - plain->at);
}

bool rpcancel_plain_next(struct rpcancel_plain *plain, struct rpcancel_capture_packet *packet)
{
    struct packet_header header;
    if (!has(plain, sizeof header))
        return false;
    memcpy(&header, plain->buffer + plain->at, sizeof header);
    uint64_t nanoseconds = (uint64_t)header.fraction * plain->unit;
    if (header.captured > plain->longest || header.seconds > INT32_MAX || nanoseconds >= SECOND ||
        !has(plain, sizeof header + header.captured))
        return false;
    packet->time = (int64_t)header.seconds * SECOND + (int64_t)nanoseconds;
    packet->bytes = plain->buffer + plain->at + sizeof header;
    packet->captured = header.captured;
    packet->length = header.length;
    plain->at += sizeof header + header.captured;
    return true;
}

void rpcancel_plain_end(struct rpcancel_plain *plain)
{
    free(plain->buffer);
    plain->buffer = NULL;
}
