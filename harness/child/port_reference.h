// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CHILD_PORT_REFERENCE_H
#define RPCANCEL_CHILD_PORT_REFERENCE_H
/*
 * What the port to the reference implementation tells besides what child/port.h asks of every port.
 */
#include <stdbool.h>

/* port_hides_delivery tells whether messages arrive unseen and at random, as the arguments of port_start wanted it. */
bool port_hides_delivery(void);

#endif
