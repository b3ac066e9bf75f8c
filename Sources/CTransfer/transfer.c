#define _GNU_SOURCE

#include "CTransfer.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// MARK: libcurl

// The numbers and the one structure below are part of libcurl's binary interface, which has kept
// them since version 7; so its headers need not be installed.

enum {
  OPT_TIMEOUT = 13,
  OPT_LOW_SPEED_LIMIT = 19,
  OPT_LOW_SPEED_TIME = 20,
  OPT_NOPROGRESS = 43,
  OPT_FOLLOWLOCATION = 52,
  OPT_CONNECTTIMEOUT = 78,
  OPT_HTTPGET = 80,
  OPT_NOSIGNAL = 99,
  OPT_PROTOCOLS = 181,
  OPT_WRITEDATA = 10001,
  OPT_URL = 10002,
  OPT_ERRORBUFFER = 10010,
  OPT_HTTPHEADER = 10023,
  OPT_HEADERDATA = 10029,
  OPT_WRITEFUNCTION = 20011,
  OPT_HEADERFUNCTION = 20079,
};

enum { PROTOCOL_HTTP = 1, PROTOCOL_HTTPS = 2 };
enum { INFO_RESPONSE_CODE = 0x200002 };
enum { GLOBAL_ALL = 3 };
enum { ERROR_BYTES = 256 };
enum { MESSAGE_DONE = 1 };
enum { RESULT_TIMED_OUT = 28 };

typedef struct {
  int kind;
  void *easy;
  union {
    void *whatever;
    int result;
  } data;
} message;

static struct {
  int (*global_init)(long);
  void *(*easy_init)(void);
  void (*easy_cleanup)(void *);
  void (*easy_reset)(void *);
  int (*easy_setopt)(void *, int, ...);
  int (*easy_getinfo)(void *, int, ...);
  const char *(*easy_strerror)(int);
  void *(*slist_append)(void *, const char *);
  void (*slist_free_all)(void *);
  void *(*multi_init)(void);
  int (*multi_cleanup)(void *);
  int (*multi_add_handle)(void *, void *);
  int (*multi_remove_handle)(void *, void *);
  int (*multi_perform)(void *, int *);
  int (*multi_poll)(void *, void *, unsigned int, int, int *);
  int (*multi_wakeup)(void *);
  message *(*multi_info_read)(void *, int *);
  bool is_loaded;
} curl;

