// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_MACHINES_H
#define RPCANCEL_MACHINES_H
/*
 * The parts rpcancel_step is made of; internal to the reference implementation. Each function carries out the
 * operations of one actor and has rpcancel_step's contract.
 */
#include "reference.h"

struct rpcancel_answer rpcancel_client_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                            struct rpcancel_operation operation);
struct rpcancel_answer rpcancel_server_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                            struct rpcancel_operation operation);
struct rpcancel_answer rpcancel_network_step(struct rpcancel_world *world, struct rpcancel_operation operation);

/* rpcancel_settle delivers every message on its way, oldest call first. */
void rpcancel_settle(struct rpcancel_world *world);

/* rpcancel_result_code returns the status code |result| (enum rpcancel_call_result) stands for; NONE is 997. */
uint32_t rpcancel_result_code(const struct rpcancel_choices *choices, unsigned result);

/* rpcancel_handle_end moves |handle| to a state in which its call is complete at the client, and announces it. */
void rpcancel_handle_end(struct rpcancel_handle *handle, unsigned result);

/* rpcancel_new_call makes the current call of |lane| one whose request is on its way, and the one before, if it is
 * still alive, the earlier one. False, and nothing is changed, if there is an earlier one already. */
bool rpcancel_new_call(struct rpcancel_world *world, struct rpcancel_lane *lane);

#endif
