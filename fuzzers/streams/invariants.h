// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_INVARIANTS_H
#define RPCANCEL_FUZZERS_STREAMS_INVARIANTS_H
/*
 * What must hold whatever comes in: X(name, sentence), a table for each target. The name begins with that of the
 * target's table and is what findings are told apart by. W… are the statements that docs/serve.md and the headers of
 * src/wire name.
 */
#define RPCANCEL_INVARIANTS_OF_PDU(X)                                                                                \
    X(pdu_length_grows, "The length of a fragment is known with its tenth octet, and more octets do not change it.") \
    X(pdu_length_decides, "Only as many octets as frag_length says are a fragment.")                                 \
    X(pdu_strict_is_lenient, "What a strict reader accepts a lenient one accepts, with the same meaning.")           \
    X(pdu_round_trip, "What was read is written again octet by octet.")                                              \
    X(pdu_size, "rpcancel_pdu_size is the frag_length.")                                                             \
    X(pdu_capacity, "Nothing is written where a fragment does not fit.")                                             \
    X(pdu_complaint, "A complaint is one that this reader has, at an octet of the fragment or its end.")             \
    X(pdu_lists_walk, "A list of contexts or results has as many entries as its count says, and nothing else.")      \
    X(pdu_byte_order, "The same numbers in the other byte order are the same fragment.")

#define RPCANCEL_INVARIANTS_OF_SERVER(X)                                                                              \
    X(server_sends_well_formed, "What is sent is a fragment of a server's that a strict reader accepts.")             \
    X(server_sends_within_size, "Replies are no longer than the bind_ack announced.")                                 \
    X(server_answers_binds, "Answers to a bind come for binds only, once, with a result for each context.")           \
    X(server_cancels_unanswered, "co_cancel and orphaned are not answered (W54, W99).")                               \
    X(server_cancels_stay_open, "co_cancel and orphaned end no association (W130).")                                  \
    X(server_replies_to_calls, "A reply has the call_id and the context of the call it is for.")                      \
    X(server_silent_after_orphaned, "After orphaned nothing is sent for the call (W102).")                            \
    X(server_silent_for_maybe, "A maybe call is not answered, where the profile knows them (W37).")                   \
    X(server_one_outcome, "Each request that is complete is executed or refused, once.")                              \
    X(server_executes_whole, "Only complete requests are executed, with the stub data of their fragments (W101).")    \
    X(server_response_whole, "A response is one first to last fragment with the stub data that was given.")           \
    X(server_fault_status, "A fault has the status that was given, and says nothing else.")                           \
    X(server_counts_cancels, "cancel_count is how many co_cancel came, or 0, as the profile has it (W58, W72).")      \
    X(server_tells_pending, "PENDING_CANCEL is on a reply for a cancel nobody took, where the profile has it (W63).") \
    X(server_delivers_cancels, "Each cancel reaches the call it is for, once (W56, W75, W76).")                       \
    X(server_delivers_orphaned, "Orphaned reaches the call it is for, once.")                                         \
    X(server_fragments_in_order, "A later fragment of nothing ends the association (W33).")                           \
    X(server_one_at_a_time, "Without multiplexing one request is open.")                                              \
    X(server_bounded, "A request in assembly asks for no more than 4 MiB.")                                           \
    X(server_ends_well, "An association ends without a word, or with a fault or a bind_nak.")

#define RPCANCEL_INVARIANTS_OF_CLIENT(X)                                                                               \
    X(client_sends_well_formed, "What is sent is a fragment of a client's that a strict reader accepts.")              \
    X(client_sends_within_size, "Requests are no longer than the server said it takes, or 1432 octets.")               \
    X(client_receives_silently, "Nothing is sent because of what comes in.")                                           \
    X(client_request_whole, "A request is one first to last fragment with the stub data that was given.")              \
    X(client_new_call_ids, "A request has a call_id that was not used before (W25).")                                  \
    X(client_may_call, "Calls can be made exactly while bound, one at a time without multiplexing (W28), 32 with it.") \
    X(client_cancels_open_calls, "One co_cancel is sent for a call that is open, none for others (W41, W43).")         \
    X(client_orphans_open_calls, "One orphaned is sent for a call that is open, none for others (W94, W95).")          \
    X(client_closes_after_orphaned, "After orphaned the connection is closed, unless keeping it was granted (W96).")   \
    X(client_binds_once, "One answer to the bind is told.")                                                            \
    X(client_completes_once, "A call is completed once, while it is open; an orphaned one is not (W93, W97).")         \
    X(client_completes_its_own, "A reply completes the call it is for and no other (W83).")                            \
    X(client_completes_answered, "The last fragment of a reply completes the call.")                                   \
    X(client_response_whole, "A completed call has the stub data of its fragments, or the status of its fault.")       \
    X(client_cancel_pending, "A cancel is pending that the server did not count, or says is pending (W73, W77).")      \
    X(client_loses_all, "When the connection ends every open call ends (W110).")                                       \
    X(client_bounded, "Room is asked for as much stub data as came.")

