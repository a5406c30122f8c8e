// SPDX-License-Identifier: Apache-2.0
#include "report/coverage_report.h"

#include <inttypes.h>

#include "engine/catalogue.h"
#include "report/json_print.h"
#include "report/report.h"

enum { TEXT_MAX = RPCANCEL_COVERAGE_PATH_MAX * RPCANCEL_OPERATION_TEXT_MAX };

static const char *const figure_names[RPCANCEL_FIGURES] = {"states", "edges", "pairs", "rules"};

const char *rpcancel_coverage_figure_name(enum rpcancel_coverage_figure figure)
{
    return figure_names[figure];
}

static struct rpcancel_coverage_ratio ratio_of(const struct rpcancel_covered *covered, unsigned part)
{
    return (struct rpcancel_coverage_ratio){covered->count[part], covered->map->total[part]};
}

struct rpcancel_coverage_ratio rpcancel_coverage_figure(const struct rpcancel_covered *covered,
                                                        enum rpcancel_coverage_figure figure)
{
    static const enum rpcancel_coverage_part parts[] = {[RPCANCEL_FIGURE_STATES] = RPCANCEL_COVERS_STATE,
                                                        [RPCANCEL_FIGURE_EDGES] = RPCANCEL_COVERS_EDGE,
                                                        [RPCANCEL_FIGURE_PAIRS] = RPCANCEL_COVERS_PAIR};
    if (figure == RPCANCEL_FIGURE_RULES)
        return (struct rpcancel_coverage_ratio){rpcancel_covered_rules(covered), rpcancel_rule_count()};
    return ratio_of(covered, parts[figure]);
}

void rpcancel_coverage_line(const struct rpcancel_covered *covered, FILE *out)
{
    for (unsigned figure = 0; figure < RPCANCEL_FIGURES; figure++) {
        struct rpcancel_coverage_ratio ratio = rpcancel_coverage_figure(covered, (enum rpcancel_coverage_figure)figure);
        fprintf(out, "%s%s %" PRIu32 " of %" PRIu32, figure ? ", " : "", figure_names[figure], ratio.covered,
                ratio.total);
    }
}

/* ---- what is missing ---- */

static unsigned profile_of(unsigned part)
{
    return part - (unsigned)RPCANCEL_COVERS_RULE;
}

static const char *part_name(unsigned part)
{
    static const char *const names[] = {"states", "edges", "pairs"};
    return part < RPCANCEL_COVERS_RULE ? names[part] : "rules";
}

static void describe(const struct rpcancel_coverage_map *map, uint32_t item, char out[TEXT_MAX])
{
    struct rpcancel_operation path[RPCANCEL_COVERAGE_PATH_MAX];
    unsigned length = rpcancel_coverage_reach(map, item, path);
    size_t used = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < length; i++) {
        used += (size_t)snprintf(out + used, TEXT_MAX - used, "%s", i ? "; " : "");
        used += rpcancel_operation_print(path[i], out + used, TEXT_MAX - used);
    }
}

/* Calls |show| for the first missing items of |part|, up to the limit; returns how many more there are. */
static uint32_t each_missing(const struct rpcancel_coverage_report *report, unsigned part,
                             void (*show)(void *context, unsigned part, const char *rule, const char *sequence),
                             void *context)
{
    const struct rpcancel_coverage_map *map = report->covered->map;
    uint32_t missing = map->total[part] - report->covered->count[part], shown = 0;
    uint32_t item = rpcancel_covered_next(report->covered, map->begin[part]);
    for (; shown < report->limit && item < map->begin[part + 1]; shown++) {
        char text[TEXT_MAX];
        bool is_rule = part >= RPCANCEL_COVERS_RULE;
        describe(map, item, text);
        show(context, part, is_rule ? rpcancel_rule_at(item - map->begin[part])->id : NULL, text);
        item = rpcancel_covered_next(report->covered, item + 1);
    }
    return missing - shown;
}

static void print_missing(void *context, unsigned part, const char *rule, const char *sequence)
{
    FILE *out = context;
    if (rule)
        fprintf(out, "  %s (%s): ", rule, rpcancel_profile_name((enum rpcancel_profile)profile_of(part)));
    else
        fputs("  ", out);
    fprintf(out, "%s\n", sequence[0] ? sequence : "no sequence of one call is known to decide it");
}

