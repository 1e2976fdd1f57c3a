/* cholesky: systems of linear equations whose matrix is symmetric and positive definite.
 *
 * A matrix is n rows of `stride` numbers; only its lower triangle is looked at. */
#ifndef QANTAR_ENGINE_CHOLESKY_H
#define QANTAR_ENGINE_CHOLESKY_H

#include <stddef.h>

/* Factorises in place. A pivot that rounding made negative becomes next to nothing. */
void cholesky_factorise(double *matrix, size_t n, size_t stride);

/* b becomes x of A x = b; `factors` as cholesky_factorise left them. */
void cholesky_solve(const double *factors, size_t n, size_t stride, double b[]);

#endif
