// SPDX-License-Identifier: Apache-2.0
/*
 * datagram-capture PROFILE SCRIPT OUT: both ends of calls over datagrams, moved by a script of datagram_pair.h, and
 * what they send as a capture, in the packets that might have carried it. Lost datagrams are in it: whoever captured
 * saw them leave. pcaps/make uses it. Exit 2: usage; 3: OUT cannot be written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "capture/synthetic.h"
#include "datagram_pair.h"

static struct datagram_pair pair;
static struct rpcancel_synthetic capture;

static void sent(void *context, enum rpcancel_pdu_sender sender, const uint8_t *bytes, size_t size)
{
    const uint64_t epoch = UINT64_C(946684800000), nanoseconds = 1000000; /* 2000-01-01 */
    (void)context;
    if (capture.time < (epoch + pair.ms) * nanoseconds)
        capture.time = (epoch + pair.ms) * nanoseconds;
    rpcancel_synthetic_datagram(&capture, sender, bytes, size, NULL);
}

int main(int argc, char **argv)
{
    enum { PORT = 49664, USAGE = 2, TROUBLE = 3 };
    enum rpcancel_wire_profile profile;
    if (argc != 4 || !rpcancel_wire_profile_from_name(argv[1], &profile)) {
        fprintf(stderr, "usage: datagram-capture PROFILE SCRIPT OUT\n");
        return USAGE;
    }
    FILE *out = fopen(argv[3], "wbe");
    if (!out) {
        perror(argv[3]);
        return TROUBLE;
    }
    rpcancel_synthetic_begin(&capture, out, PORT, argv[2]);
    datagram_pair_open(&pair, rpcancel_datagram_choices_of(profile));
    pair.sent = sent;
    datagram_pair_run(&pair, argv[2]);
    printf("%s\n", pair.log);
    return fclose(out) == 0 ? 0 : TROUBLE;
}
