// SPDX-License-Identifier: Apache-2.0
#include "engine/diagram.h"

#include "rules/judge.h"

static const char *const client_names[RPCANCEL_CLIENT_ROWS] = {
    "K0", "K0 corrupted", "K1", "K2x", "K3", "K4", "K5", "K5 notified", "K6", "K7", "K6/7 reserved", "K8"};
static const char *const server_names[RPCANCEL_SERVER_ROWS] = {
    "V0", "V1", "V1 cancel on its way", "V1c", "V2", "V2 cancel on its way", "V2c", "Vd", "V3-5"};

static unsigned state_of(const struct rpcancel_observer *observer)
{
    struct rpcancel_situation client, server;
    rpcancel_situate(&client, observer, (struct rpcancel_operation){.kind = RPCANCEL_OP_STATUS});
    rpcancel_situate(&server, observer, (struct rpcancel_operation){.kind = RPCANCEL_OP_TEST_CANCEL});
    return client.client * (unsigned)RPCANCEL_SERVER_ROWS + server.server;
}

void rpcancel_diagram_edge(void *context, const struct rpcancel_edge *edge)
{
    struct rpcancel_diagram *diagram = context;
    unsigned source = state_of(&edge->from->observer);
    unsigned target = state_of(&edge->to->observer);
    diagram->reached[source] = diagram->reached[target] = true;
    diagram->kinds[source][target] |= UINT64_C(1) << edge->operation.kind;
}

/* Words and suffix of a kind, as a line of an edge's label; the server's own are told from the client's. */
static void write_kind(unsigned kind, FILE *out)
{
    const struct rpcancel_operation_description *d = rpcancel_operation_describe(kind);
    bool is_server = d->actor == RPCANCEL_ACTOR_SERVER && (d->uses & RPCANCEL_USES_THREAD);
    fprintf(out, "%s%s%s%s\\n", d->words, d->suffix[0] ? " " : "", d->suffix, is_server ? " @" : "");
}

static void write_edge(const struct rpcancel_diagram *diagram, unsigned source, unsigned target, FILE *out)
{
    uint64_t kinds = diagram->kinds[source][target];
    if (kinds == 0 || source == target)
        return;
    fprintf(out, "  s%u -> s%u [label=\"", source, target);
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (kinds >> kind & 1u)
            write_kind(kind, out);
    }
    fprintf(out, "\"];\n");
}

void rpcancel_diagram_write(const struct rpcancel_diagram *diagram, FILE *out)
{
    fprintf(out, "digraph cancel {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=Helvetica];\n"
                 "  edge [fontname=Helvetica, fontsize=9];\n");
    for (unsigned state = 0; state < RPCANCEL_DIAGRAM_STATES; state++) {
        if (diagram->reached[state])
            fprintf(out, "  s%u [label=\"%s\\n%s\"];\n", state, client_names[state / RPCANCEL_SERVER_ROWS],
                    server_names[state % RPCANCEL_SERVER_ROWS]);
    }
    for (unsigned source = 0; source < RPCANCEL_DIAGRAM_STATES; source++) {
        for (unsigned target = 0; target < RPCANCEL_DIAGRAM_STATES; target++)
            write_edge(diagram, source, target, out);
    }
    fprintf(out, "}\n");
}
