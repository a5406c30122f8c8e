// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SERVE_STUB_DATA_H
#define RPCANCEL_SERVE_STUB_DATA_H
/* Stub data in NDR (C706 14): read in the sender's byte order, written little-endian, as all that this server sends. */
#include "wire/presentation.h"

/* Reads numbers one after the other; |failed| once something was not there. */
struct rpcancel_stub_reader {
    struct rpcancel_span data;
    size_t at;
    bool big_endian, failed;
};

static inline const uint8_t *rpcancel_stub_take(struct rpcancel_stub_reader *reader, size_t alignment, size_t size)
{
    size_t at = (reader->at + alignment - 1) / alignment * alignment;
    if (reader->failed || at > reader->data.size || size > reader->data.size - at) {
        reader->failed = true;
        return NULL;
    }
    reader->at = at + size;
    return reader->data.bytes + at;
}

/* 0 when it is not there. */
static inline uint32_t rpcancel_stub_take_32(struct rpcancel_stub_reader *reader)
{
    const uint8_t *bytes = rpcancel_stub_take(reader, 4, 4);
    return bytes ? rpcancel_read_32(bytes, reader->big_endian) : 0;
}

static inline uint16_t rpcancel_stub_take_16(struct rpcancel_stub_reader *reader)
{
    const uint8_t *bytes = rpcancel_stub_take(reader, 2, 2);
    return bytes ? rpcancel_read_16(bytes, reader->big_endian) : 0;
}

/* All zeros when it is not there. */
static inline void rpcancel_stub_take_uuid(struct rpcancel_stub_reader *reader, struct rpcancel_uuid *uuid)
{
    const uint8_t *bytes = rpcancel_stub_take(reader, 4, 16);
    memset(uuid, 0, sizeof *uuid);
    if (bytes)
        rpcancel_uuid_read(bytes, reader->big_endian, uuid);
}

enum { RPCANCEL_STUB_MAX = 1024 };

/* Stub data that is being written; what does not fit is left out, which no operation here comes to. */
struct rpcancel_stub {
    size_t size;
    uint8_t bytes[RPCANCEL_STUB_MAX];
};

static inline void rpcancel_stub_put(struct rpcancel_stub *stub, const void *bytes, size_t size)
{
    if (size > sizeof stub->bytes - stub->size)
        return;
    memcpy(stub->bytes + stub->size, bytes, size);
    stub->size += size;
}

static inline void rpcancel_stub_put_16(struct rpcancel_stub *stub, uint16_t number)
{
    uint8_t bytes[2];
    rpcancel_write_16(bytes, number, false);
    rpcancel_stub_put(stub, bytes, sizeof bytes);
}

static inline void rpcancel_stub_put_32(struct rpcancel_stub *stub, uint32_t number)
{
    uint8_t bytes[4];
    rpcancel_write_32(bytes, number, false);
    rpcancel_stub_put(stub, bytes, sizeof bytes);
}

static inline void rpcancel_stub_put_uuid(struct rpcancel_stub *stub, const struct rpcancel_uuid *uuid)
{
    uint8_t bytes[16];
    rpcancel_uuid_write(bytes, false, uuid);
    rpcancel_stub_put(stub, bytes, sizeof bytes);
}

/* A pointer that is not null, the one of that number (C706 14.3.10): any number but 0, each its own. */
static inline void rpcancel_stub_put_pointer(struct rpcancel_stub *stub, uint32_t number)
{
    rpcancel_stub_put_32(stub, 0x20000 + 4 * number);
}

/* To the next multiple of 4. */
static inline void rpcancel_stub_align(struct rpcancel_stub *stub)
{
    static const uint8_t zero[3] = {0};
    rpcancel_stub_put(stub, zero, -stub->size % 4);
}

#endif
