/**
 * Figures of the running shift are asked anew this often: they move by the clock, even when no machine changes what it
 * does. What changes by events comes by the topics of the live line.
 */
export const figureRefreshMs = 2000

/** Figures over more than two days hardly move, and cost the server more. */
export const longRefreshMs = 30_000