static void load(void) {
  static const char *const names[] = {
    "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib", "/usr/lib/libcurl.4.dylib",
  };
  void *library = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && library == NULL; i++) {
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  if (library == NULL) return;
  bool all = true;
#define FIND(name) \
  do { \
    void *symbol = dlsym(library, "curl_" #name); \
    all = all && symbol != NULL; \
    memcpy(&curl.name, &symbol, sizeof symbol); \
  } while (0)
  FIND(global_init);
  FIND(easy_init);
  FIND(easy_cleanup);
  FIND(easy_reset);
  FIND(easy_setopt);
  FIND(easy_getinfo);
  FIND(easy_strerror);
  FIND(slist_append);
  FIND(slist_free_all);
  FIND(multi_init);
  FIND(multi_cleanup);
  FIND(multi_add_handle);
  FIND(multi_remove_handle);
  FIND(multi_perform);
  FIND(multi_poll);
  FIND(multi_wakeup);
  FIND(multi_info_read);
#undef FIND
  curl.is_loaded = all && curl.global_init(GLOBAL_ALL) == 0;
}

static bool is_loaded(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return curl.is_loaded;
}

// MARK: Connections

enum { LONGEST_HEAD = 256 << 10, LONGEST_BODY = 32 << 20 };

typedef struct {
  uint8_t *bytes;
  size_t count;
  size_t room;
} buffer;

struct ct_connection {
  void *easy;
  void *multi;
  void *fields;
  bool is_running;
  /// Whether the head of the present answer has ended and was told.
  bool head_ended;
  bool head_told;
  /// Whether the caller has seen what `body` holds.
  bool body_told;
  bool is_over;
  int result;
  atomic_bool is_cancelled;
  /// When the request fails for want of a head, in seconds of the monotonic clock.
  double deadline;
  buffer head;
  buffer body;
  char failure[ERROR_BYTES];
};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static bool append(buffer *buffer, const void *bytes, size_t count, size_t longest) {
  if (count > longest || buffer->count > longest - count) return false;
  size_t needed = buffer->count + count + 1;
  if (needed > buffer->room) {
    size_t room = needed < 4096 ? 4096 : 2 * needed;
    uint8_t *grown = realloc(buffer->bytes, room);
    if (grown == NULL) return false;
    buffer->bytes = grown;
    buffer->room = room;
  }
  memcpy(buffer->bytes + buffer->count, bytes, count);
  buffer->count += count;
  buffer->bytes[buffer->count] = 0;
  return true;
}

static size_t receive_head(char *bytes, size_t size, size_t count, void *context) {
  ct_connection *connection = context;
  size_t length = size * count;
  // An interim answer, such as 100, is followed by another head.
  if (length >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
    connection->head.count = 0;
    connection->head_ended = false;
  }
  // Lines after the body are none of the head's.
  if (connection->head_ended) return length;
  if (!append(&connection->head, bytes, length, LONGEST_HEAD)) {
    snprintf(connection->failure, sizeof connection->failure, "the answer's head is too long");
    return 0;
  }
  if (length <= 2 && (bytes[0] == '\r' || bytes[0] == '\n')) connection->head_ended = true;
  return length;
}

static size_t receive_body(char *bytes, size_t size, size_t count, void *context) {
  ct_connection *connection = context;
  size_t length = size * count;
  connection->head_ended = true;
  return append(&connection->body, bytes, length, LONGEST_BODY) ? length : 0;
}

ct_connection *ct_open(void) {
  if (!is_loaded()) return NULL;
  ct_connection *connection = calloc(1, sizeof *connection);
  if (connection == NULL) return NULL;
  atomic_init(&connection->is_cancelled, false);
  connection->easy = curl.easy_init();
  connection->multi = curl.multi_init();
  if (connection->easy == NULL || connection->multi == NULL) {
    ct_close(connection);
    return NULL;
  }
  return connection;
}

static void give_up(ct_connection *connection) {
  if (connection->is_running) curl.multi_remove_handle(connection->multi, connection->easy);
  connection->is_running = false;
  if (connection->fields != NULL) curl.slist_free_all(connection->fields);
  connection->fields = NULL;
}

void ct_end(ct_connection *connection) { give_up(connection); }

void ct_close(ct_connection *connection) {
  if (connection == NULL) return;
  give_up(connection);
  if (connection->easy != NULL) curl.easy_cleanup(connection->easy);
  if (connection->multi != NULL) curl.multi_cleanup(connection->multi);
  free(connection->head.bytes);
  free(connection->body.bytes);
  free(connection);
}

static bool add_fields(ct_connection *connection, const char *fields) {
  while (*fields != 0) {
    size_t length = strcspn(fields, "\n");
    char *line = strndup(fields, length);
    void *list = line == NULL ? NULL : curl.slist_append(connection->fields, line);
    free(line);
    if (list == NULL) return false;
    connection->fields = list;
    fields += length + (fields[length] == '\n' ? 1 : 0);
  }
  return true;
}

bool ct_begin(
  ct_connection *connection, const char *url, const char *fields, long patience, long slowest
) {
  give_up(connection);
  curl.easy_reset(connection->easy);
  connection->head.count = 0;
  connection->body.count = 0;
  connection->head_ended = false;
  connection->head_told = false;
  connection->body_told = false;
  connection->is_over = false;
  connection->failure[0] = 0;
  connection->deadline = now() + (double)patience;
  void *easy = connection->easy;
  bool is_set = add_fields(connection, fields)
    && curl.easy_setopt(easy, OPT_URL, url) == 0
    && curl.easy_setopt(easy, OPT_PROTOCOLS, (long)(PROTOCOL_HTTP | PROTOCOL_HTTPS)) == 0
    && curl.easy_setopt(easy, OPT_FOLLOWLOCATION, 0L) == 0
    && curl.easy_setopt(easy, OPT_HTTPGET, 1L) == 0
    && curl.easy_setopt(easy, OPT_NOSIGNAL, 1L) == 0
    && curl.easy_setopt(easy, OPT_NOPROGRESS, 1L) == 0
    && curl.easy_setopt(easy, OPT_CONNECTTIMEOUT, patience) == 0
    && curl.easy_setopt(easy, OPT_LOW_SPEED_LIMIT, slowest) == 0
    && curl.easy_setopt(easy, OPT_LOW_SPEED_TIME, patience) == 0
    && curl.easy_setopt(easy, OPT_HTTPHEADER, connection->fields) == 0
    && curl.easy_setopt(easy, OPT_ERRORBUFFER, connection->failure) == 0
    && curl.easy_setopt(easy, OPT_HEADERFUNCTION, receive_head) == 0
    && curl.easy_setopt(easy, OPT_HEADERDATA, connection) == 0
    && curl.easy_setopt(easy, OPT_WRITEFUNCTION, receive_body) == 0
    && curl.easy_setopt(easy, OPT_WRITEDATA, connection) == 0;
  connection->is_running =
    is_set && curl.multi_add_handle(connection->multi, connection->easy) == 0;
  return connection->is_running;
}

static ct_event fail(ct_connection *connection, const char *reason) {
  if (connection->failure[0] == 0) {
    snprintf(connection->failure, sizeof connection->failure, "%s", reason);
  }
  give_up(connection);
  return CT_FAILED;
}

/// Moves the transfer on once, waiting a little if nothing has come.
static bool step(ct_connection *connection) {
  int running = 0;
  if (curl.multi_perform(connection->multi, &running) != 0) return false;
  int left = 0;
  for (message *next; (next = curl.multi_info_read(connection->multi, &left)) != NULL;) {
    if (next->kind == MESSAGE_DONE) {
      connection->is_over = true;
      connection->result = next->data.result;
    }
  }
  bool has_news = connection->is_over || connection->body.count > 0
    || (connection->head_ended && !connection->head_told);
  return has_news || curl.multi_poll(connection->multi, NULL, 0, 250, NULL) == 0;
}

static ct_event next_event(ct_connection *connection) {
  if (connection->body_told) connection->body.count = 0;
  connection->body_told = false;
  while (connection->is_running) {
    if (atomic_load(&connection->is_cancelled)) return fail(connection, "it was given up");
    if (connection->head_ended && !connection->head_told) {
      connection->head_told = true;
      return CT_HEAD;
    }
    if (connection->head_told && connection->body.count > 0) {
      connection->body_told = true;
      return CT_BODY;
    }
    if (connection->is_over) {
      if (connection->result == RESULT_TIMED_OUT) connection->failure[0] = 0;
      const char *reason = connection->result == RESULT_TIMED_OUT
        ? "the server said nothing for too long"
        : curl.easy_strerror(connection->result);
      if (connection->result != 0) return fail(connection, reason);
      if (!connection->head_told) return fail(connection, "there was no answer");
      give_up(connection);
      return CT_END;
    }
    if (!connection->head_ended && now() > connection->deadline) {
      return fail(connection, "the server said nothing for too long");
    }
    if (!step(connection)) return fail(connection, "the connection cannot be used");
  }
  return fail(connection, "there is no request");
}

ct_event ct_next(ct_connection *connection) {
  // Writing to a connection that was closed must not end the program, which may want that signal
  // for its own output.
  sigset_t pipe, before, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigpending(&pending);
  bool was_pending = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  ct_event event = next_event(connection);
  sigpending(&pending);
  if (!was_pending && sigismember(&pending, SIGPIPE) == 1) {
    int signal;
    sigwait(&pipe, &signal);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return event;
}

void ct_cancel(ct_connection *connection) {
  atomic_store(&connection->is_cancelled, true);
  curl.multi_wakeup(connection->multi);
}

long ct_status(const ct_connection *connection) {
  long status = 0;
  return curl.easy_getinfo(connection->easy, INFO_RESPONSE_CODE, &status) == 0 ? status : 0;
}

const char *ct_fields(const ct_connection *connection) {
  return connection->head.bytes == NULL ? "" : (const char *)connection->head.bytes;
}

const uint8_t *ct_bytes(const ct_connection *connection) { return connection->body.bytes; }
size_t ct_count(const ct_connection *connection) { return connection->body.count; }
const char *ct_failure(const ct_connection *connection) { return connection->failure; }
