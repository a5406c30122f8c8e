// SPDX-License-Identifier: Apache-2.0
/*
 * rpcancel-bench: the measurements ci/bench is made of. Each subcommand works for about a number of seconds and prints
 * one line `NAME RATE UNIT`, with what was done behind it, so that a speed without the work would show.
 *
 *   rpcancel-bench yardstick SECONDS      work that is always the same: how fast the machine is just now
 *   rpcancel-bench step SECONDS           reference and all rules, real steps
 *   rpcancel-bench pdu SECONDS            small PDUs decoded
 *   rpcancel-bench pipe SECONDS           64 bytes there and back through two pipes: the floor under any child
 *   rpcancel-bench child SECONDS COMMAND  operations in lock-step through a child
 *   rpcancel-bench tcp SECONDS THERE BACK so many octets there and back over TCP: the floor under any server
 *   rpcancel-bench echo SECONDS HOST PORT  octets there and back to an `rpcancel serve`: the floor under the next
 *   rpcancel-bench runtime SECONDS HOST:PORT  the runtime over TCP, with an `rpcancel serve`
 *   rpcancel-bench calls SECONDS NUMBER HOST PORT  mgmt operation 0 of a server, so many calls in flight
 *
 * and those that measure no speed:
 *
 *   rpcancel-bench connections NUMBER HOST PORT  on how many connections at once an rpcancel serve has a call
 *   rpcancel-bench shrink [FAILURES]      how small sequences get; 20 failures of each mutant, about a minute
 *
 * Both ends of a pair run on one processor, the one this program was started on. What needs no second process, which
 * are yardstick, step and pdu, is measured in seconds of the processor.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/bench.h"
#include "engine/random.h"
#include "rules/judge.h"
#include "runtime/runtime.h"

enum {
    SEQUENCES = 2000,
    LENGTH = 60,
    MESSAGE = 64,
    ROUND = 1000,
    FAILURES = 20,
    FAILURES_MAX = 100000,
    CONNECTIONS_MAX = 100000
};

static double seconds_of(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

double bench_now(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double bench_processor(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

static void stay_on_this_processor(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)sched_getcpu(), &set);
    sched_setaffinity(0, sizeof set, &set);
}

/* All sequences one behind the other, each LENGTH operations. */
static struct rpcancel_operation *make_operations(void)
{
    static struct rpcancel_alphabet alphabet;
    struct rpcancel_operation *operations = calloc((size_t)SEQUENCES * LENGTH, sizeof *operations);
    struct rpcancel_random random = {.state = 1};
    struct rpcancel_random_options options = {.length = LENGTH, .alphabet = &alphabet};
    struct rpcancel_sequence sequence = {0};
    rpcancel_alphabet_init(&alphabet, 2, 2, false);
    for (unsigned i = 0; operations && i < SEQUENCES; i++) {
        if (!rpcancel_random_sequence(&random, &options, &sequence)) {
            free(operations);
            operations = NULL;
        }
        for (unsigned j = 0; operations && j < LENGTH; j++)
            operations[i * LENGTH + j] = sequence.items[j].operation;
    }
    rpcancel_sequence_free(&sequence);
    return operations;
}

/* ---- step ---- */

struct work {
    uint64_t steps;
    uint64_t decisions;
    uint64_t hash; /* of every verdict */
};

static void judge_sequence(const struct rpcancel_rule_set *rules, const struct rpcancel_operation *operations,
                           struct work *work)
{
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    rpcancel_world_reset(&world);
    rpcancel_observer_reset(&observer);
    for (unsigned i = 0; i < LENGTH; i++) {
        struct rpcancel_answer answer = rpcancel_step(&rpcancel_choices_documented, &world, operations[i]);
        if (!rpcancel_answer_happened(answer))
            continue;
        struct rpcancel_verdict verdict = rpcancel_judge(rules, &observer, operations[i], answer);
        rpcancel_observe(&observer, operations[i], answer);
        work->steps++;
        work->decisions += (unsigned)__builtin_popcount(verdict.decided);
        work->hash = (work->hash ^ verdict.decided ^ (uint64_t)verdict.violated << 32) * 0x9E3779B97F4A7C15u;
    }
}

static int bench_step(double seconds)
{
    static struct rpcancel_rule_set rules;
    struct rpcancel_operation *operations = make_operations();
    struct work work = {0};
    if (!operations)
        return 3;
    rpcancel_rule_set_init(&rules, RPCANCEL_PROFILE_DOCUMENTED_98, ~0u);
    double begin = bench_processor();
    double end = begin;
    unsigned rounds = 0;
    for (; end - begin < seconds; end = bench_processor(), rounds++) {
        work.hash = 0; /* the same in every round */
        for (unsigned i = 0; i < SEQUENCES; i++)
            judge_sequence(&rules, operations + (size_t)i * LENGTH, &work);
    }
    printf("step %.0f steps/s, %" PRIu64 " steps, %" PRIu64 " decisions, verdicts %016" PRIx64 "\n",
           (double)work.steps / (end - begin), work.steps, work.decisions, work.hash);
    free(operations);
    return 0;
}

/* ---- pipe ---- */

static bool pass_on(int from, int to)
{
    char message[MESSAGE];
    return read(from, message, sizeof message) == MESSAGE && write(to, message, sizeof message) == MESSAGE;
}

