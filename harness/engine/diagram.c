// SPDX-License-Identifier: Apache-2.0
#include "engine/diagram.h"

#include <string.h>

#include "rules/tables.h"

enum { CLIENT_TABLE = 0, SERVER_TABLE = 1 };

const char *rpcancel_view_name(enum rpcancel_diagram_view view)
{
    static const char *const names[RPCANCEL_VIEWS] = {"both", "client", "server"};
    return names[view];
}

/* ---- collecting ---- */

static unsigned state_of(enum rpcancel_diagram_view view, const struct rpcancel_observer *observer)
{
    unsigned class = rpcancel_state_class(observer, 0);
    if (view == RPCANCEL_VIEW_CLIENT)
        return class / RPCANCEL_SERVER_ROWS;
    return view == RPCANCEL_VIEW_SERVER ? class % RPCANCEL_SERVER_ROWS : class;
}

void rpcancel_diagram_edge(void *context, const struct rpcancel_edge *edge)
{
    struct rpcancel_diagram *diagram = context;
    unsigned source = state_of(diagram->view, &edge->from->observer);
    unsigned target = state_of(diagram->view, &edge->to->observer);
    diagram->reached[source] = diagram->reached[target] = true;
    diagram->kinds[source][target] |= UINT64_C(1) << edge->operation.kind;
}

/* ---- operations ---- */

/* Words and suffix of a kind; the server's own are told from the client's. */
static void write_kind(unsigned kind, FILE *out)
{
    const struct rpcancel_operation_description *d = rpcancel_operation_describe(kind);
    bool is_server = d->actor == RPCANCEL_ACTOR_SERVER && (d->uses & RPCANCEL_USES_THREAD);
    fprintf(out, "%s%s%s%s", d->words, d->suffix[0] ? " " : "", d->suffix, is_server ? " @" : "");
}

/* Who is shown as the cause: to settle is to have messages arrive. */
static unsigned cause_of(unsigned kind)
{
    unsigned actor = rpcancel_operation_describe(kind)->actor;
    return actor == RPCANCEL_ACTOR_HARNESS ? (unsigned)RPCANCEL_ACTOR_NETWORK : actor;
}

/* Whether an edge is a line in the box of its source instead of an arrow: the client begins anew with the handle, for
 * which there would be arrows all over the picture. */
static bool is_line(const struct rpcancel_diagram *diagram, unsigned source, unsigned target, unsigned cause)
{
    return diagram->view != RPCANCEL_VIEW_BOTH && target < source && cause == RPCANCEL_ACTOR_CLIENT;
}

/* ---- states ---- */

/* A row's name: its short form, then a line for each part of what follows. */
static void write_row_name(const struct rpcancel_table *table, unsigned row, FILE *out)
{
    const char *name = table->row_names[row];
    bool is_short_form = true;
    for (const char *at = name; *at; at++) {
        bool goes_on = at > name && (at[-1] == ',' || at[-1] == ':');
        if (*at == ' ' && is_short_form != goes_on) {
            is_short_form = false;
            fputs("\\n", out);
        } else {
            fputc(*at, out);
        }
    }
}

/* What today's pages say that |column| answers, on a line of its own; nothing where they name no answer. */
static void write_answers(const struct rpcancel_table *table, unsigned row, const char *column, const char *words,
                          FILE *out)
{
    unsigned n = 0;
    while (strcmp(table->column_names[n], column) != 0)
        n++;
    const char *cell = table->cells[row * table->columns + n];
    if (strncmp(cell, "d ", 2) != 0 && strncmp(cell, "i ", 2) != 0)
        return;
    fprintf(out, "\\n%s => ", words);
    for (const char *at = cell + 2; *at && *at != ';'; at++)
        fputs(*at == '!' ? "not " : *at == ',' ? " or " : (const char[]){*at, '\0'}, out);
}

/* The edges that are lines in the box of |state|. */
static void write_lines(const struct rpcancel_diagram *diagram, const struct rpcancel_table *table, unsigned state,
                        FILE *out)
{
    for (unsigned target = 0; target < state; target++) {
        for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
            if (!(diagram->kinds[state][target] >> kind & 1u) || !is_line(diagram, state, target, cause_of(kind)))
                continue;
            fputs("\\n", out);
            write_kind(kind, out);
            fprintf(out, ": to %s", table->row_names[target]);
        }
    }
}

static const char *client_colour(unsigned row)
{
    bool is_cancelled = row == RPCANCEL_K4 || row == RPCANCEL_K5 || row == RPCANCEL_K5T;
    bool is_over = row == RPCANCEL_K6 || row == RPCANCEL_K7 || row == RPCANCEL_KU || row == RPCANCEL_K8;
    return is_cancelled ? "#ffe0b0" : is_over ? "#e0e0e0" : "#ffffff";
}

