// One version of every kernel, included once per instruction set. The including file defines:
//
//   CK_TARGET   the attribute that allows the instruction set, or nothing
//   CK_BYTES    the size of a vector register
//   CK_ROWS     the rows of a register tile
//   CK_VECTORS  the vectors in a row of a register tile; CK_ROWS divides the panel width
//   CK_TABLE    the name of the table to define
//
// CK_ROWS × CK_VECTORS sums, CK_VECTORS loads and one broadcast should fit the registers. The
// compiler contracts `a * b + c` within one expression where the target has fused multiply-add.

#include "versions.h"

#define CK_LANES (CK_BYTES / sizeof(float))
#define CK_LANES_F64 (CK_BYTES / sizeof(double))
#define CK_WIDTH (CK_LANES * CK_VECTORS)
#define CK_WIDTH_F64 (CK_LANES_F64 * CK_VECTORS)
#define CK_INLINE CK_TARGET static inline __attribute__((always_inline))
#define CK_UNROLL _Pragma("clang loop unroll(full)")

typedef float floats __attribute__((vector_size(CK_BYTES), aligned(4), may_alias));
typedef int32_t ints __attribute__((vector_size(CK_BYTES), aligned(4), may_alias));
typedef double doubles __attribute__((vector_size(CK_BYTES), aligned(8), may_alias));
// As many doubles as `floats` has lanes.
typedef double wide_doubles __attribute__((vector_size(2 * CK_BYTES), aligned(8), may_alias));

// By pointer, since a vector passed by value has an ABI that depends on the instruction set.
CK_INLINE double wide_sum(const wide_doubles *values) {
  double sum = 0;
  CK_UNROLL for (size_t lane = 0; lane < CK_LANES; lane++) sum += (*values)[lane];
  return sum;
}

// MARK: Tiles

CK_INLINE void product_tile(const float *restrict rows, const float *restrict columns,
                            size_t depth, float *restrict values, size_t stride) {
  floats sums[CK_ROWS][CK_VECTORS] = {0};
  for (size_t k = 0; k < depth; k++) {
    CK_UNROLL for (size_t row = 0; row < CK_ROWS; row++) {
      CK_UNROLL for (size_t v = 0; v < CK_VECTORS; v++)
        sums[row][v] += rows[row] * *(const floats *)(columns + v * CK_LANES);
    }
    rows += CK_WIDTH;
    columns += CK_WIDTH;
  }
  CK_UNROLL for (size_t row = 0; row < CK_ROWS; row++) {
    CK_UNROLL for (size_t v = 0; v < CK_VECTORS; v++)
      *(floats *)(values + row * stride + v * CK_LANES) = sums[row][v];
  }
}

CK_INLINE void difference_tile(const float *restrict rows, const float *restrict columns,
                               size_t depth, float *restrict values, size_t stride) {
  floats sums[CK_ROWS][CK_VECTORS] = {0};
  for (size_t k = 0; k < depth; k++) {
    CK_UNROLL for (size_t row = 0; row < CK_ROWS; row++) {
      CK_UNROLL for (size_t v = 0; v < CK_VECTORS; v++) {
        floats difference = rows[row] - *(const floats *)(columns + v * CK_LANES);
        sums[row][v] += __builtin_elementwise_abs(difference);
      }
    }
    rows += CK_WIDTH;
    columns += CK_WIDTH;
  }
  CK_UNROLL for (size_t row = 0; row < CK_ROWS; row++) {
    CK_UNROLL for (size_t v = 0; v < CK_VECTORS; v++)
      *(floats *)(values + row * stride + v * CK_LANES) = sums[row][v];
  }
}

CK_INLINE void product_tile_f64(const double *restrict rows, const double *restrict columns,
                                size_t depth, double *restrict values, size_t stride) {
  doubles sums[CK_ROWS][CK_VECTORS] = {0};
  for (size_t k = 0; k < depth; k++) {
    CK_UNROLL for (size_t row = 0; row < CK_ROWS; row++) {
      CK_UNROLL for (size_t v = 0; v < CK_VECTORS; v++)
        sums[row][v] += rows[row] * *(const doubles *)(columns + v * CK_LANES_F64);
    }
    rows += CK_WIDTH_F64;
    columns += CK_WIDTH_F64;
  }
  CK_UNROLL for (size_t row = 0; row < CK_ROWS; row++) {
    CK_UNROLL for (size_t v = 0; v < CK_VECTORS; v++)
      *(doubles *)(values + row * stride + v * CK_LANES_F64) += sums[row][v];
  }
}

CK_TARGET static void products(const float *rows, size_t row_panels, const float *columns,
                               size_t column_panels, size_t depth, float *values) {
  size_t stride = column_panels * CK_WIDTH;
  for (size_t row = 0; row < row_panels * CK_WIDTH; row += CK_ROWS) {
    const float *tile_rows = rows + row / CK_WIDTH * CK_WIDTH * depth + row % CK_WIDTH;
    for (size_t panel = 0; panel < column_panels; panel++)
      product_tile(tile_rows, columns + panel * CK_WIDTH * depth, depth,
                   values + row * stride + panel * CK_WIDTH, stride);
  }
}

