// SPDX-License-Identifier: Apache-2.0
#include "check_of_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char life[] = "init a\nget-call-handle a\nstatus b\ncall a\nstatus a\ncomplete a\ndeliver request a\n"
                           "dispatch a @t1\nget-call-handle a @t1\ntest-cancel a @t1\ncancel a\ndeliver cancel a\n"
                           "test-cancel a @t1\ncomplete a @t1\ndeliver reply a\nstatus a\ncomplete a\n";
static const char noisy[] = "init b\ninit a\ncall a\ntest-cancel invalid @w\ndeliver request a\ndispatch a @t1\n"
                            "status b\ncall b\ncancel a\ndeliver request b\ndeliver cancel a\ndispatch b @t2\n"
                            "test-cancel a @t1\n";
static const char aborted[] = "init a\ncall a\ndeliver request a\ndispatch a @t1\ncancel a abort\ncomplete a @t1\n"
                              "settle\nawait a\ncomplete a\n";
static const char silent[] = "init a\nstatus a\n";

const struct rpcancel_catalogue_entry small_catalogue[CATALOGUE_COUNT] = {
    ENTRY("races/aborted.seq", aborted), ENTRY("races/silent.seq", silent), ENTRY("rules/life.seq", life),
    ENTRY("rules/noisy.seq", noisy)};

struct rpcancel_check check;
struct fake_runtime fake;
struct rpcancel_check_options options;

int open_check(void **state)
{
    (void)state;
    options = (struct rpcancel_check_options){.profile = RPCANCEL_PROFILE_DOCUMENTED};
    fake_runtime_open(&fake, NULL, false, 1);
    return 0;
}

int close_check(void **state)
{
    (void)state;
    rpcancel_check_free(&check);
    fake_runtime_close(&fake);
    return 0;
}

void run_check_of(const struct rpcancel_catalogue_entry *catalogue, size_t count, fake_change *change)
{
    fake.change = change;
    assert_int_equal(rpcancel_check_prepare(&check, catalogue, count, &options), RPCANCEL_CHECK_PREPARED);
    rpcancel_check_run(&check, &fake.runtime);
}

void run_check(fake_change *change)
{
    run_check_of(small_catalogue, CATALOGUE_COUNT, change);
}

const struct rpcancel_check_rule *rule(const char *id)
{
    for (size_t i = 0; i < check.rule_count; i++) {
        if (strcmp(rpcancel_rule_at(check.rules[i].index)->id, id) == 0)
            return &check.rules[i];
    }
    fail_msg("%s is not reported", id);
    return NULL;
}

void assert_verdict(const char *id, enum rpcancel_verdict_word verdict)
{
    if (rule(id)->verdict != verdict)
        fail_msg("%s is %s (%s), expected %s", id, rpcancel_verdict_text(rule(id)->verdict), rule(id)->message,
                 rpcancel_verdict_text(verdict));
}

const char *text_of_failure(const char *id)
{
    static char text[1024];
    const struct rpcancel_sequence *sequence = &rule(id)->failure.sequence;
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sequence->count; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s", i ? "; " : "");
        length += rpcancel_operation_print(sequence->items[i].operation, text + length, sizeof text - length);
    }
    return text;
}