static int bench_pipe(double seconds)
{
    int there[2], back[2];
    if (pipe(there) || pipe(back))
        return 3;
    pid_t child = fork();
    if (child < 0)
        return 3;
    if (child == 0) {
        close(there[1]);
        while (pass_on(there[0], back[1])) {
        }
        _exit(0);
    }
    close(there[0]);
    close(back[1]);
    char message[MESSAGE] = {0};
    bool fine = write(there[1], message, sizeof message) == MESSAGE;
    double begin = bench_now();
    double end = begin;
    uint64_t exchanges = 0;
    for (; fine && end - begin < seconds; end = bench_now()) {
        for (unsigned i = 0; fine && i < ROUND; i++, exchanges++)
            fine = pass_on(back[0], there[1]);
    }
    close(there[1]);
    waitpid(child, NULL, 0);
    printf("pipe %.0f exchanges/s, %" PRIu64 " exchanges\n", (double)exchanges / (end - begin), exchanges);
    return fine ? 0 : 3;
}

/* ---- child ---- */

static bool run_on(struct rpcancel_runtime *runtime, const struct rpcancel_operation *operations, uint64_t *hash)
{
    if (runtime->functions->reset(runtime) != RPCANCEL_EXCHANGE_ANSWERED)
        return false;
    for (unsigned i = 0; i < LENGTH; i++) {
        struct rpcancel_answer answer;
        if (runtime->functions->execute(runtime, operations[i], &answer) != RPCANCEL_EXCHANGE_ANSWERED)
            return false;
        *hash = (*hash ^ answer.kind ^ (uint64_t)answer.code << 8) * 0x9E3779B97F4A7C15u;
    }
    return true;
}

static int bench_child(double seconds, const char *command)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    bool usage;
    struct rpcancel_runtime_options options = {0};
    struct rpcancel_operation *operations = make_operations();
    struct rpcancel_runtime *runtime = rpcancel_runtime_open_child(command, &options, failure, &usage);
    if (!operations || !runtime) {
        fprintf(stderr, "rpcancel-bench: %s\n", operations ? failure : "no memory");
        free(operations);
        return 3;
    }
    uint64_t exchanges = 0, hash = 0;
    double begin = bench_now();
    double end = begin;
    bool fine = true;
    for (; fine && end - begin < seconds; end = bench_now()) {
        hash = 0;
        for (unsigned i = 0; fine && i < SEQUENCES; i++, exchanges += LENGTH + 1)
            fine = run_on(runtime, operations + (size_t)i * LENGTH, &hash);
    }
    printf("child %.0f exchanges/s, %" PRIu64 " exchanges, answers %016" PRIx64 "\n", (double)exchanges / (end - begin),
           exchanges, hash);
    runtime->functions->close(runtime);
    free(operations);
    return fine ? 0 : 3;
}

static int usage(void)
{
    fputs("usage: rpcancel-bench yardstick SECONDS | step SECONDS | pdu SECONDS | pipe SECONDS | child SECONDS COMMAND "
          "|\n"
          "       tcp SECONDS THERE BACK | echo SECONDS HOST PORT | runtime SECONDS HOST:PORT | calls SECONDS NUMBER "
          "HOST PORT | connections "
          "NUMBER HOST PORT | shrink "
          "[FAILURES]\n",
          stderr);
    return 2;
}

static bool is_within(unsigned long number, unsigned long most)
{
    return number >= 1 && number <= most;
}

/* Those that go over TCP: NAME NUMBER … PORT, or sizes in place of host and port. */
static int bench_network(int argc, char **argv, double number)
{
    unsigned long next = strtoul(argv[3], NULL, 10), last = strtoul(argv[argc - 1], NULL, 10);
    if (argc == 5 && number > 0 && is_within(next, BENCH_TCP_MAX) && is_within(last, BENCH_TCP_MAX) &&
        strcmp(argv[1], "tcp") == 0)
        return bench_tcp(number, next, last);
    if (argc == 5 && number >= 1 && number <= (double)CONNECTIONS_MAX && is_within(last, UINT16_MAX) &&
        strcmp(argv[1], "connections") == 0)
        return bench_connections((unsigned)number, argv[3], (uint16_t)last);
    if (argc == 5 && number > 0 && is_within(last, UINT16_MAX) && strcmp(argv[1], "echo") == 0)
        return bench_echo(number, argv[3], (uint16_t)last);
    if (argc == 6 && number > 0 && is_within(next, BENCH_IN_FLIGHT_MAX) && is_within(last, UINT16_MAX) &&
        strcmp(argv[1], "calls") == 0)
        return bench_calls(number, (unsigned)next, argv[4], (uint16_t)last);
    return usage();
}

int main(int argc, char **argv)
{
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 0; /* or a number of failures */
    stay_on_this_processor();
    if (seconds > 0 && argc == 3 && strcmp(argv[1], "yardstick") == 0)
        return bench_yardstick(seconds);
    if (seconds > 0 && argc == 3 && strcmp(argv[1], "step") == 0)
        return bench_step(seconds);
    if (seconds > 0 && argc == 4 && strcmp(argv[1], "runtime") == 0)
        return bench_runtime(seconds, argv[3]);
    if (seconds > 0 && argc == 3 && strcmp(argv[1], "pdu") == 0)
        return bench_pdu(seconds);
    if (seconds > 0 && argc == 3 && strcmp(argv[1], "pipe") == 0)
        return bench_pipe(seconds);
    if (seconds > 0 && argc == 4 && strcmp(argv[1], "child") == 0)
        return bench_child(seconds, argv[3]);
    if (argc == 2 && strcmp(argv[1], "shrink") == 0)
        return bench_shrink(FAILURES);
    if (argc == 3 && strcmp(argv[1], "shrink") == 0 && seconds >= 1 && seconds <= (double)FAILURES_MAX)
        return bench_shrink((unsigned)seconds);
    if (argc == 5 || argc == 6)
        return bench_network(argc, argv, seconds);
    return usage();
}
