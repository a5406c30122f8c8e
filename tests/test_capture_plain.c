// SPDX-License-Identifier: Apache-2.0
/* Plain pcap files, read without libpcap: the same packets, end and failure as with it, whatever is wrong with the
 * file. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/source.h"

enum { ROOM = 1 << 20, FILE_HEADER = 24, PACKET_HEADER = 16, SNAP = 262144, PACKETS = 3000 };
#define MICROSECONDS UINT32_C(0xA1B2C3D4)
#define NANOSECONDS UINT32_C(0xA1B23C4D)

struct file {
    uint8_t octets[ROOM];
    size_t size;
};

static void put(struct file *file, const void *octets, size_t size)
{
    assert_true(file->size + size <= ROOM);
    memcpy(file->octets + file->size, octets, size);
    file->size += size;
}

static void begin(struct file *file, uint32_t magic, uint16_t minor, uint32_t snap_length)
{
    const uint16_t version[2] = {2, minor};
    const uint32_t rest[4] = {0, 0, snap_length, 1};
    file->size = 0;
    put(file, &magic, sizeof magic);
    put(file, version, sizeof version);
    put(file, rest, sizeof rest);
}

/* A packet that says of itself that |captured| octets of it are there, and of which |there| are. */
static void add(struct file *file, uint32_t seconds, uint32_t fraction, uint32_t captured, uint32_t there)
{
    const uint32_t header[4] = {seconds, fraction, captured, captured + 1};
    put(file, header, sizeof header);
    for (uint32_t i = 0; i < there; i++)
        put(file, &(uint8_t){(uint8_t)(file->size * 7)}, 1);
}

/* Packets of all sizes, more than are read at once. */
static void fill(struct file *file, uint32_t magic)
{
    begin(file, magic, 4, SNAP);
    for (uint32_t i = 0; i < PACKETS; i++)
        add(file, i, 999999 - i, i % 250, i % 250);
}

static void open_both(const struct file *file, struct rpcancel_source *own, struct rpcancel_source *other)
{
    char path[] = "/tmp/rpcancel-plain-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, file->octets, file->size), file->size);
    close(descriptor);
    assert_true(rpcancel_source_open(own, path));
    assert_true(rpcancel_source_open(other, path));
    rpcancel_plain_end(&other->plain);
    unlink(path);
}

/* Reads |file| in both ways. Returns how many packets were read without libpcap. */
static unsigned compare(const struct file *file)
{
    struct rpcancel_source own, other;
    struct rpcancel_capture_packet packet, same;
    enum rpcancel_source_result result;
    unsigned plain = 0;
    open_both(file, &own, &other);
    do {
        result = rpcancel_source_next(&own, &packet);
        assert_int_equal(result, rpcancel_source_next(&other, &same));
        if (result != RPCANCEL_SOURCE_PACKET)
            break;
        plain += own.plain.buffer != NULL;
        assert_int_equal(packet.number, same.number);
        assert_int_equal(packet.time, same.time);
        assert_int_equal(packet.link, same.link);
        assert_int_equal(packet.captured, same.captured);
        assert_int_equal(packet.length, same.length);
        assert_memory_equal(packet.bytes, same.bytes, packet.captured);
    } while (true);
    assert_string_equal(own.failure, other.failure);
    rpcancel_source_close(&own);
    rpcancel_source_close(&other);
    return plain;
}

static void plain_files_are_read_alike(void **state)
{
    struct file *file = *state;
    fill(file, MICROSECONDS);
    assert_true(file->size > SNAP);
    assert_int_equal(compare(file), PACKETS);
    fill(file, NANOSECONDS);
    assert_int_equal(compare(file), PACKETS);
    begin(file, MICROSECONDS, 4, SNAP);
    assert_int_equal(compare(file), 0);
}

static void a_file_may_end_anywhere(void **state)
{
    struct file *file = *state;
    fill(file, MICROSECONDS);
    for (unsigned i = 0; i < 300; i++) {
        file->size--;
        assert_in_range(compare(file), PACKETS - 3, PACKETS - 1);
    }
}

/* From a packet on that is not plain libpcap reads, and says what is wrong. */
static void what_is_not_plain_is_left_to_libpcap(void **state)
{
    static const struct {
        uint32_t seconds, fraction, captured, there;
    } odd[] = {
        {1, 1, SNAP, SNAP},         /* more than is read at once */
        {1, 1, SNAP + 1, SNAP + 1}, /* more than libpcap believes */
        {1, 1, UINT32_MAX, 100},    /* nonsense */
        {1, 1000000, 100, 100},     /* more than a second */
        {1, UINT32_MAX, 100, 100},  /* the same, before zero */
        {UINT32_MAX, 1, 100, 100},  /* before 1970, or long after */
        {1, 1, 100, 90},            /* the next one begins within it */
    };
    struct file *file = *state;
    for (unsigned i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        begin(file, MICROSECONDS, 4, SNAP);
        add(file, 1, 1, 60, 60);
        add(file, 1, 1, 61, 61);
        add(file, odd[i].seconds, odd[i].fraction, odd[i].captured, odd[i].there);
        add(file, 1, 1, 62, 62);
        assert_in_range(compare(file), 2, 3);
    }
    begin(file, MICROSECONDS, 4, 64); /* which some packets exceed */
    add(file, 1, 1, 64, 64);
    add(file, 1, 1, 65, 65);
    add(file, 1, 1, 64, 64);
    assert_int_equal(compare(file), 1);
}

static void other_forms_are_left_to_libpcap(void **state)
{
    struct file *file = *state;
    begin(file, MICROSECONDS, 3, SNAP); /* of a version that swaps lengths */
    add(file, 1, 1, 60, 60);
    assert_int_equal(compare(file), 0);
    begin(file, MICROSECONDS, 4, SNAP); /* of the other byte order */
    add(file, 1, 1, 60, 60);
    for (size_t at = 0; at < FILE_HEADER + PACKET_HEADER; at += at == 4 || at == 6 ? 2 : 4) {
        size_t size = at == 4 || at == 6 ? 2 : 4;
        for (size_t i = 0; i < size / 2; i++) {
            uint8_t octet = file->octets[at + i];
            file->octets[at + i] = file->octets[at + size - 1 - i];
            file->octets[at + size - 1 - i] = octet;
        }
    }
    assert_int_equal(compare(file), 0);
}

static int set_up(void **state)
{
    *state = malloc(sizeof(struct file));
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_files_are_read_alike),
        cmocka_unit_test(a_file_may_end_anywhere),
        cmocka_unit_test(what_is_not_plain_is_left_to_libpcap),
        cmocka_unit_test(other_forms_are_left_to_libpcap),
    };
    return cmocka_run_group_tests_name("capture_plain", tests, set_up, tear_down);
}
