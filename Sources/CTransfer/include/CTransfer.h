#ifndef CTRANSFER_H
#define CTRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// HTTP by the system's libcurl, which is loaded when it is first needed.
///
/// A connection carries one GET request at a time. The caller asks for what comes next, so nothing
/// is read faster than it is used. Nothing is decoded, no redirect is followed, no challenge is
/// answered, and no protocol but HTTP and HTTPS is spoken.
typedef struct ct_connection ct_connection;

typedef enum {
  /// The head of the answer is whole; ct_status and ct_fields tell it.
  CT_HEAD,
  /// Bytes of the body came; ct_bytes and ct_count are them until the next call.
  CT_BODY,
  /// The answer is whole.
  CT_END,
  /// There was no whole answer; ct_failure tells why.
  CT_FAILED,
} ct_event;

/// Returns a connection, or NULL where there is no libcurl; ct_close it.
ct_connection *ct_open(void);
void ct_close(ct_connection *connection);

/// Begins a GET request; what was in progress is given up.
///
/// `fields` are "Name: value" lines, each ended by "\n". After `patience` seconds with less than
/// `slowest` bytes a second, or without a head, the request fails.
bool ct_begin(
  ct_connection *connection, const char *url, const char *fields, long patience, long slowest);

/// Waits for what comes next.
ct_event ct_next(ct_connection *connection);

/// Forgets the request in progress; the rest of its answer is not wanted.
void ct_end(ct_connection *connection);

/// Gives up the request in progress and all later ones, which fail; any thread may.
void ct_cancel(ct_connection *connection);

long ct_status(const ct_connection *connection);
/// The answer's head as it came, at most 256 KiB.
const char *ct_fields(const ct_connection *connection);
const uint8_t *ct_bytes(const ct_connection *connection);
size_t ct_count(const ct_connection *connection);
const char *ct_failure(const ct_connection *connection);

#endif
