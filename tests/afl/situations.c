// SPDX-License-Identifier: Apache-2.0
/*
 * situations FILE…: prints in how many different situations of fuzzers/feedback.h the inputs come, all together. It
 * looks at the bytes of the fuzz target; test_afl_feedback.sh holds the edges that AFL++ sees against it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "feedback.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    unsigned situations = 0;
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        uint8_t bytes[4096];
        FILE *file = fopen(argv[i], "rb");
        size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
        if (size == 0 || size == sizeof bytes) {
            fprintf(stderr, "%s: cannot be read, is empty or too long\n", argv[i]);
            return EXIT_FAILURE;
        }
        fclose(file);
        LLVMFuzzerTestOneInput(bytes, size); /* without edges nothing is cleared in between */
    }
    for (unsigned i = 0; i < RPCANCEL_FEEDBACK_SIZE; i++)
        situations += rpcancel_feedback_bytes[i];
    printf("%u\n", situations);
    return EXIT_SUCCESS;
}
