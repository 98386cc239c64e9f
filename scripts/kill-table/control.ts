import type { Cut } from './cut.ts'

/** A control of the product that a test run can switch off, and the tests that must notice. */
export interface Control {
  /** The value of `THROUGHLINE_TEST_WITHOUT` that switches it off: kebab-case. */
  readonly id: string
  /** What it does, in words for the table. */
  readonly name: string
  /** What is taken out of the source to switch it off. */
  readonly cuts: readonly Cut[]
  /** Ids of the requirements that it serves: a failing test that names one of them is what kills it. */
  readonly requirements: readonly string[]
  /** Test files from the root of the tree, as `modules/identity/src/identity.test.ts`. */
  readonly tests: readonly string[]
}
