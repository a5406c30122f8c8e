// SPDX-License-Identifier: Apache-2.0
#include "wire/presentation.h"

const struct rpcancel_syntax rpcancel_syntax_ndr = {
    {0x8A885D04, 0x1CEB, 0x11C9, {0x9F, 0xE8, 0x08, 0x00, 0x2B, 0x10, 0x48, 0x60}}, 2};

/* 6CB71C2C-9812-4540-XXXX-XXXXXXXXXXXX, version 1.0: the last eight octets are the bits, least significant octet first.
 */
static const struct rpcancel_syntax features_prefix = {{0x6CB71C2C, 0x9812, 0x4540, {0}}, 1};

static bool uuid_begins_like(const struct rpcancel_uuid *one, const struct rpcancel_uuid *other)
{
    return one->time_low == other->time_low && one->time_mid == other->time_mid && one->time_high == other->time_high;
}

bool rpcancel_syntax_is(const struct rpcancel_syntax *one, const struct rpcancel_syntax *other)
{
    return uuid_begins_like(&one->uuid, &other->uuid) &&
           memcmp(one->uuid.rest, other->uuid.rest, sizeof one->uuid.rest) == 0 && one->version == other->version;
}

void rpcancel_uuid_read(const uint8_t *bytes, bool big_endian, struct rpcancel_uuid *uuid)
{
    uuid->time_low = rpcancel_read_32(bytes, big_endian);
    uuid->time_mid = rpcancel_read_16(bytes + 4, big_endian);
    uuid->time_high = rpcancel_read_16(bytes + 6, big_endian);
    memcpy(uuid->rest, bytes + 8, sizeof uuid->rest);
}

void rpcancel_uuid_write(uint8_t *bytes, bool big_endian, const struct rpcancel_uuid *uuid)
{
    rpcancel_write_32(bytes, uuid->time_low, big_endian);
    rpcancel_write_16(bytes + 4, uuid->time_mid, big_endian);
    rpcancel_write_16(bytes + 6, uuid->time_high, big_endian);
    memcpy(bytes + 8, uuid->rest, sizeof uuid->rest);
}

static void syntax_read(const uint8_t *bytes, bool big_endian, struct rpcancel_syntax *syntax)
{
    rpcancel_uuid_read(bytes, big_endian, &syntax->uuid);
    syntax->version = rpcancel_read_32(bytes + 16, big_endian);
}

static void syntax_write(uint8_t *bytes, bool big_endian, const struct rpcancel_syntax *syntax)
{
    rpcancel_uuid_write(bytes, big_endian, &syntax->uuid);
    rpcancel_write_32(bytes + 16, syntax->version, big_endian);
}

static void take_off(struct rpcancel_span *list, size_t size)
{
    list->bytes += size;
    list->size -= size;
}

/* ---- reading ---- */

bool rpcancel_syntax_next(struct rpcancel_span *list, bool big_endian, struct rpcancel_syntax *entry)
{
    if (list->size < RPCANCEL_SYNTAX_SIZE)
        return false;
    syntax_read(list->bytes, big_endian, entry);
    take_off(list, RPCANCEL_SYNTAX_SIZE);
    return true;
}

/* Octets of the context at the beginning of |list|, 0 when it is not all there. */
static size_t context_size(struct rpcancel_span list)
{
    if (list.size < RPCANCEL_CONTEXT_LEAST_SIZE)
        return 0;
    size_t size = RPCANCEL_CONTEXT_LEAST_SIZE + (size_t)list.bytes[2] * RPCANCEL_SYNTAX_SIZE;
    return size <= list.size ? size : 0;
}

bool rpcancel_context_next(struct rpcancel_span *list, bool big_endian, struct rpcancel_context *entry)
{
    size_t size = context_size(*list);
    if (size == 0)
        return false;
    entry->id = rpcancel_read_16(list->bytes, big_endian);
    entry->transfer_count = list->bytes[2];
    entry->reserved = list->bytes[3];
    syntax_read(list->bytes + 4, big_endian, &entry->abstract);
    entry->transfers.bytes = list->bytes + RPCANCEL_CONTEXT_LEAST_SIZE;
    entry->transfers.size = size - RPCANCEL_CONTEXT_LEAST_SIZE;
    take_off(list, size);
    return true;
}

bool rpcancel_result_next(struct rpcancel_span *list, bool big_endian, struct rpcancel_result *entry)
{
    if (list->size < RPCANCEL_RESULT_SIZE)
        return false;
    entry->result = rpcancel_read_16(list->bytes, big_endian);
    entry->reason = rpcancel_read_16(list->bytes + 2, big_endian);
    syntax_read(list->bytes + 4, big_endian, &entry->transfer);
    take_off(list, RPCANCEL_RESULT_SIZE);
    return true;
}

bool rpcancel_context_list_size(struct rpcancel_span list, unsigned count, size_t *size)
{
    *size = 0;
    for (; count > 0; count--) {
        size_t one = context_size(list);
        if (one == 0)
            return false;
        take_off(&list, one);
        *size += one;
    }
    return true;
}

bool rpcancel_result_list_size(struct rpcancel_span list, unsigned count, size_t *size)
{
    *size = (size_t)count * RPCANCEL_RESULT_SIZE;
    return *size <= list.size;
}

/* ---- writing ---- */

size_t rpcancel_context_write(uint8_t *out, size_t capacity, bool big_endian, const struct rpcancel_context *context,
                              const struct rpcancel_syntax *transfers, uint8_t count)
{
    size_t size = RPCANCEL_CONTEXT_LEAST_SIZE + (size_t)count * RPCANCEL_SYNTAX_SIZE;
    if (size > capacity)
        return 0;
    rpcancel_write_16(out, context->id, big_endian);
    out[2] = count;
    out[3] = context->reserved;
    syntax_write(out + 4, big_endian, &context->abstract);
    for (unsigned i = 0; i < count; i++)
        syntax_write(out + RPCANCEL_CONTEXT_LEAST_SIZE + (size_t)i * RPCANCEL_SYNTAX_SIZE, big_endian, &transfers[i]);
    return size;
}

size_t rpcancel_result_write(uint8_t *out, size_t capacity, bool big_endian, const struct rpcancel_result *result)
{
    if (capacity < RPCANCEL_RESULT_SIZE)
        return 0;
    rpcancel_write_16(out, result->result, big_endian);
    rpcancel_write_16(out + 2, result->reason, big_endian);
    syntax_write(out + 4, big_endian, &result->transfer);
    return RPCANCEL_RESULT_SIZE;
}

/* ---- bind-time features ---- */

bool rpcancel_context_asks_features(const struct rpcancel_context *context, bool big_endian, uint64_t *features)
{
    struct rpcancel_span list = context->transfers;
    struct rpcancel_syntax first;
    if (!rpcancel_syntax_next(&list, big_endian, &first) || !uuid_begins_like(&first.uuid, &features_prefix.uuid) ||
        first.version != features_prefix.version)
        return false;
    *features = (uint64_t)rpcancel_read_32(first.uuid.rest + 4, false) << 32 | rpcancel_read_32(first.uuid.rest, false);
    return true;
}

struct rpcancel_syntax rpcancel_syntax_of_features(uint64_t features)
{
    struct rpcancel_syntax syntax = features_prefix;
    rpcancel_write_32(syntax.uuid.rest, (uint32_t)features, false);
    rpcancel_write_32(syntax.uuid.rest + 4, (uint32_t)(features >> 32), false);
    return syntax;
}