static void list_missing(const struct rpcancel_coverage_report *report, FILE *out)
{
    static const char *const titles[] = {
        "states not reached: the last operation leads there", "edges not gone: the last operation, where it stands",
        "pairs not met: the last operation, as the two calls stand", "rules not decided: the last operation does"};
    for (unsigned part = 0; part < RPCANCEL_COVERAGE_PARTS; part++) {
        if (report->covered->count[part] == report->covered->map->total[part])
            continue;
        fprintf(out, "%s\n", titles[part < RPCANCEL_COVERS_RULE ? part : RPCANCEL_COVERS_RULE]);
        uint32_t more = each_missing(report, part, print_missing, out);
        if (more > 0)
            fprintf(out, "  and %" PRIu32 " more\n", more);
    }
    fputc('\n', out);
}

/* ---- for people ---- */

/* Hundredths of a percent, rounded down: 100.00 means all. */
static unsigned hundredths(struct rpcancel_coverage_ratio ratio)
{
    return ratio.total ? (unsigned)((uint64_t)ratio.covered * 10000 / ratio.total) : 10000;
}

static void print_row(const char *what, struct rpcancel_coverage_ratio ratio, FILE *out)
{
    unsigned share = hundredths(ratio);
    fprintf(out, "%-26s %8" PRIu32 " %8" PRIu32 " %5u.%02u\n", what, ratio.covered, ratio.total, share / 100,
            share % 100);
}

void rpcancel_coverage_terminal(const struct rpcancel_coverage_report *report, FILE *out)
{
    const struct rpcancel_covered *covered = report->covered;
    if (report->missing)
        list_missing(report, out);
    fprintf(out, "%-26s %8s %8s %8s\n", "", "covered", "of", "%");
    print_row("states of one call", ratio_of(covered, RPCANCEL_COVERS_STATE), out);
    print_row("edges of one call", ratio_of(covered, RPCANCEL_COVERS_EDGE), out);
    print_row("pairs of two calls", ratio_of(covered, RPCANCEL_COVERS_PAIR), out);
    for (unsigned profile = 0; profile < RPCANCEL_PROFILES; profile++) {
        char what[64];
        snprintf(what, sizeof what, "rules, %s", rpcancel_profile_name((enum rpcancel_profile)profile));
        print_row(what, ratio_of(covered, RPCANCEL_COVERS_RULE + profile), out);
    }
    fprintf(out, "%zu sequence%s, %" PRIu64 " operation%s", report->sequences, report->sequences == 1 ? "" : "s",
            report->operations, report->operations == 1 ? "" : "s");
    if (report->idle > 0)
        fprintf(out, "; in %zu no operation happens", report->idle);
    fputc('\n', out);
}

/* ---- for programs ---- */

static void add_ratio(cJSON *object, const char *name, struct rpcancel_coverage_ratio ratio)
{
    cJSON *row = cJSON_AddObjectToObject(object, name);
    cJSON_AddNumberToObject(row, "covered", ratio.covered);
    cJSON_AddNumberToObject(row, "of", ratio.total);
}

static void add_missing(void *context, unsigned part, const char *rule, const char *sequence)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "kind", part_name(part));
    if (rule) {
        cJSON_AddStringToObject(object, "rule", rule);
        cJSON_AddStringToObject(object, "profile", rpcancel_profile_name((enum rpcancel_profile)profile_of(part)));
    }
    cJSON_AddStringToObject(object, "sequence", sequence);
    cJSON_AddItemToArray(context, object);
}

bool rpcancel_coverage_json(const struct rpcancel_coverage_report *report, FILE *out)
{
    cJSON *root = rpcancel_json_root();
    cJSON_AddStringToObject(root, "catalogue", rpcancel_catalogue_id);
    cJSON_AddNumberToObject(root, "sequences", (double)report->sequences);
    cJSON_AddNumberToObject(root, "idle", (double)report->idle);
    cJSON_AddNumberToObject(root, "operations", (double)report->operations);
    cJSON *coverage = cJSON_AddObjectToObject(root, "coverage");
    for (unsigned figure = 0; figure < RPCANCEL_FIGURES; figure++)
        add_ratio(coverage, figure_names[figure],
                  rpcancel_coverage_figure(report->covered, (enum rpcancel_coverage_figure)figure));
    cJSON *profiles = cJSON_AddObjectToObject(root, "rules");
    for (unsigned profile = 0; profile < RPCANCEL_PROFILES; profile++)
        add_ratio(profiles, rpcancel_profile_name((enum rpcancel_profile)profile),
                  ratio_of(report->covered, RPCANCEL_COVERS_RULE + profile));
    if (report->missing) {
        cJSON *missing = cJSON_AddArrayToObject(root, "missing");
        for (unsigned part = 0; part < RPCANCEL_COVERAGE_PARTS; part++)
            each_missing(report, part, add_missing, missing);
    }
    return rpcancel_json_print(root, out);
}