#define RPCANCEL_INVARIANTS_OF_CAPTURE(X)                                                                        \
    X(capture_frame_within, "What is said of a packet lies in it, and only what it claims is payload.")          \
    X(capture_frame_cut, "Of a packet that is cut nothing else is said than of the whole one, only less.")       \
    X(capture_findings, "A finding names packets that there were, in order, and a rule for the side that sent.") \
    X(capture_pdus_counted, "Each PDU is of a type, and judged by all rules or by some.")                        \
    X(capture_packets_counted, "Each packet is of a kind, and each finding of a rule.")                          \
    X(capture_headers_within, "Octets that are headers of PDUs are octets of their packet.")                     \
    X(capture_redacted, "A packet without what it carries has its headers, and nothing else.")                   \
    X(capture_bounded, "What is held while packets come in has its bounds.")                                     \
    X(capture_releases, "Nothing is held when all is over.")

#define RPCANCEL_INVARIANTS_OF_DATAGRAM(X)                                                                       \
    X(datagram_round_trip, "What was read is written again octet by octet.")                                     \
    X(datagram_size, "rpcancel_datagram_size is what a datagram takes.")                                         \
    X(datagram_capacity, "Nothing is written where a datagram does not fit.")                                    \
    X(datagram_complaint, "A complaint is one that this reader has, at an octet of the datagram or its end.")    \
    X(datagram_strict_is_lenient, "What a strict reader accepts a lenient one accepts, with the same meaning.")  \
    X(datagram_byte_order, "The same numbers in the other byte order are the same datagram.")                    \
    X(datagram_sends_well_formed, "What an end sends is a datagram of its side that a strict reader accepts.")   \
    X(datagram_client_sends_its_own, "A client sends of its activity, and of the call in hand or the last one.") \
    X(datagram_client_new_sequences, "A call has a sequence number that was not used before.")                   \
    X(datagram_client_completes_once, "A call is completed once, while its caller waits for it.")                \
    X(datagram_client_response_whole, "A response has the stub data that came for this call.")                   \
    X(datagram_server_answers_known,                                                                             \
      "A server sends of calls only that it was sent something of, where that came from.")                       \
    X(datagram_server_executes_once,                                                                             \
      "A call that is not idempotent is executed once, with the stub data it came with.")                        \
    X(datagram_server_silent_after_orphaned, "Nothing is answered for a call that was orphaned.")                \
    X(datagram_server_delivers_cancels, "Cancels reach a call that executes, no more than were sent for it.")    \
    X(datagram_timers, "A timer that runs runs out in time to come, within the longest interval.")               \
    X(datagram_rules_of_client, "The client breaks no rule of its profile.")                                     \
    X(datagram_rules_of_server, "The server breaks no rule of its profile.")

enum rpcancel_invariant {
#define RPCANCEL_X(name, text) RPCANCEL_INVARIANT_##name,
    RPCANCEL_INVARIANTS_OF_PDU(RPCANCEL_X) RPCANCEL_INVARIANTS_OF_SERVER(RPCANCEL_X)
        RPCANCEL_INVARIANTS_OF_CLIENT(RPCANCEL_X) RPCANCEL_INVARIANTS_OF_CAPTURE(RPCANCEL_X)
            RPCANCEL_INVARIANTS_OF_DATAGRAM(RPCANCEL_X)
#undef RPCANCEL_X
                RPCANCEL_INVARIANT_COUNT
};

#endif
