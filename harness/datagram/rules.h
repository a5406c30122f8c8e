// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DATAGRAM_RULES_H
#define RPCANCEL_DATAGRAM_RULES_H
/*
 * The rules of datagrams: facts that can be checked on the datagrams of calls, and on what an end tells of them.
 * harness/datagram/rules.def is the single source; in the table of rules (rules/rules.h) they are the last ones.
 */
#include "datagram/observer.h"
#include "wire/rules.h"

/* rpcancel_datagram_rule_count returns how many there are, rpcancel_datagram_rule_at one of them. Static storage. */
unsigned rpcancel_datagram_rule_count(void);
const struct rpcancel_rule *rpcancel_datagram_rule_at(unsigned number);

/* rpcancel_datagram_rules sets |*set|, by their numbers here, to those in force under |profile| for whoever has |role|
 * (RPCANCEL_SENDER_CLIENT, …SERVER, …EITHER), of the levels in the mask |levels|. */
void rpcancel_datagram_rules(struct rpcancel_wire_mask *set, enum rpcancel_wire_profile profile,
                             enum rpcancel_pdu_sender role, unsigned levels);

/* rpcancel_datagram_judge applies the rules of |set| to |event| where |observer| stands, before
 * rpcancel_datagram_observe is told. Rules are about whoever sends, or whose end tells. */
struct rpcancel_wire_verdict rpcancel_datagram_judge(const struct rpcancel_wire_mask *set,
                                                     const struct rpcancel_datagram_observer *observer,
                                                     const struct rpcancel_datagram_event *event);

#endif