static const char *server_colour(unsigned row)
{
    bool is_cancelled = row == RPCANCEL_V1C || row == RPCANCEL_V2C;
    bool is_on_its_way = row == RPCANCEL_V1P || row == RPCANCEL_V2P;
    bool is_over = row == RPCANCEL_VD || row == RPCANCEL_VE;
    return is_cancelled ? "#ffe0b0" : is_on_its_way ? "#fff4dc" : is_over ? "#e0e0e0" : "#ffffff";
}

static void write_state(const struct rpcancel_diagram *diagram, unsigned state, FILE *out)
{
    const struct rpcancel_table *client = rpcancel_table_at(CLIENT_TABLE), *server = rpcancel_table_at(SERVER_TABLE);
    const char *colour = "#ffffff";
    fprintf(out, "  s%u [label=\"", state);
    if (diagram->view == RPCANCEL_VIEW_CLIENT) {
        write_row_name(client, state, out);
        write_answers(client, state, "status", "status", out);
        write_answers(client, state, "complete", "complete", out);
        write_lines(diagram, client, state, out);
        colour = client_colour(state);
    } else if (diagram->view == RPCANCEL_VIEW_SERVER) {
        write_row_name(server, state, out);
        write_answers(server, state, "test-cancel, its manager routine or worker", "test-cancel", out);
        write_lines(diagram, server, state, out);
        colour = server_colour(state);
    } else {
        fprintf(out, "%s\\n%s", client->row_names[state / RPCANCEL_SERVER_ROWS],
                server->row_names[state % RPCANCEL_SERVER_ROWS]);
    }
    fprintf(out, "\", fillcolor=\"%s\"%s];\n", colour, state == 0 ? ", penwidth=2.5" : "");
}

/* ---- edges ---- */

/* The operations of one cause that lead from |source| to |target|, as one edge. */
static void write_edge(const struct rpcancel_diagram *diagram, unsigned source, unsigned target, unsigned cause,
                       FILE *out)
{
    static const char *const looks[] = {
        [RPCANCEL_ACTOR_CLIENT] = "color=\"#1048c0\", fontcolor=\"#1048c0\"",
        [RPCANCEL_ACTOR_SERVER] = "color=\"#007030\", fontcolor=\"#007030\"",
        [RPCANCEL_ACTOR_NETWORK] = "style=dashed, color=\"#505050\", fontcolor=\"#303030\"",
    };
    bool has_any = false;
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (!(diagram->kinds[source][target] >> kind & 1u) || cause_of(kind) != cause)
            continue;
        if (!has_any)
            fprintf(out, "  s%u -> s%u [%s, label=\"", source, target, looks[cause]);
        has_any = true;
        write_kind(kind, out);
        fputs("\\n", out);
    }
    if (has_any)
        fprintf(out, "\"];\n");
}

static void write_edges_between(const struct rpcancel_diagram *diagram, unsigned source, unsigned target, FILE *out)
{
    static const unsigned causes[] = {RPCANCEL_ACTOR_CLIENT, RPCANCEL_ACTOR_SERVER, RPCANCEL_ACTOR_NETWORK};
    if (source == target || diagram->kinds[source][target] == 0)
        return;
    for (unsigned i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if (!is_line(diagram, source, target, causes[i]))
            write_edge(diagram, source, target, causes[i], out);
    }
}

static void write_head(enum rpcancel_diagram_view view, FILE *out)
{
    static const char *const titles[RPCANCEL_VIEWS] = {"One call as both ends see it", "One call as its client sees it",
                                                       "One call as its server sees it"};
    fprintf(
        out,
        "digraph %s {\n"
        "  rankdir=LR;\n"
        "  nodesep=0.4;\n"
        "  node [shape=box, style=\"rounded,filled\", fontname=\"Arial,Helvetica,sans-serif\", fontsize=12];\n"
        "  edge [fontname=\"Arial,Helvetica,sans-serif\", fontsize=10];\n"
        "  graph [fontname=\"Arial,Helvetica,sans-serif\", fontsize=12];\n"
        "  label=\"\\n%s. Blue: what the client's program does; green: what the server's does; dashed: what arrives. "
        "After =>: what the function answers there.\";\n",
        rpcancel_view_name(view), titles[view]);
}

void rpcancel_diagram_write(const struct rpcancel_diagram *diagram, FILE *out)
{
    write_head(diagram->view, out);
    for (unsigned state = 0; state < RPCANCEL_STATE_CLASSES; state++) {
        if (diagram->reached[state])
            write_state(diagram, state, out);
    }
    for (unsigned source = 0; source < RPCANCEL_STATE_CLASSES; source++) {
        for (unsigned target = 0; target < RPCANCEL_STATE_CLASSES; target++)
            write_edges_between(diagram, source, target, out);
    }
    fprintf(out, "}\n");
}
