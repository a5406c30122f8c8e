// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CAPTURE_PARTS_H
#define RPCANCEL_CAPTURE_PARTS_H
/*
 * The parts of a judge of captures, internal to it: conversations and where they are kept (table.c), segments in order
 * (tcp.c), PDUs out of a stream of octets (stream.c), PDUs judged (dialog.c).
 */
#include "capture/capture.h"

/* Octets of a packet on their way to a stream. */
struct rpcancel_piece {
    const uint8_t *bytes;
    uint32_t size;
    uint32_t offset; /* of the first of them in the packet; from RPCANCEL_FRAME_JOINED on: they are in several */
    uint64_t packet;
    int64_t time;
};

/* One direction of a conversation in DCE/RPC: what is there of the PDU in hand. */
struct rpcancel_stream {
    uint8_t *buffer;       /* NULL: nothing is */
    uint32_t capacity;     /* octets that it has room for */
    uint32_t size;         /* octets of the PDU that are in it */
    uint32_t wanted;       /* its frag_length; 0: not known yet */
    uint32_t skip;         /* octets up to the end of a PDU that cannot be read, since some of it are missing */
    bool is_cut;           /* octets of its stub data are missing, and are zeros here */
    bool is_out_of_step;   /* where the next PDU begins is not known */
    uint64_t first_packet; /* that the PDU began in */
    uint64_t last_packet;  /* that the last octets came in */
    int64_t last_time;
};

enum { RPCANCEL_SIDE_UNKNOWN = 2 };

/* A conversation in DCE/RPC. */
struct rpcancel_dialog {
    struct rpcancel_wire_observer observer;
    struct rpcancel_stream streams[2]; /* by side */
    uint8_t client;                    /* which side is, or RPCANCEL_SIDE_UNKNOWN */
    bool has_start;                    /* the connection was seen from its beginning on */
    bool is_lost;                      /* octets are missing: only what one PDU shows can be judged */
    bool is_authenticated, is_sealed;
    bool was_heard[2]; /* by side: a PDU that could be read */
};

/* One direction of a connection. */
struct rpcancel_tcp_side {
    uint32_t next;  /* the sequence number of the next octet to take in; when |is_known| */
    uint32_t acked; /* up to there the other side has received; when |is_acked| */
    uint32_t fin;   /* where it ends; when |has_fin| */
    bool is_known, is_acked, has_fin, is_ended;
    bool has_data; /* octets of it were taken in, or are missing */
};

/* A segment that waits for others. */
struct rpcancel_held {
    struct rpcancel_held *next;
    uint64_t packet;
    int64_t time;
    uint32_t sequence, acknowledgement;
    uint32_t captured, length, offset;
    uint8_t side;
    bool has_acknowledgement;
    uint8_t bytes[];
};

enum rpcancel_conversation_kind {
    RPCANCEL_CONVERSATION_NEW,    /* what it is in, nothing has shown yet */
    RPCANCEL_CONVERSATION_DIALOG, /* DCE/RPC, or what may be */
    RPCANCEL_CONVERSATION_OTHER,  /* something else: not followed */
    RPCANCEL_CONVERSATION_OVER
};

struct rpcancel_conversation {
    struct rpcancel_conversation *in_bucket;      /* the next one there */
    struct rpcancel_conversation *before, *after; /* in its list, by when they were heard of last */
    struct rpcancel_endpoint ends[2];             /* by side, in the order of their octets */
    struct rpcancel_tcp_side sides[2];
    struct rpcancel_held *held; /* in the order in which they came */
    struct rpcancel_dialog *dialog;
    uint32_t held_count, held_octets;
    uint32_t syn_sequence; /* of the first SYN; when |saw_syn| */
    uint16_t stalled;      /* packets that came since something was missing */
    uint16_t guesses;      /* segments that might have been DCE/RPC and were not */
    uint8_t kind;          /* enum rpcancel_conversation_kind */
    bool saw_syn;
    bool is_start_missing; /* octets are missing from the beginning on */
    bool is_open_start;    /* where a direction begins is not known */
};

/* A list of conversations, those first that were heard of last. */
struct rpcancel_conversation_list {
    struct rpcancel_conversation *first, *last;
    uint32_t count;
};

