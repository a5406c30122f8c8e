// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "report/rules_report.h"
#include "survey/question.h"
#include "rules/tables.h"
#include "datagram/rules.h"
#include "wire/rules.h"

/* Text inside a table: the characters that mean something there are escaped. */
static void put_cell(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (*text == '|')
            fputc('\\', out);
        fputc(*text, out);
    }
}

/* The names of the profiles in |mask|, of |count| that |name| names; "all" for all. */
static void put_profiles(unsigned mask, unsigned count, const char *(*name)(unsigned profile), FILE *out)
{
    unsigned all = (1u << count) - 1;
    if ((mask & all) == all) {
        fprintf(out, "all");
        return;
    }
    const char *separator = "";
    for (unsigned profile = 0; profile < count; profile++) {
        if (!(mask >> profile & 1u))
            continue;
        fprintf(out, "%s%s", separator, name(profile));
        separator = ", ";
    }
}

static const char *name_of_profile(unsigned profile)
{
    return rpcancel_profile_name((enum rpcancel_profile)profile);
}

static const char *name_of_wire_profile(unsigned profile)
{
    return rpcancel_wire_profile_name((enum rpcancel_wire_profile)profile);
}

static void put_rule(const struct rpcancel_rule *rule, FILE *out)
{
    static const char *const roles[] = {[RPCANCEL_SENDER_CLIENT] = "client",
                                        [RPCANCEL_SENDER_SERVER] = "server",
                                        [RPCANCEL_SENDER_EITHER] = "client and server"};
    fprintf(out, "### %s\n\n%s\n\n", rule->id, rule->text);
    fprintf(out, "- Level: %s%s; profiles: ", rpcancel_level_name((enum rpcancel_level)rule->level),
            rule->unverified ? ", *unverified*" : "");
    if (rpcancel_rule_is_of_wire(rule))
        put_profiles(rule->wire_profiles, RPCANCEL_WIRE_PROFILES, name_of_wire_profile, out);
    else
        put_profiles(rule->profiles, RPCANCEL_PROFILES, name_of_profile, out);
    fprintf(out, "; since %s\n", rule->since);
    if (rpcancel_rule_is_of_wire(rule))
        fprintf(out, "- Judges: %s; %s%s\n", roles[rule->roles], rule->function,
                rule->protocol_sequences == 1 << RPCANCEL_NCACN_HTTP ? "; over ncacn_http only" : "");
    fprintf(out, "- Source: %s\n", rule->source);
    if (rule->statements[0])
        fprintf(out, "- Statements: %s\n", rule->statements);
    fputc('\n', out);
}

static void put_rules(FILE *out)
{
    const char *function = "";
    fprintf(out, "## Rules\n\n");
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        if (strcmp(function, rule->function) != 0)
            fprintf(out, "*Answers of: %s*\n\n", rule->function);
        function = rule->function;
        put_rule(rule, out);
    }
}

static void put_wire_rules(FILE *out)
{
    fprintf(out,
            "## Rules of the wire\n\n"
            "They judge the PDUs of one association, in live runs and in captures alike, and look at nothing else. A\n"
            "rule is about one side, the client or the server, and in force under the profiles of the wire that it\n"
            "names. *Unverified*: nobody here has read the text that the id names; the rule follows what its source\n"
            "says of it. That a server did *not* answer is decided once it answers something that was sent later:\n"
            "that shows in which order it read, not when a manager routine was entered.\n\n");
    for (unsigned i = 0; i < rpcancel_wire_rule_count(); i++)
        put_rule(rpcancel_wire_rule_at(i), out);
}

static void put_datagram_rules(FILE *out)
{
    fprintf(
        out,
        "## Rules of datagrams\n\n"
        "They judge calls over ncadg_ip_udp by what passes one place, and by what an end tells that is under control\n"
        "(docs/datagrams.md): what its caller asked for, how a call ended, which cancels reached the manager routine.\n"
        "Datagrams are lost, doubled and overtake each other; a rule that needs an order or an end says so by not "
        "being\n"
        "decided without. A runtime without datagrams is not judged by them.\n\n");
    for (unsigned i = 0; i < rpcancel_datagram_rule_count(); i++)
        put_rule(rpcancel_datagram_rule_at(i), out);
}

