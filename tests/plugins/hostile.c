// SPDX-License-Identifier: Apache-2.0
/*
 * plugin-hostile.so WHERE WHAT [FILE]: a plugin that does WHAT (below) when its function WHERE (open, reset, execute,
 * close) is called, and else answers every operation with code 87. Its process writes its number to FILE.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rpcancel/plugin.h"

static const char *where, *what;
static const struct rpcancel_plugin_host *host;
static unsigned instances;

/* ---- what it does ---- */

static void do_abort(void)
{
    abort();
}

static void do_exit(void)
{
    fputs("farewell\n", stderr);
    exit(7);
}

static void do_hang(void)
{
    for (;;)
        pause();
}

/* Ignores polite requests to end, and has a process that does so too. */
static void do_become_stubborn(void)
{
    signal(SIGTERM, SIG_IGN);
    if (fork() == 0)
        do_hang();
}

static void do_hang_stubbornly(void)
{
    do_become_stubborn();
    do_hang();
}

static void do_terminate(void)
{
    raise(SIGTERM);
}

static void do_stop(void)
{
    raise(SIGSTOP);
}

static void do_close_descriptors(void)
{
    for (int fd = 0; fd < 256; fd++)
        close(fd);
}

static void do_close_standard(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        close(fd);
}

static void do_fault(void)
{
    signal(SIGSEGV, SIG_DFL); /* cmocka, or a sanitizer, takes it else */
    raise(SIGSEGV);
}

/* Back to where it was when it was opened, which is nowhere any more. */
static jmp_buf long_ago;

static void do_jump(void)
{
    longjmp(long_ago, 1);
}

static void take_no_notice(int number)
{
    (void)number;
}

/* Handles, and then blocks, every signal that may be. */
static void do_handle_signals(void)
{
    sigset_t all;
    for (int number = 1; number < NSIG; number++)
        signal(number, take_no_notice);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
}

/* Changes what a process has of its own: folder, mask of new files, limits, session. */
static void do_move_out(void)
{
    struct rlimit none = {0, 0};
    if (chdir("/") != 0)
        abort();
    umask(0777);
    setrlimit(RLIMIT_FSIZE, &none);
    setrlimit(RLIMIT_NOFILE, &none);
    setsid();
}

/* Is two from now on, who both go on as if they were the one. */
static void do_be_two(void)
{
    if (fork() < 0)
        abort();
}

static void do_become_another(void)
{
    execlp("true", "true", (char *)NULL);
}

static void do_become_a_sleeper(void)
{
    execlp("sleep", "sleep", "300", (char *)NULL);
}

static void do_leave_the_thread(void)
{
    pthread_exit(NULL);
}

/* Until there is none; a limit keeps it from taking other people's. */
static void do_eat_memory(void)
{
    struct rlimit little = {1 << 20, 1 << 20};
    setrlimit(RLIMIT_AS, &little);
    while (calloc(1, 1 << 16))
        continue;
    abort();
}

/* To where the harness would read lines, were it careless, buffered and not. */
static void do_write(void)
{
    static const char text[] = "2 1725\nevent disconnected\n\1\2\3\n";
    for (unsigned i = 0; i < 1000; i++) {
        fputs(text, stdout);
        if (write(STDOUT_FILENO, text, strlen(text)) < 0)
            return;
    }
}

static void do_read(void)
{
    char byte;
    if (read(STDIN_FILENO, &byte, 1) != 0)
        abort(); /* it took something of the harness's */
}

/* Announces events that are none, or too many. */
static void announce(uint8_t kind, uint8_t handle, uint8_t thread, unsigned times)
{
    struct rpcancel_plugin_event event = {.kind = kind, .handle = handle, .thread = thread};
    while (times-- > 0)
        host->announce(host->context, &event);
}

static void do_announce(void)
{
    announce(RPCANCEL_PLUGIN_EVENT_NOTIFIED, 0, 0, 1);
}

static void do_announce_kind(void)
{
    announce(99, 0, 0, 1);
}

static void do_announce_handle(void)
{
    announce(RPCANCEL_PLUGIN_EVENT_NOTIFIED, 4, 0, 1);
}

static void do_announce_thread(void)
{
    announce(RPCANCEL_PLUGIN_EVENT_DISPATCHED, 0, 3, 1);
}

static void do_announce_nothing(void)
{
    host->announce(host->context, NULL);
}

static void do_announce_much(void)
{
    announce(RPCANCEL_PLUGIN_EVENT_NOTIFIED, 0, 0, 100);
}

static void do_nothing(void)
{
}