enum { RPCANCEL_CAPTURE_BUCKETS = 1 << 17, RPCANCEL_CAPTURE_TALLIES = 64 };

/* How often the same rules were decided together; most PDUs are of few kinds. */
struct rpcancel_capture_tally {
    struct rpcancel_wire_mask decided;
    uint64_t times;
};

struct rpcancel_capture {
    struct rpcancel_capture_settings settings;
    struct rpcancel_wire_mask rules; /* in force */
    struct rpcancel_wire_mask alone; /* those of them that look at one PDU by itself */
    struct rpcancel_wire_mask datagram_rules;
    struct rpcancel_capture_counts counts;
    uint64_t decided[RPCANCEL_CAPTURE_RULES_MAX], violated[RPCANCEL_CAPTURE_RULES_MAX];
    struct rpcancel_capture_tally tallies[RPCANCEL_CAPTURE_TALLIES]; /* to be added to |decided| */
    size_t held;                                                     /* octets that wait, in all conversations */
    bool exhausted;
    struct rpcancel_conversation *spare; /* to be used again, by |in_bucket| */
    struct rpcancel_fragments fragments;
    struct rpcancel_capture_activities activities;
    struct rpcancel_conversation_list dialogs, others;
    struct rpcancel_conversation *buckets[RPCANCEL_CAPTURE_BUCKETS];
};

/* ---- table.c ---- */

/* rpcancel_conversation_find returns the conversation of a segment, which is made when there is none, and moves it to
 * the front of its list; |*side| is set to that of the sender. NULL: memory is exhausted. */
struct rpcancel_conversation *rpcancel_conversation_find(struct rpcancel_capture *capture,
                                                         const struct rpcancel_frame *frame, unsigned *side);

/* rpcancel_conversation_begin makes a dialog of it; false without memory. */
bool rpcancel_conversation_begin(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation);

/* rpcancel_conversation_end releases what it has, and leaves it there with |kind|. */
void rpcancel_conversation_end(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation,
                               enum rpcancel_conversation_kind kind);

/* rpcancel_conversation_reset makes it a new one between the same ends. */
void rpcancel_conversation_reset(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation);

/* rpcancel_capture_trim forgets dialogs until what is held has its bounds, |keep| excepted. */
void rpcancel_capture_trim(struct rpcancel_capture *capture, const struct rpcancel_conversation *keep);

/* ---- tcp.c ---- */

/* rpcancel_tcp_take takes a segment of |side| in. */
void rpcancel_tcp_take(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                       const struct rpcancel_frame *frame, const struct rpcancel_capture_packet *packet);

/* rpcancel_tcp_flush takes in what waits, whatever is missing. */
void rpcancel_tcp_flush(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation);

/* rpcancel_tcp_release releases what waits. */
void rpcancel_tcp_release(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation);

/* ---- stream.c ---- */

/* rpcancel_stream_take takes the next octets of |side| off |*piece|; afterwards the conversation may be no dialog any
 * more. */
void rpcancel_stream_take(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                          struct rpcancel_piece *piece);

/* rpcancel_stream_miss tells that the next |size| octets of |side| are missing. */
void rpcancel_stream_miss(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                          uint32_t size);

void rpcancel_stream_release(struct rpcancel_capture *capture, struct rpcancel_stream *stream);

/* ---- dialog.c ---- */

/* rpcancel_dialog_looks_like tells whether |size| octets begin as a PDU does, 16 of them at least. */
bool rpcancel_dialog_looks_like(const uint8_t *bytes, size_t size);

/* rpcancel_dialog_take judges the PDU, or what cannot be one, of |size| octets at |bytes|, whose last octet came in the
 * packet of |piece|. Returns false when the conversation is no DCE/RPC after all. */
bool rpcancel_dialog_take(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                          const uint8_t *bytes, size_t size, const struct rpcancel_piece *piece);

/* rpcancel_dialog_close judges that |side| closed the connection. */
void rpcancel_dialog_close(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side);

/* rpcancel_dialog_count adds up what was decided. */
void rpcancel_dialog_count(struct rpcancel_capture *capture);

/* rpcancel_dialog_lose notes that octets are missing. */
void rpcancel_dialog_lose(struct rpcancel_capture *capture, struct rpcancel_dialog *dialog);

#endif
