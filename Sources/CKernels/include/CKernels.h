// Tiles of work over rows of numbers, in one version per instruction set.
//
// Rows are packed in panels: `width` rows side by side, entry k of row r of the panel at
// [k * width + r], so that one load brings the same entry of several rows. A last panel that is
// not full holds zeros. The width, and the order in which sums round, belong to the version.

#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The versions, slowest first.
typedef enum ck_version { ck_portable = 0, ck_avx2 = 1, ck_avx512 = 2 } ck_version;

/// Whether this processor, and this build, can run a version.
bool ck_is_available(ck_version version);

/// The version named by WORKBOOK_KERNEL (portable, avx2 or avx512) where it is available,
/// otherwise the fastest that is.
ck_version ck_preferred_version(void);

/// The number of processors that are on line, at least 1.
long ck_processor_count(void);

/// The number of rows in a panel of float.
size_t ck_panel_width(ck_version version);

/// The number of rows in a panel of double.
size_t ck_panel_width_f64(ck_version version);

/// Writes the inner products of all rows in some panels with all rows in others.
///
/// The product of row r and column c goes to values[r * column_panels * width + c].
void ck_products(ck_version version, const float *rows, size_t row_panels, const float *columns,
                 size_t column_panels, size_t depth, float *values);

/// Like ck_products, for sums of absolute differences.
void ck_absolute_differences(ck_version version, const float *rows, size_t row_panels,
                             const float *columns, size_t column_panels, size_t depth,
                             float *values);

/// Adds the inner products of rows in panels of double to values, rows of which are stride apart.
void ck_add_products_f64(ck_version version, const double *rows, size_t row_panels,
                         const double *columns, size_t column_panels, size_t depth,
                         double *values, size_t stride);

/// Turns one row of inner products into Euclidean distances, by |x|² + |y|² − 2x·y.
///
/// Returns whether some squared distance is under 10⁻³ of |x|² + |y|², and thus lost digits.
bool ck_distances(ck_version version, float *values, size_t count, float row_square,
                  const float *column_squares);

/// How values are counted: value v in bin (v − lower) * bins_per_unit.
typedef struct ck_binning {
  /// Values are clamped to this range first.
  float lower, upper;
  float bins_per_unit;
  int32_t bins;
  /// Moments are taken about this value.
  float pivot;
} ck_binning;

/// Sums over values less the pivot, and the extremes of the values.
typedef struct ck_moments {
  double sum, squares;
  float minimum, maximum;
} ck_moments;

/// Counts one row of values.
///
/// Adds to counts and, in place, to one sum per column; bin_indices has room for count entries.
ck_moments ck_tally(ck_version version, const float *values, size_t count,
                    const ck_binning *binning, float *column_sums, uint32_t *counts,
                    int32_t *bin_indices);

/// The index of the first value from start on that is above a threshold, or count.
size_t ck_first_above(ck_version version, const float *values, size_t start, size_t count,
                      float threshold);

/// Replaces (x, y) by (cosine·x − sine·y, sine·x + cosine·y), entry by entry.
void ck_rotate(ck_version version, double *x, double *y, size_t count, double cosine,
               double sine);

/// Adds factor times x to y.
void ck_add_multiple(ck_version version, double factor, const double *x, double *y,
                     size_t count);

/// The inner product of two vectors.
double ck_inner_product(ck_version version, const double *x, const double *y, size_t count);

/// The inner product of a row of float and a vector of double.
double ck_mixed_inner_product(ck_version version, const float *x, const double *y, size_t count);

/// The sum over pairs of places of the sign of x's difference times the sign of y's: how many pairs
/// x and y order alike, less how many they order the other way.
///
/// No two values of x, or of y, may differ by more than 32,767, and count is at most that.
int64_t ck_concordance(ck_version version, const int16_t *x, const int16_t *y, size_t count);

/// The most float multiply-adds per second that one thread of this processor was seen to do.
///
/// Runs for about the given time and returns the best of many short bursts, so that it is a limit
/// that no kernel of the same version can pass. The processor must have the version.
double ck_peak_multiply_adds(ck_version version, double seconds);

#endif
