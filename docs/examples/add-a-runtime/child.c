/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child for rpcancel that implements nothing yet, and says so: cc -o child child.c; rpcancel check --runtime
 * child:./child C99 and nothing else. docs/add-a-runtime.md fills one in, docs/runtime-protocol.md is the manual,
 * docs/sequences.md says what operations mean.
 */
#include <stdio.h>
#include <string.h>

enum { WORDS = 4, NONE = -1 };

/* An operation, taken apart. */
struct operation {
    int count;
    const char *words[WORDS]; /* "cancel", "a", "abort"; "" behind the last one */
    int handle;               /* a to d are 0 to 3; NONE */
    int is_earlier;           /* a' */
    int thread;               /* @t1 to @t3 are 0 to 2, @w is 3; NONE: the client asks */
};

/* ---- answers: each operation gives exactly one ---- */

static unsigned long number; /* of the line that is being answered */

/* The function returned |code|; 0 also says that what has no return code happened. Of one that raised instead:
 * printf("%lu exception 0x%08lX\n", number, code) */
static void returned(unsigned long code)
{
    printf("%lu %lu\n", number, code);
}

/* `unimplemented`: this child cannot do that. `refused`: impossible here, no such call or message, nothing of the kind
 * runs on that thread. `undefined`: the documents call the outcome undefined, so it was not tried. */
static void not_done(const char *why)
{
    printf("%lu %s\n", number, why);
}

/* ---- the operations ---- */

static int is(const struct operation *operation, const char *name)
{
    return strcmp(operation->words[0], name) == 0;
}

static void carry_out(const struct operation *operation)
{
    if (is(operation, "describe"))
        /* FILL IN: its name, and how messages arrive. */
        printf("%lu 0 name=mine version=0.1 delivery=hidden dispatch=command\n", number);
    else if (is(operation, "reset"))
        /* FILL IN: once there is something to forget, forget it; unimplemented: a new process for each sequence. */
        returned(0);
    /* FILL IN, here, one operation after the other:
     *
     *     else if (is(operation, "cancel") && operation->thread == NONE)
     *         returned(my_cancel(&my_handles[operation->handle], strcmp(operation->words[2], "abort") == 0));
     */
    else
        not_done("unimplemented");
}

/* ---- the dialogue ---- */

static void take_apart(char *line, struct operation *operation)
{
    operation->count = 0;
    operation->handle = operation->thread = NONE;
    operation->is_earlier = 0;
    for (int i = 0; i < WORDS; i++)
        operation->words[i] = "";
    for (char *word = strtok(line, " \r\n"); word && operation->count < WORDS; word = strtok(NULL, " \r\n")) {
        if (operation->count > 0 && word[0] >= 'a' && word[0] <= 'd' && (!word[1] || strcmp(word + 1, "'") == 0)) {
            operation->handle = word[0] - 'a';
            operation->is_earlier = word[1] != 0;
        } else if (word[0] == '@') {
            operation->thread = word[1] == 'w' ? 3 : word[2] - '1';
        }
        operation->words[operation->count++] = word;
    }
}

int main(void)
{
    char line[128];
    int length;
    setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin)) {
        struct operation operation;
        if (sscanf(line, "%lu %n", &number, &length) != 1)
            return 1;
        take_apart(line + length, &operation);
        carry_out(&operation);
    }
    return 0;
}
