/** The control that `npm run kill-table` takes out for this run of the tests; undefined = every control is in place. */
export const without = process.env['THROUGHLINE_TEST_WITHOUT']

/** Whether this run decides on what lands. */
export const isDeciding = process.env['CI'] !== undefined