static const struct deed {
    const char *name;
    void (*function)(void);
    struct rpcancel_plugin_answer answer; /* to execute */
} deeds[] = {
    {.name = "abort", .function = do_abort},
    {.name = "exit", .function = do_exit},
    {.name = "hang", .function = do_hang},
    {.name = "hang-stubbornly", .function = do_hang_stubbornly},
    {.name = "become-stubborn", .function = do_become_stubborn},
    {.name = "terminate", .function = do_terminate},
    {.name = "stop", .function = do_stop},
    {.name = "close-descriptors", .function = do_close_descriptors},
    {.name = "close-standard", .function = do_close_standard, .answer = {.code = 87}},
    {.name = "fault", .function = do_fault},
    {.name = "jump", .function = do_jump},
    {.name = "handle-signals", .function = do_handle_signals, .answer = {.code = 87}},
    {.name = "move-out", .function = do_move_out, .answer = {.code = 87}},
    {.name = "be-two", .function = do_be_two, .answer = {.code = 87}},
    {.name = "become-another", .function = do_become_another},
    {.name = "become-a-sleeper", .function = do_become_a_sleeper},
    {.name = "leave-the-thread", .function = do_leave_the_thread},
    {.name = "eat-memory", .function = do_eat_memory},
    {.name = "write", .function = do_write, .answer = {.code = 87}},
    {.name = "read", .function = do_read, .answer = {.code = 87}},
    {.name = "fail", .function = do_nothing},
    {.name = "announce", .function = do_announce, .answer = {.code = 87}},
    {.name = "announce-kind", .function = do_announce_kind},
    {.name = "announce-handle", .function = do_announce_handle},
    {.name = "announce-thread", .function = do_announce_thread},
    {.name = "announce-nothing", .function = do_announce_nothing},
    {.name = "announce-much", .function = do_announce_much},
    {.name = "answer-8", .function = do_nothing, .answer = {.kind = 8}},
    {.name = "answer-255", .function = do_nothing, .answer = {.kind = 255, .code = 1}},
    {.name = "answer-done", .function = do_nothing, .answer = {.kind = RPCANCEL_PLUGIN_ANSWER_DONE}},
    {.name = "answer-null", .function = do_nothing, .answer = {.kind = RPCANCEL_PLUGIN_ANSWER_NULL}},
    {.name = "raise", .function = do_nothing, .answer = {.kind = RPCANCEL_PLUGIN_ANSWER_EXCEPTION, .code = 0xC0000005}},
};

/* ---- the functions of the table ---- */

/* Does what is to be done in |function|; NULL when that is nothing. */
static const struct deed *act(const char *function)
{
    if (strcmp(function, where) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        if (strcmp(what, deeds[i].name) == 0) {
            deeds[i].function();
            return &deeds[i];
        }
    }
    fprintf(stderr, "%s: there is no such deed\n", what);
    exit(99);
}

static void write_process_number(const char *path)
{
    FILE *file = fopen(path, "a");
    if (!file)
        exit(98);
    fprintf(file, "%d\n", (int)getpid());
    fclose(file);
}

static void *open_hostile(const struct rpcancel_plugin_host *its_host, int count, const char *const *arguments)
{
    host = its_host;
    where = count > 1 ? arguments[0] : "nowhere";
    what = count > 1 ? arguments[1] : "";
    if (count > 2)
        write_process_number(arguments[2]);
    if (act("open") && strcmp(what, "fail") == 0) {
        fputs("no such interface\n", stderr);
        return NULL;
    }
    if (setjmp(long_ago) != 0)
        abort(); /* the frame was not there any more, and it came here all the same */
    instances++;
    return &instances;
}

static int reset_hostile(void *instance)
{
    (void)instance;
    const struct deed *deed = act("reset");
    return deed && strcmp(deed->name, "fail") == 0;
}

static void execute_hostile(void *instance, const struct rpcancel_plugin_operation *operation,
                            struct rpcancel_plugin_answer *answer)
{
    (void)instance;
    (void)operation;
    const struct deed *deed = act("execute");
    if (deed)
        *answer = deed->answer;
    else
        *answer = (struct rpcancel_plugin_answer){.kind = RPCANCEL_PLUGIN_ANSWER_CODE, .code = 87};
}

static void close_hostile(void *instance)
{
    (void)instance;
    act("close");
}

const struct rpcancel_plugin *rpcancel_plugin_entry(uint32_t abi)
{
    (void)abi;
    static const struct rpcancel_plugin table = {.abi = RPCANCEL_PLUGIN_ABI,
                                                 .size = sizeof table,
                                                 .name = "hostile",
                                                 .delivery = RPCANCEL_PLUGIN_HIDDEN,
                                                 .open = open_hostile,
                                                 .reset = reset_hostile,
                                                 .execute = execute_hostile,
                                                 .close = close_hostile};
    return &table;
}