static void put_table(const struct rpcancel_table *table, FILE *out)
{
    fprintf(out, "### %s\n\n|", table->title);
    for (unsigned column = 0; column < table->columns; column++) {
        fprintf(out, " | ");
        put_cell(table->column_names[column], out);
    }
    fprintf(out, " |\n|---");
    for (unsigned column = 0; column < table->columns; column++)
        fprintf(out, "|---");
    fprintf(out, "|\n");
    for (unsigned row = 0; row < table->rows; row++) {
        fprintf(out, "| ");
        put_cell(table->row_names[row], out);
        for (unsigned column = 0; column < table->columns; column++) {
            fprintf(out, " | ");
            put_cell(table->cells[row * table->columns + column], out);
        }
        fprintf(out, " |\n");
    }
    fputc('\n', out);
}

/* The questions of `rpcancel survey` about a statement, behind a list of rules or a reason, which is a sentence. */
static void put_questions(const struct rpcancel_statement *statement, FILE *out)
{
    size_t cursor = 0;
    const char *separator = statement->as == RPCANCEL_AS_RULE ? "; asked: " : " Asked: ";
    for (const char *id; (id = rpcancel_question_asked(statement->id, &cursor)); separator = ", ")
        fprintf(out, "%s%s", separator, id);
}

static void put_statements(FILE *out)
{
    fprintf(out, "## Statements\n\n"
                 "Every statement of the fact sheets (N: the API, W: the wire) and what became of it: rules that judge "
                 "it, or why none does; and what "
                 "`rpcancel survey` asks about it.\n\n"
                 "| Statement | In a few words | Became |\n|---|---|---|\n");
    for (unsigned i = 0; i < rpcancel_statement_count(); i++) {
        const struct rpcancel_statement *statement = rpcancel_statement_at(i);
        fprintf(out, "| %s | ", statement->id);
        put_cell(statement->text, out);
        fprintf(out, " | ");
        if (statement->as != RPCANCEL_AS_RULE)
            fprintf(out, "%s: ", rpcancel_statement_as_name(statement->as));
        put_cell(statement->reason, out);
        const char *separator = "";
        for (unsigned rule = 0; rule < rpcancel_rule_all(); rule++) {
            if (!rpcancel_rule_names_statement(rule, statement->id))
                continue;
            fprintf(out, "%s%s", separator, rpcancel_rule_at(rule)->id);
            separator = ", ";
        }
        put_questions(statement, out);
        fprintf(out, " |\n");
    }
}

void rpcancel_rules_markdown(FILE *out)
{
    fprintf(out,
            "# Rules\n\n"
            "<!-- Written by `rpcancel rules --markdown docs/rules.md`; change harness/rules/ instead. -->\n\n"
            "Each rule is one documented fact that can be checked on an answer, or on the wire. Levels: *must*, a "
            "current page says "
            "it; *implied*, it\nfollows from documented facts; *should*, it is recommended; *historical*, only an "
            "older edition says it; *observed*, seen\non a real runtime and documented nowhere. A rule is in force "
            "only under the profiles it names.\n\n");
    put_rules(out);
    fprintf(
        out,
        "## State × operation tables\n\n"
        "A second reading of the documents, apart from the rules; exhaustive search holds the two against each other.\n"
        "A cell is a mark and the answers it allows, or several for different profiles: *d* documented, *i* implied,\n"
        "*98* documented in 1998 only, *o* observed on Windows, *>* a documented change without a return code, *s*\n"
        "silent, *c* contradicting, *u* undefined, *f* forbidden with unknown result. `!` means anything but what\n"
        "follows, X the code the server ended with, L a communication failure (1722, 1726, 1727, 1820).\n\n");
    for (unsigned i = 0; i < rpcancel_table_count(); i++)
        put_table(rpcancel_table_at(i), out);
    put_wire_rules(out);
    put_datagram_rules(out);
    put_statements(out);
}

void rpcancel_rules_terminal(FILE *out)
{
    for (unsigned i = 0; i < rpcancel_rule_all(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        fprintf(out, "%-27s %-10s %s%s\n", rule->id, rpcancel_level_name((enum rpcancel_level)rule->level), rule->text,
                rule->unverified ? " [unverified]" : "");
    }
}