CK_TARGET static void absolute_differences(const float *rows, size_t row_panels,
                                           const float *columns, size_t column_panels,
                                           size_t depth, float *values) {
  size_t stride = column_panels * CK_WIDTH;
  for (size_t row = 0; row < row_panels * CK_WIDTH; row += CK_ROWS) {
    const float *tile_rows = rows + row / CK_WIDTH * CK_WIDTH * depth + row % CK_WIDTH;
    for (size_t panel = 0; panel < column_panels; panel++)
      difference_tile(tile_rows, columns + panel * CK_WIDTH * depth, depth,
                      values + row * stride + panel * CK_WIDTH, stride);
  }
}

CK_TARGET static void add_products_f64(const double *rows, size_t row_panels,
                                       const double *columns, size_t column_panels,
                                       size_t depth, double *values, size_t stride) {
  for (size_t row = 0; row < row_panels * CK_WIDTH_F64; row += CK_ROWS) {
    const double *tile_rows =
        rows + row / CK_WIDTH_F64 * CK_WIDTH_F64 * depth + row % CK_WIDTH_F64;
    for (size_t panel = 0; panel < column_panels; panel++)
      product_tile_f64(tile_rows, columns + panel * CK_WIDTH_F64 * depth, depth,
                       values + row * stride + panel * CK_WIDTH_F64, stride);
  }
}

// MARK: Rows of results

CK_TARGET static bool distances(float *values, size_t count, float row_square,
                                const float *column_squares) {
  const float least_share = 1e-3f;
  size_t index = 0;
  ints any_lost = {0};
  for (; index + CK_LANES <= count; index += CK_LANES) {
    floats *at = (floats *)(values + index);
    floats squares = row_square + *(const floats *)(column_squares + index);
    floats distance = squares - 2 * *at;
    any_lost |= distance < least_share * squares;
    *at = __builtin_elementwise_sqrt(__builtin_elementwise_max(distance, (floats){0}));
  }
  bool lost = false;
  for (size_t lane = 0; lane < CK_LANES; lane++)
    lost |= any_lost[lane] != 0;
  for (; index < count; index++) {
    float squares = row_square + column_squares[index];
    float distance = squares - 2 * values[index];
    lost |= distance < least_share * squares;
    values[index] = __builtin_elementwise_sqrt(distance > 0 ? distance : 0);
  }
  return lost;
}

CK_TARGET static ck_moments tally(const float *values, size_t count, const ck_binning *binning,
                                  float *column_sums, uint32_t *counts, int32_t *bin_indices) {
  const float lower = binning->lower, upper = binning->upper, pivot = binning->pivot;
  const float bins_per_unit = binning->bins_per_unit, last_bin = (float)(binning->bins - 1);
  const floats zeros = {0};
  floats sums = {0}, squares = {0};
  floats minima = zeros + upper, maxima = zeros + lower;
  size_t index = 0;
  for (; index + CK_LANES <= count; index += CK_LANES) {
    floats value = *(const floats *)(values + index);
    value = __builtin_elementwise_min(__builtin_elementwise_max(value, zeros + lower),
                                      zeros + upper);
    minima = __builtin_elementwise_min(minima, value);
    maxima = __builtin_elementwise_max(maxima, value);
    floats deviation = value - pivot;
    sums += deviation;
    squares += deviation * deviation;
    *(floats *)(column_sums + index) += deviation;
    floats bin = __builtin_elementwise_min((value - lower) * bins_per_unit, zeros + last_bin);
    *(ints *)(bin_indices + index) = __builtin_convertvector(bin, ints);
  }
  wide_doubles wide_sums = __builtin_convertvector(sums, wide_doubles);
  wide_doubles wide_squares = __builtin_convertvector(squares, wide_doubles);
  ck_moments moments = {
      .sum = wide_sum(&wide_sums),
      .squares = wide_sum(&wide_squares),
      .minimum = upper,
      .maximum = lower,
  };
  for (size_t lane = 0; lane < CK_LANES; lane++) {
    moments.minimum = minima[lane] < moments.minimum ? minima[lane] : moments.minimum;
    moments.maximum = maxima[lane] > moments.maximum ? maxima[lane] : moments.maximum;
  }
  for (; index < count; index++) {
    float value = values[index] < lower ? lower : values[index] > upper ? upper : values[index];
    moments.minimum = value < moments.minimum ? value : moments.minimum;
    moments.maximum = value > moments.maximum ? value : moments.maximum;
    float deviation = value - pivot;
    moments.sum += deviation;
    moments.squares += deviation * deviation;
    column_sums[index] += deviation;
    float bin = (value - lower) * bins_per_unit;
    bin_indices[index] = (int32_t)(bin < last_bin ? bin : last_bin);
  }
  for (size_t position = 0; position < count; position++)
    counts[bin_indices[position]]++;
  return moments;
}

