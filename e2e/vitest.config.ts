import { defineConfig } from 'vitest/config'
import { isDeciding } from '../scripts/config.ts'

/** The tests that run a whole plant, one after the other: two cores carry one plant and one browser. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    fileParallelism: false,
    retry: isDeciding ? 1 : 0,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
