// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TARGET_H
#define RPCANCEL_TARGET_H
/*
 * What a runtime over TCP has to know of the server under test: its interface, and which of its operations do what with
 * a cancel. docs/tcp.md describes the file.
 */
#include "operation.h"
#include "wire/observer.h"
#include "wire/presentation.h"

enum { RPCANCEL_TARGET_STUB_MAX = 256, RPCANCEL_TARGET_CODES_MAX = 16, RPCANCEL_TARGET_TEXT_MAX = 256 };

/* An operation of the server. */
struct rpcancel_target_operation {
    bool is_known;
    bool counts; /* release: the response begins with how many calls it released, as a number of 32 bits */
    uint16_t opnum;
    uint16_t size; /* octets of |stub_data| */
    uint8_t stub_data[RPCANCEL_TARGET_STUB_MAX];
};

struct rpcancel_target {
    struct rpcancel_syntax interface;
    struct rpcancel_target_operation classes[RPCANCEL_WIRE_CLASSES]; /* by enum rpcancel_wire_operation_class */
    struct rpcancel_target_operation release;
    bool is_constant;     /* every response of `fast` is the same (runtime/suspicion.h) */
    unsigned deadline_ms; /* of one answer; 0: not said */
    uint32_t call_id;     /* of a request while no other call of the connection is open; 0: a new one for each */
    unsigned code_count;
    struct {
        uint32_t status, means; /* a fault with that status is judged as one with |means| */
    } codes[RPCANCEL_TARGET_CODES_MAX];
};

/* rpcancel_target_default sets |*target| to the test interface of `rpcancel serve`. */
void rpcancel_target_default(struct rpcancel_target *target);

/* rpcancel_target_class returns which of the target's operations |request| asks for. */
enum rpcancel_wire_operation_class rpcancel_target_class(enum rpcancel_request_kind request);

/* rpcancel_target_lacks returns what rules need that the target has not: RPCANCEL_WIRE_NEEDS_…, a bit each. */
uint8_t rpcancel_target_lacks(const struct rpcancel_target *target);

/* rpcancel_target_read reads the |length| bytes at |text|, of which the file is called |name|. False with |failure| set
 * to a line for people, `NAME:LINE: found …, expected …`. */
bool rpcancel_target_read(struct rpcancel_target *target, const char *name, const char *text, size_t length,
                          char failure[RPCANCEL_TARGET_TEXT_MAX]);

#endif
