// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a fuzz target on files, without a fuzzing engine: fuzz_NAME_standalone PATH…
 *
 * Folders are walked in the order of their names. A sequence in text (NAME.seq) is converted first. When an input
 * crashes the target or takes too long, its path is the last thing printed. Exit 0: every input was replayed. Exit 2:
 * no path was given, or there are no files behind it. Exit 3: a file cannot be read, or is no sequence.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sequence/sequence.h"

enum { SECONDS_PER_INPUT = 10, EXIT_USAGE = 2, EXIT_FILES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

static const char *volatile current = "";
static unsigned long inputs;

/* ---- crashes ---- */

static void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written; /* there is nobody left to tell */
}

static void name_input(int signal_number)
{
    say(signal_number == SIGALRM ? "took too long: " : "crashed on: ");
    say(current);
    say("\n");
    signal(signal_number == SIGALRM ? SIGABRT : signal_number, SIG_DFL);
    raise(signal_number == SIGALRM ? SIGABRT : signal_number);
}

static void watch_for_crashes(void)
{
    static const int signals[] = {SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL, SIGSEGV};
    struct sigaction action = {.sa_handler = name_input, .sa_flags = (int)(SA_NODEFER | SA_RESETHAND)};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &action, NULL);
}

/* ---- one file ---- */

static _Noreturn void give_up(const char *path, const char *reason)
{
    fprintf(stderr, "%s: %s\n", path, reason);
    exit(EXIT_FILES);
}

static void *allocate(void *old, size_t size, const char *path)
{
    void *memory = realloc(old, size);
    if (!memory)
        give_up(path, "out of memory");
    return memory;
}

/* Returns the content of the file, never NULL; the caller frees it. */
static uint8_t *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        give_up(path, strerror(errno));
    size_t capacity = 4096;
    uint8_t *bytes = allocate(NULL, capacity, path);
    *length = 0;
    for (size_t count; (count = fread(bytes + *length, 1, capacity - *length, file)) > 0;) {
        *length += count;
        if (*length == capacity)
            bytes = allocate(bytes, capacity *= 2, path);
    }
    if (ferror(file))
        give_up(path, strerror(errno));
    fclose(file);
    return bytes;
}

/* Replaces the text in |bytes| by the binary form of the sequence. */
static uint8_t *convert(const char *path, uint8_t *bytes, size_t *length)
{
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    if (!rpcancel_sequence_read_text(&sequence, (const char *)bytes, *length, &error)) {
        fprintf(stderr, "%s:%u:%u: %s\n", path, error.line, error.column, error.expected);
        exit(EXIT_FILES);
    }
    *length = rpcancel_sequence_write_binary(&sequence, NULL, 0);
    bytes = allocate(bytes, *length + 1, path);
    rpcancel_sequence_write_binary(&sequence, bytes, *length);
    rpcancel_sequence_free(&sequence);
    return bytes;
}

static void replay_file(const char *path)
{
    size_t length, path_length = strlen(path);
    uint8_t *bytes = read_file(path, &length);
    if (path_length > 4 && strcmp(path + path_length - 4, ".seq") == 0)
        bytes = convert(path, bytes, &length);
    current = path;
    alarm(SECONDS_PER_INPUT);
    LLVMFuzzerTestOneInput(bytes, length);
    alarm(0);
    inputs++;
    free(bytes);
}

/* ---- files and folders ---- */

static void replay(const char *path);

static void replay_folder(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0)
        give_up(path, strerror(errno));
    for (int i = 0; i < count; i++) {
        char *inner;
        if (entries[i]->d_name[0] != '.') {
            if (asprintf(&inner, "%s/%s", path, entries[i]->d_name) < 0)
                give_up(path, "out of memory");
            replay(inner);
            free(inner);
        }
        free(entries[i]);
    }
    free(entries);
}

static void replay(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        give_up(path, strerror(errno));
    if (S_ISDIR(status.st_mode))
        replay_folder(path);
    else
        replay_file(path);
}

int main(int argc, char **argv)
{
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    watch_for_crashes();
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    if (inputs == 0) {
        fprintf(stderr, "usage: %s PATH…; paths are inputs or folders of inputs, and there was none\n", argv[0]);
        return EXIT_USAGE;
    }
    printf("replayed %lu inputs\n", inputs);
    return 0;
}
