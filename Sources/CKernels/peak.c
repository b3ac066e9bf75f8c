// How many multiply-adds per second one thread can do at most: the yardstick of the benchmarks.

#include "versions.h"

#include <time.h>

// On x86-64 two multiply-adds may begin in each cycle and take four or five cycles, so ten or more
// sums that do not depend on each other keep the processor busy; on ARM four may begin. With many
// more, the compiler no longer keeps them all in registers.
#define CK_BODY(bytes, chains)                                                                    \
  typedef float floats __attribute__((vector_size(bytes), may_alias));                            \
  enum { lanes = (bytes) / sizeof(float) };                                                       \
  /* The sums approach 1; read at run time, so that nothing can be computed ahead. */             \
  const floats factor = (floats){0} + seeds[0], addend = (floats){0} + seeds[1];                  \
  floats sums[chains];                                                                            \
  for (int chain = 0; chain < (chains); chain++)                                                  \
    sums[chain] = (floats){0} + (float)chain;                                                     \
  for (size_t round = 0; round < rounds; round++) {                                               \
    _Pragma("clang loop unroll(full)") for (int chain = 0; chain < (chains); chain++)             \
      sums[chain] = sums[chain] * factor + addend;                                                \
  }                                                                                               \
  floats total = {0};                                                                             \
  for (int chain = 0; chain < (chains); chain++)                                                  \
    total += sums[chain];                                                                         \
  sink = total[0];                                                                                \
  return (double)rounds * (chains) * lanes

static volatile float seeds[] = {0.999f, 0.001f};
static _Thread_local volatile float sink;

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static double burst_avx512(size_t rounds) {
  CK_BODY(64, 12);
}

__attribute__((target("avx2,fma"))) static double burst_avx2(size_t rounds) {
  CK_BODY(32, 12);
}
#endif

static double burst_portable(size_t rounds) {
#if defined(__aarch64__)
  CK_BODY(16, 16);
#else
  CK_BODY(16, 12);
#endif
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double ck_peak_multiply_adds(ck_version version, double seconds) {
  double (*burst)(size_t) = burst_portable;
#if defined(__x86_64__)
  if (version == ck_avx512)
    burst = burst_avx512;
  if (version == ck_avx2)
    burst = burst_avx2;
#endif
  (void)version;
  // Short bursts, so that the best of them was not interrupted.
  const size_t rounds = 200000;
  double best = 0;
  double start = seconds_now(), now = start;
  do {
    double count = burst(rounds);
    double then = seconds_now();
    double rate = count / (then - now);
    best = rate > best ? rate : best;
    now = then;
  } while (now - start < seconds);
  return best;
}