CK_TARGET static size_t first_above(const float *values, size_t start, size_t count,
                                    float threshold) {
  size_t index = start;
  for (; index + CK_LANES <= count; index += CK_LANES) {
    ints above = *(const floats *)(values + index) > threshold;
    if (__builtin_reduce_or(above))
      break;
  }
  while (index < count && !(values[index] > threshold))
    index++;
  return index;
}

// MARK: Vectors of double

CK_TARGET static void rotate(double *restrict x, double *restrict y, size_t count,
                             double cosine, double sine) {
  size_t index = 0;
  for (; index + CK_LANES_F64 <= count; index += CK_LANES_F64) {
    doubles a = *(doubles *)(x + index), b = *(doubles *)(y + index);
    *(doubles *)(x + index) = cosine * a - sine * b;
    *(doubles *)(y + index) = sine * a + cosine * b;
  }
  for (; index < count; index++) {
    double a = x[index], b = y[index];
    x[index] = cosine * a - sine * b;
    y[index] = sine * a + cosine * b;
  }
}

CK_TARGET static void add_multiple(double factor, const double *restrict x, double *restrict y,
                                   size_t count) {
  size_t index = 0;
  for (; index + CK_LANES_F64 <= count; index += CK_LANES_F64)
    *(doubles *)(y + index) += factor * *(const doubles *)(x + index);
  for (; index < count; index++)
    y[index] += factor * x[index];
}

CK_TARGET static double inner_product(const double *x, const double *y, size_t count) {
  doubles sums[4] = {0};
  size_t index = 0;
  for (; index + 4 * CK_LANES_F64 <= count; index += 4 * CK_LANES_F64) {
    CK_UNROLL for (size_t v = 0; v < 4; v++)
      sums[v] += *(const doubles *)(x + index + v * CK_LANES_F64) *
                 *(const doubles *)(y + index + v * CK_LANES_F64);
  }
  doubles total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  double sum = 0;
  CK_UNROLL for (size_t lane = 0; lane < CK_LANES_F64; lane++) sum += total[lane];
  for (; index < count; index++)
    sum += x[index] * y[index];
  return sum;
}

CK_TARGET static double mixed_inner_product(const float *x, const double *y, size_t count) {
  wide_doubles sums[2] = {0};
  size_t index = 0;
  for (; index + 2 * CK_LANES <= count; index += 2 * CK_LANES) {
    CK_UNROLL for (size_t v = 0; v < 2; v++)
      sums[v] += __builtin_convertvector(*(const floats *)(x + index + v * CK_LANES),
                                         wide_doubles) *
                 *(const wide_doubles *)(y + index + v * CK_LANES);
  }
  wide_doubles total = sums[0] + sums[1];
  double sum = wide_sum(&total);
  for (; index < count; index++)
    sum += x[index] * y[index];
  return sum;
}

// MARK: Ranks

#define CK_LANES_16 (CK_BYTES / sizeof(int16_t))
typedef int16_t shorts __attribute__((vector_size(CK_BYTES), aligned(2), may_alias));

// The sign of a difference of ranks, which no 16 bits overflow.
CK_INLINE int rank_sign(int difference) { return (difference > 0) - (difference < 0); }

CK_TARGET static int64_t concordance(const int16_t *x, const int16_t *y, size_t count) {
  size_t whole = count / CK_LANES_16 * CK_LANES_16;
  shorts zeros = {0}, ones = zeros + 1;
  int64_t later = 0, own = 0;
  // A block of rows against itself meets each pair twice, against later blocks once. A lane sums
  // at most `count` signs before it is added to the total, and so does not overflow.
  for (size_t block = 0; block < whole; block += CK_LANES_16) {
    shorts own_sums = zeros, later_sums = zeros;
    for (size_t i = block; i < block + CK_LANES_16; i++) {
      shorts own_x = zeros + x[i], own_y = zeros + y[i];
      for (size_t j = block; j < whole; j += CK_LANES_16) {
        shorts dx = *(const shorts *)(x + j) - own_x, dy = *(const shorts *)(y + j) - own_y;
        dx = __builtin_elementwise_max(__builtin_elementwise_min(dx, ones), -ones);
        dy = __builtin_elementwise_max(__builtin_elementwise_min(dy, ones), -ones);
        if (j == block)
          own_sums += dx * dy;
        else
          later_sums += dx * dy;
      }
    }
    for (size_t lane = 0; lane < CK_LANES_16; lane++) {
      own += own_sums[lane];
      later += later_sums[lane];
    }
  }
  for (size_t i = whole; i < count; i++) {
    for (size_t j = 0; j < i; j++)
      later += rank_sign(x[i] - x[j]) * rank_sign(y[i] - y[j]);
  }
  return later + own / 2;
}

const ck_functions CK_TABLE = {
    .panel_width = CK_WIDTH,
    .panel_width_f64 = CK_WIDTH_F64,
    .products = products,
    .absolute_differences = absolute_differences,
    .add_products_f64 = add_products_f64,
    .distances = distances,
    .tally = tally,
    .first_above = first_above,
    .rotate = rotate,
    .add_multiple = add_multiple,
    .inner_product = inner_product,
    .mixed_inner_product = mixed_inner_product,
    .concordance = concordance,
};
